// The stereo image: lows that cancel in mono are brought together, and the width is led back into the usual range.
import type { Analysis } from '../analysis.ts';
import type { Intent, Reference, Stage } from '../plan.ts';
import { gainFromDb } from '../units.ts';
import { sideToMidRangeDb } from './ranges.ts';
import { weightedMean } from './usual.ts';

/** Lows whose channels oppose each other lose more than half of their power in mono. */
const OPPOSED = 0;
const MONO_BELOW_HZ = 120;
/** Below this, width is the low end's matter. */
const WIDTH_FROM_HZ = 200;
/** Width at intensity 50 stays within these; at 100 within twice as much. */
const LEAST_WIDTH = 0.85;
const MOST_WIDTH = 1.2;
/** Never wider than this: with side 3 dB below mid the channels still correlate by a third. */
const WIDEST_SIDE_TO_MID_DB = -3;
const LEAST_CHANGE = 0.03;
const NEAR_REFERENCE_DB = 1;

export const lowEndStage = ({ stereo, loudness }: Analysis): Stage | null => {
  if (loudness.channels === 1 || loudness.integratedLufs === null || stereo.lowCorrelation >= OPPOSED) return null;
  const reason = `Below ${MONO_BELOW_HZ} Hz the channels oppose each other (correlation ${stereo.lowCorrelation.toFixed(2)}) and would cancel on a mono speaker; the lows are brought to the middle.`;
  return { stage: 'low-end', bypassed: false, reason, highPassHz: null, monoBelowHz: MONO_BELOW_HZ };
};

export const widthStage = (analysis: Analysis, intent: Intent, references: readonly Reference[]): Stage | null => {
  const { sideToMidDb } = analysis.stereo;
  if (analysis.loudness.channels === 1 || sideToMidDb === null || analysis.loudness.integratedLufs === null)
    return null;
  const wanted = weightedMean(references, ({ stereo }) => stereo.sideToMidDb);
  const range =
    wanted === null ? sideToMidRangeDb : { low: wanted - NEAR_REFERENCE_DB, high: wanted + NEAR_REFERENCE_DB };
  const edge = Math.max(range.low, Math.min(range.high, sideToMidDb));
  const aim = sideToMidDb < edge ? Math.max(sideToMidDb, Math.min(edge, WIDEST_SIDE_TO_MID_DB)) : edge;
  const amount = (intent.intensity / 50) * (intent.amounts.width / 100);
  const full = 1 + amount * (gainFromDb(aim - sideToMidDb) - 1);
  const width = Math.max(1 + amount * (LEAST_WIDTH - 1), Math.min(1 + amount * (MOST_WIDTH - 1), full));
  if (Math.abs(width - 1) < LEAST_CHANGE) return null;
  const rounded = Math.round(100 * width) / 100;
  const side = `The sides lie ${Math.abs(sideToMidDb).toFixed(1)} dB ${sideToMidDb > 0 ? 'above' : 'below'} the middle`;
  const than = wanted === null ? 'most finished music has' : 'the reference has';
  const reason = `${side}, ${width > 1 ? 'narrower' : 'wider'} than ${than}; above ${WIDTH_FROM_HZ} Hz the width is multiplied by ${rounded}. Mono playback does not change.`;
  return { stage: 'width', bypassed: false, reason, crossoversHz: [WIDTH_FROM_HZ], widths: [1, rounded] };
};
