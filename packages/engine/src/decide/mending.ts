// Peaks that were cut off, and clicks: what is missing is made up from what is there.

import type { Analysis } from '../analysis.ts';
import { decimal } from '../decimal.ts';
import { CLICK_THRESHOLD_DB } from '../dsp/click-mender.ts';
import type { Stage } from '../plan.ts';
import { dbFromGain } from '../units.ts';

/** Fewer cut peaks, in all and per second of a channel, are not heard. */
const FEWEST_CLIPPED_PEAKS = 20;
const FEWEST_PER_SECOND = 1;
/** Beyond these a waveform is meant to be flat: square waves. */
const LARGEST_CLIPPED_SHARE = 0.25;
const LONGEST_MEAN_RUN_SECONDS = 3e-3;

/** Cut peaks: rebuilt where they are many, and no square waves. */
export const declipStage = ({ defects, loudness }: Analysis): Stage | null => {
  const { clippedRuns: clippedPeaks, clippedSamples, ceilings } = defects;
  const { durationSeconds, sampleRateHz, channels } = loudness;
  if (clippedPeaks < Math.max(FEWEST_CLIPPED_PEAKS, FEWEST_PER_SECOND * durationSeconds * channels)) return null;
  const clippedSeconds = clippedSamples / sampleRateHz;
  if (clippedSeconds > LARGEST_CLIPPED_SHARE * durationSeconds * channels) return null;
  if (clippedSeconds > LONGEST_MEAN_RUN_SECONDS * clippedPeaks) return null;
  const loudest = Math.max(...ceilings.flatMap(({ high, low }) => [high ?? 0, -(low ?? 0)]));
  const reason = `${clippedPeaks} peaks are cut off flat at ${decimal(dbFromGain(loudest), 1)} dBFS, for ${((1000 * clippedSeconds) / clippedPeaks).toFixed(2)} ms on average; what stood above is rebuilt from what surrounds it.`;
  return { stage: 'declip', bypassed: false, reason, ceilings, clippedPeaks };
};

/** One or two in a song may be the music's own. */
const FEWEST_CLICKS = 3;

/** Clicks: taken out unless the music is full of short noises of its own. */
export const declickStage = ({ defects: { clicks, clickLikes } }: Analysis): Stage | null => {
  if (clicks < FEWEST_CLICKS || clicks <= clickLikes) return null;
  const reason = `${clicks} clicks stand out of the music by ${CLICK_THRESHOLD_DB} dB and more; they are replaced by what the surroundings predict.`;
  return { stage: 'declick', bypassed: false, reason, thresholdDb: CLICK_THRESHOLD_DB, clicks };
};
