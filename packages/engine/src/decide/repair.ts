// What is broken and can be mended without a matter of taste. Each repair needs its evidence.
import type { Analysis } from '../analysis.ts';
import { CLICK_THRESHOLD_DB } from '../dsp/click-mender.ts';
import type { Stage } from '../plan.ts';
import { dbFromGain } from '../units.ts';

/** −54 dB of full scale: a constant offset that costs headroom and clicks at edits. */
const DC_THRESHOLD = 0.002;
const DC_CUTOFF_HZ = 4;

/** The repairs there is evidence for, in the order they run. */
export const repairStages = (analysis: Analysis): Stage[] =>
  [
    trimStage(analysis),
    declipStage(analysis),
    declickStage(analysis),
    dcStage(analysis),
    balanceStage(analysis),
  ].filter((stage) => stage !== null);

/** Silence that is usual, and kept: before the music, and after it. */
const KEPT_HEAD_SECONDS = 0.2;
const KEPT_TAIL_SECONDS = 1;
/** Longer silence than this is no pause but a forgotten edge. */
const LONGEST_HEAD_SECONDS = 1;
const LONGEST_TAIL_SECONDS = 3;

const trimStage = ({ defects, loudness }: Analysis): Stage | null => {
  if (loudness.integratedLufs === null) return null;
  const { headSilenceSeconds: head, tailSilenceSeconds: tail } = defects;
  const headSeconds = head > LONGEST_HEAD_SECONDS ? head - KEPT_HEAD_SECONDS : 0;
  const tailSeconds = tail > LONGEST_TAIL_SECONDS ? tail - KEPT_TAIL_SECONDS : 0;
  if (headSeconds === 0 && tailSeconds === 0) return null;
  const reason = `There is silence of ${head.toFixed(1)} s before the music and ${tail.toFixed(1)} s after it; ${headSeconds.toFixed(1)} s and ${tailSeconds.toFixed(1)} s of it are cut.`;
  return { stage: 'trim', bypassed: false, reason, headSeconds, tailSeconds };
};

/** Fewer cut peaks, in all and per second, are not heard. */
const FEWEST_CLIPPED_PEAKS = 20;
const FEWEST_PER_SECOND = 1;
/** Beyond these a waveform is meant to be flat: square waves. */
const LARGEST_CLIPPED_SHARE = 0.25;
const LONGEST_MEAN_RUN_SECONDS = 3e-3;

const declipStage = ({ defects, loudness }: Analysis): Stage | null => {
  const { clippedRuns: clippedPeaks, clippedSamples, ceilings } = defects;
  const { durationSeconds, sampleRateHz, channels } = loudness;
  if (clippedPeaks < Math.max(FEWEST_CLIPPED_PEAKS, FEWEST_PER_SECOND * durationSeconds)) return null;
  const clippedSeconds = clippedSamples / sampleRateHz;
  if (clippedSeconds > LARGEST_CLIPPED_SHARE * durationSeconds * channels) return null;
  if (clippedSeconds > LONGEST_MEAN_RUN_SECONDS * clippedPeaks) return null;
  const loudest = Math.max(...ceilings.flatMap(({ high, low }) => [high ?? 0, -(low ?? 0)]));
  const reason = `${clippedPeaks} peaks are cut off flat at ${dbFromGain(loudest).toFixed(1)} dBFS, for ${((1000 * clippedSeconds) / clippedPeaks).toFixed(2)} ms on average; what stood above is rebuilt from what surrounds it.`;
  return { stage: 'declip', bypassed: false, reason, ceilings, clippedPeaks };
};

const declickStage = ({ defects: { clicks, clickLikes } }: Analysis): Stage | null => {
  if (clicks <= clickLikes) return null;
  const [subject, verb] = clicks === 1 ? ['One click stands', 'it is'] : [`${clicks} clicks stand`, 'they are'];
  const reason = `${subject} out of the music by ${CLICK_THRESHOLD_DB} dB and more; ${verb} replaced by what the surroundings predict.`;
  return { stage: 'declick', bypassed: false, reason, thresholdDb: CLICK_THRESHOLD_DB, clicks };
};

/** An offset of the whole image below this is not noticed (about one just-noticeable step of a centred voice). */
const LEAST_OFFSET_DB = 0.8;
/** Beyond this it is no slip of a fader but an arrangement. */
const LARGEST_OFFSET_DB = 4;

const balanceStage = ({ stereo, loudness }: Analysis): Stage | null => {
  const offsetDb = stereo.centreOffsetDb;
  if (loudness.channels === 1 || offsetDb === null) return null;
  if (Math.abs(offsetDb) < LEAST_OFFSET_DB || Math.abs(offsetDb) > LARGEST_OFFSET_DB) return null;
  const half = Math.round(50 * offsetDb) / 100;
  const [louder, softer] = offsetDb > 0 ? ['left', 'right'] : ['right', 'left'];
  const reason = `In all regions of the spectrum the ${louder} channel is ${Math.abs(offsetDb).toFixed(1)} dB louder than the ${softer}; they are brought level.`;
  return { stage: 'balance', bypassed: false, reason, leftGainDb: -half, rightGainDb: half };
};

const dcStage = ({ defects }: Analysis): Stage | null => {
  const worst = Math.max(0, ...defects.dcOffset.map(Math.abs));
  if (worst < DC_THRESHOLD) return null;
  const reason = `A constant offset of ${(100 * worst).toFixed(1)} % of full scale takes headroom away; it is removed.`;
  return { stage: 'dc', bypassed: false, reason, cutoffHz: DC_CUTOFF_HZ };
};
