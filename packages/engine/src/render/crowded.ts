// How crowded each second of a signal is with peaks near the ceiling: groups of eight frames (dsp/group-peaks.ts) the peak of which comes
// within 2 dB of where the limiter starts, or of the largest peak where it has nothing to do. Read off the outline.
// Encoders add most to the peak there: docs/codecs.md.
import { GROUP, RECORD } from '../dsp/group-peaks.ts';
import { gainOfDb } from '../dsp/logarithm.ts';
import type { Outline } from './outline.ts';
import { driveDbOf, type LoudnessMove } from './render-loudness.ts';

const NEAR = 0.8;

/** For each move, the number of such groups second by second; what is left at the end counts as one. */
export const crowdedSeconds = async (outline: Outline, moves: readonly LoudnessMove[]): Promise<Float64Array[]> => {
  const perSecond = Math.round(outline.sampleRateHz / GROUP);
  const seconds = Math.ceil(outline.frames / GROUP / perSecond);
  const limits = moves.map((move) => NEAR * Math.min(outline.peak, 1 / gainOfDb(driveDbOf(move))));
  const counts = moves.map(() => new Float64Array(seconds));
  const records = new Float32Array(RECORD * perSecond);
  for (let second = 0; second < seconds; second++) {
    await outline.read(second * perSecond, records);
    for (const [m, limit] of limits.entries()) counts[m][second] = countAbove(records, limit);
  }
  return counts;
};

const countAbove = (records: Float32Array, limit: number): number => {
  let count = 0;
  for (let at = 0; at < records.length; at += RECORD) {
    if (records[at] > limit || records[at + 1] > limit) count++;
  }
  return count;
};
