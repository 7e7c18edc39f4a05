// From the stages of a plan to what moves the samples.
import type { StereoBlock } from '../audio.ts';
import { type Biquad, BiquadSection, magnitudeAt } from '../dsp/biquad.ts';
import { StereoConvolver } from '../dsp/convolver.ts';
import { designDcBlocker } from '../dsp/dc-blocker.ts';
import { designEqBand } from '../dsp/eq-design.ts';
import { designLinearPhase } from '../dsp/linear-phase.ts';
import type { Stage } from '../plan.ts';
import { createBalance } from './balance.ts';
import { createCompressor } from './compressor.ts';
import { createDeclick } from './declick.ts';
import { createDeclip } from './declip.ts';
import { createDehum } from './dehum.ts';
import { createDenoise } from './denoise.ts';
import { createLowEnd } from './low-end.ts';
import type { Processor } from './processor.ts';
import { createWidth } from './width.ts';

type Equaliser = Extract<Stage, { stage: 'equalise' }>;

/** What a stage does to the samples; `null` where it does nothing to them. */
export const processorOf = (stage: Stage, sampleRateHz: number): Processor | null => {
  if (stage.bypassed) return null;
  switch (stage.stage) {
    case 'trim':
      return null;
    case 'declip':
      return createDeclip(stage, sampleRateHz);
    case 'declick':
      return createDeclick(stage, sampleRateHz);
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
      return createEqualiser(stage, sampleRateHz);
    case 'compress':
      return createCompressor(stage, sampleRateHz);
    case 'width':
      return createWidth(stage, sampleRateHz);
  }
};

/** Bands of 0 dB, and those for which the sample rate leaves no room, take no part. */
const createEqualiser = ({ phase, bands }: Equaliser, sampleRateHz: number): Processor | null => {
  const filters = bands.flatMap((band) => (band.gainDb === 0 ? [] : (designEqBand(band, sampleRateHz) ?? [])));
  if (filters.length === 0) return null;
  const biquads = filters.map(({ biquad }) => biquad);
  if (phase === 'minimum') return cascade(biquads);
  const gainAt = (hz: number) => biquads.reduce((gain, biquad) => gain * magnitudeAt(biquad, hz, sampleRateHz), 1);
  return new StereoConvolver(designLinearPhase(gainAt, sampleRateHz));
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
