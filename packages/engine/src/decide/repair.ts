// What is broken and can be mended without a matter of taste. Each repair needs its evidence.
import type { Analysis } from '../analysis.ts';
import type { Stage, StyleId } from '../plan.ts';
import { gainFromDb } from '../units.ts';
import { declickStage, declipStage } from './mending.ts';
import { dehumStage, denoiseStage } from './noise.ts';

/** −54 dB of full scale once the music plays at −14 LUFS: a constant offset that costs headroom and clicks at edits. */
const DC_THRESHOLD = 0.002;
const DC_HEARD_AT_LUFS = -14;
const DC_CUTOFF_HZ = 4;

/** The repairs there is evidence for, in the order they run. */
export const repairStages = (analysis: Analysis, style: StyleId): Stage[] =>
  [
    trimStage(analysis),
    declipStage(analysis),
    declickStage(analysis),
    dcStage(analysis),
    balanceStage(analysis),
    dehumStage(analysis),
    denoiseStage(analysis, style),
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

/** Some finished pieces lean by a little; by more than this one in thirty of those whose regions agree (docs/dsp/decide.md). */
const LEAST_OFFSET_DB = 1.2;
/** Where half of the regions stray by more than the first of these, more evidence is asked for; beyond the second it is panning. */
const AGREEING_DB = 0.5;
const LARGEST_SPREAD_DB = 0.8;
const OFFSET_PER_SPREAD = 2;
const LEAST_OF_OFFSET = 0.8;
/** Beyond this it is no slip of a fader but an arrangement. */
const LARGEST_OFFSET_DB = 4;
/** A middle so sharp is one; the whole and the regions must lean half as far at least, or it is one sound that stands aside. */
const SHARP_MIDDLE = 1.2;
const LEAST_OFF_MIDDLE_DB = 1.1;
const LEAST_OF_MIDDLE = 0.5;

type Lean = { offsetDb: number; takenBackDb: number; where: string };

const leanOfMiddle = ({ middle, centreOffsetDb, balanceDb }: Analysis['stereo']): Lean | null => {
  if (middle === null || centreOffsetDb === null || middle.sharpness < SHARP_MIDDLE) return null;
  const { offsetDb } = middle;
  const farthest = Math.max(Math.abs(offsetDb), Math.abs(centreOffsetDb));
  if (Math.abs(offsetDb) < LEAST_OFF_MIDDLE_DB || farthest >= LARGEST_OFFSET_DB) return null;
  const others = Math.min(Math.sign(offsetDb) * centreOffsetDb, Math.sign(offsetDb) * balanceDb);
  if (others < LEAST_OF_MIDDLE * Math.abs(offsetDb)) return null;
  return { offsetDb, takenBackDb: offsetDb, where: 'In what both channels hold alike' };
};

const leanOfRegions = ({ centreOffsetDb: offsetDb, centreSpreadDb: spreadDb, balanceDb }: Analysis['stereo']) => {
  if (offsetDb === null || spreadDb === null || spreadDb > LARGEST_SPREAD_DB) return null;
  const leastDb = LEAST_OFFSET_DB + OFFSET_PER_SPREAD * Math.max(0, spreadDb - AGREEING_DB);
  if (Math.abs(offsetDb) < leastDb || Math.abs(offsetDb) > LARGEST_OFFSET_DB) return null;
  // Where the whole does not lean as far, the median of the regions is an arrangement.
  const whole = Math.sign(offsetDb) * balanceDb;
  if (whole < LEAST_OF_OFFSET * Math.abs(offsetDb)) return null;
  const takenBackDb = Math.sign(offsetDb) * Math.min(whole, Math.abs(offsetDb));
  return { offsetDb, takenBackDb, where: 'In all regions of the spectrum' };
};

const balanceStage = ({ stereo, loudness }: Analysis): Stage | null => {
  const lean = loudness.channels === 1 ? null : (leanOfMiddle(stereo) ?? leanOfRegions(stereo));
  if (lean === null) return null;
  const half = Math.round(50 * lean.takenBackDb) / 100;
  const [louder, softer] = half > 0 ? ['left', 'right'] : ['right', 'left'];
  const reason = `${lean.where} the ${louder} channel is ${Math.abs(lean.offsetDb).toFixed(1)} dB louder than the ${softer}; ${Math.abs(2 * half).toFixed(1)} dB of that is taken back.`;
  return { stage: 'balance', bypassed: false, reason, leftGainDb: -half, rightGainDb: half };
};

const dcStage = ({ defects, loudness }: Analysis): Stage | null => {
  const worst = Math.max(0, ...defects.dcOffset.map(Math.abs));
  const raisedDb = DC_HEARD_AT_LUFS - (loudness.integratedLufs ?? DC_HEARD_AT_LUFS);
  if (worst * gainFromDb(raisedDb) < DC_THRESHOLD) return null;
  const reason = `A constant offset of ${(100 * worst).toFixed(1)} % of full scale takes headroom away; it is removed.`;
  return { stage: 'dc', bypassed: false, reason, cutoffHz: DC_CUTOFF_HZ };
};
