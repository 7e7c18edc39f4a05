// The foundation: a subsonic high-pass, lows of the right channel that are upside down turned over, and lows that are out of
// phase brought to the middle.
// High-pass: second-order Butterworth on both channels. Mono below: a fourth-order Linkwitz–Riley high-pass on the side
// signal alone, so that mid, and with it the mono fold-down, is not touched. Turned over: R' = R − 2·b, b the lows by a low-pass
// of first order (dsp/band-split.ts); that is an all-pass, so no level changes at any frequency. Source: bilinear transform of
// s²/(s² + √2 s + 1), squared for the side (Linkwitz 1976). No latency.
import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { BandSplit } from '../dsp/band-split.ts';
import { type Biquad, BiquadSection, bilinear } from '../dsp/biquad.ts';
import { quantiseCoefficient } from '../dsp/quantise.ts';
import type { Processor } from './processor.ts';

export type LowEndParameters = {
  highPassHz: number | null;
  turnRightBelowHz: number | null;
  monoBelowHz: number | null;
};

const designHighPass = (cutoffHz: number, sampleRateHz: number): Biquad => {
  const prototype = { b2: 1, b1: 0, b0: 0, a2: 1, a1: Math.SQRT2, a0: 1 };
  const { b0, b1, b2, a1, a2 } = bilinear(prototype, cutoffHz, sampleRateHz);
  const q = quantiseCoefficient;
  return { b0: q(b0), b1: q(b1), b2: q(b2), a1: q(a1), a2: q(a2) };
};

/** Turns the lows of one channel over. */
const createTurn = (belowHz: number, sampleRateHz: number): ((samples: Float64Array, frames: number) => void) => {
  const split = new BandSplit([belowHz], sampleRateHz);
  const bands = [new Float64Array(BLOCK_FRAMES), new Float64Array(BLOCK_FRAMES)];
  return (samples, frames) => {
    split.process(samples, bands, frames);
    for (let i = 0; i < frames; i++) samples[i] -= 2 * bands[0][i];
  };
};

export const createLowEnd = (
  { highPassHz, turnRightBelowHz, monoBelowHz }: LowEndParameters,
  sampleRateHz: number,
): Processor => {
  const turn = turnRightBelowHz === null ? null : createTurn(turnRightBelowHz, sampleRateHz);
  const sections = (cutoffHz: number | null, count: number): BiquadSection[] =>
    cutoffHz === null
      ? []
      : Array.from({ length: count }, () => new BiquadSection(designHighPass(cutoffHz, sampleRateHz)));
  const [leftChain, rightChain, sideChain] = [
    sections(highPassHz, 1),
    sections(highPassHz, 1),
    sections(monoBelowHz, 2),
  ];
  const side = new Float64Array(BLOCK_FRAMES);
  const kept = new Float64Array(BLOCK_FRAMES);
  const narrow = ({ left, right }: StereoBlock, frames: number): void => {
    for (let i = 0; i < frames; i++) side[i] = (left[i] - right[i]) / 2;
    kept.set(side);
    for (const section of sideChain) section.process(kept, kept, frames);
    for (let i = 0; i < frames; i++) {
      const moved = kept[i] - side[i];
      left[i] += moved;
      right[i] -= moved;
    }
  };
  return {
    latencyFrames: 0,
    process: (block: StereoBlock, frames: number) => {
      for (const section of leftChain) section.process(block.left, block.left, frames);
      for (const section of rightChain) section.process(block.right, block.right, frames);
      turn?.(block.right, frames);
      if (sideChain.length > 0) narrow(block, frames);
    },
  };
};
