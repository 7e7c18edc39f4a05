import type { AudioStream, OnProgress, StereoBlock, WriteBlock } from '../audio.ts';
import { createBlock } from '../audio.ts';
import { gainOfDb } from '../dsp/logarithm.ts';
import type { LoudnessSolution } from '../plan.ts';
import { forEachAligned, tailOf } from './aligned.ts';
import { GainComputer, LimiterInput } from './limiter.ts';
import { CEILING_MARGIN_DB } from './solve-loudness.ts';

/** What the loudness stage needs of a solution; a corrected gain or ceiling makes another one. */
export type LoudnessMove = Pick<LoudnessSolution, 'gainDb' | 'ceilingDbtp'>;

/**
 * Gain, then the true-peak limiter. What comes out has the length of what goes in and lies where it lay. Where nothing is
 * limited and the gain is 0 dB, the samples are bit-equal.
 */
export const renderLoudness = async (
  stream: AudioStream,
  { gainDb, ceilingDbtp }: LoudnessMove,
  write: WriteBlock,
  onProgress?: OnProgress,
): Promise<void> => {
  const gain = gainOfDb(roundedDb(gainDb));
  const drive = gainOfDb(roundedDb(gainDb - (ceilingDbtp - CEILING_MARGIN_DB)));
  const input = new LimiterInput(stream.sampleRateHz, drive);
  const gainComputer = new GainComputer(stream.sampleRateHz);
  const gains = createBlock();
  const visit = (block: StereoBlock, frames: number, skip: number): void | Promise<void> => {
    input.process(block, frames);
    gainComputer.process(input.peaks, drive, gains, frames);
    multiply(block, gains, gain, frames);
    if (frames > skip) return write(skip === 0 ? block : tailOf(block, skip, frames), frames - skip);
  };
  await forEachAligned(stream, input.latencyFrames, visit, onProgress);
};

/** Gains follow from measurements, whose last bits may differ between machines (dsp/quantise.ts); a millionth of a dB may not. */
const roundedDb = (db: number): number => Math.round(db * 1e6) / 1e6;

const multiply = (block: StereoBlock, gains: StereoBlock, gain: number, frames: number): void => {
  for (let i = 0; i < frames; i++) {
    block.left[i] *= gains.left[i] * gain;
    block.right[i] *= gains.right[i] * gain;
  }
};
