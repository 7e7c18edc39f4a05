// Width per band: the side signal of each band is turned up or down; the mid signal is not touched.
//   S = (L − R)/2 = Σ bₖ,  S' = S + Σ (wₖ − 1)·bₖ,  L' = L + (S' − S),  R' = R − (S' − S)
// L' + R' = L + R: no mono fold-down of any band can change. Source of the bands: dsp/band-split.ts. No latency.
import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { BandSplit } from '../dsp/band-split.ts';
import type { Processor } from './processor.ts';

/** One more width than crossovers; 1 leaves a band as it is, 0 makes it mono. */
export type WidthParameters = { crossoversHz: number[]; widths: number[] };

export const createWidth = ({ crossoversHz, widths }: WidthParameters, sampleRateHz: number): Processor => {
  const split = new BandSplit(crossoversHz, sampleRateHz);
  const side = new Float64Array(BLOCK_FRAMES);
  const bands = widths.map(() => new Float64Array(BLOCK_FRAMES));
  return {
    latencyFrames: 0,
    process: ({ left, right }: StereoBlock, frames: number) => {
      for (let i = 0; i < frames; i++) side[i] = (left[i] - right[i]) / 2;
      split.process(side, bands, frames);
      for (let k = 0; k < widths.length; k++) {
        const change = widths[k] - 1;
        if (change === 0) continue;
        const band = bands[k];
        for (let i = 0; i < frames; i++) {
          const moved = change * band[i];
          left[i] += moved;
          right[i] -= moved;
        }
      }
    },
  };
};
