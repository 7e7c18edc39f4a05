// From the stages of a plan to what moves the samples.
import type { StereoBlock } from '../audio.ts';
import { type Biquad, BiquadSection } from '../dsp/biquad.ts';
import { designDcBlocker } from '../dsp/dc-blocker.ts';
import { designEqBand } from '../dsp/eq-design.ts';
import type { Stage } from '../plan.ts';
import { createBalance } from './balance.ts';
import { createCompressor } from './compressor.ts';
import { createDehum } from './dehum.ts';
import { createDenoise } from './denoise.ts';
import { createLowEnd } from './low-end.ts';
import type { Processor } from './processor.ts';
import { createWidth } from './width.ts';

/** What a stage does to the samples; `null` where it does nothing to them. */
export const processorOf = (stage: Stage, sampleRateHz: number): Processor | null => {
  if (stage.bypassed) return null;
  switch (stage.stage) {
    case 'trim':
      return null;
    case 'dc':
      return cascade([designDcBlocker(stage.cutoffHz, sampleRateHz)]);
    case 'balance':
      return createBalance(stage);
    case 'dehum':
      return createDehum(stage, sampleRateHz);
    case 'denoise':
      return createDenoise(stage, sampleRateHz);
    case 'low-end':
      return createLowEnd(stage, sampleRateHz);
    case 'equalise':
      return cascade(stage.bands.flatMap((band) => designEqBand(band, sampleRateHz)?.biquad ?? []));
    case 'compress':
      return createCompressor(stage, sampleRateHz);
    case 'width':
      return createWidth(stage, sampleRateHz);
  }
};

/** Second-order sections one after the other, the same for both channels. No latency. */
const cascade = (biquads: readonly Biquad[]): Processor => {
  const chain = biquads.map((biquad) => ({ left: new BiquadSection(biquad), right: new BiquadSection(biquad) }));
  return {
    latencyFrames: 0,
    process: (block: StereoBlock, frames: number) => {
      for (const { left, right } of chain) {
        left.process(block.left, block.left, frames);
        right.process(block.right, block.right, frames);
      }
    },
  };
};
