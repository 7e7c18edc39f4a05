// The stereo image: lows that cancel in mono are brought together, and the width is led back into the usual range.
import type { Analysis } from '../analysis.ts';
import type { Intent, Reference, Stage } from '../plan.ts';
import { gainFromDb } from '../units.ts';
import { usualFigures } from './finished-music.ts';
import { weightedMean } from './usual.ts';

/** Opposite lows are the same lows, one of them upside down: brought to the middle they would vanish. */
const UPSIDE_DOWN = -0.1;
const TURN_BELOW_HZ = 150;
/** Below this, width is the low end's matter. */
const WIDTH_FROM_HZ = 200;
/** Width at intensity 50 stays within these; at 100 within twice as much. */
const LEAST_WIDTH = 0.85;
const MOST_WIDTH = 1.2;
/** Where no single sound reaches as far out as in 98 of 100 finished pieces, the sides were turned down by someone: more is allowed. */
const MOST_WIDTH_OF_NARROWED = 1.6;
/** Sides further down than this are mono by intent. */
const MONO_DB = -30;
/** Never wider than this: with side 3 dB below mid the channels still correlate by a third. */
const WIDEST_SIDE_TO_MID_DB = -3;
/** At no intensity more. */
const WIDEST = 2;
const LEAST_CHANGE = 0.03;
const NEAR_REFERENCE_DB = 1;

export const lowEndStage = ({ stereo, loudness }: Analysis): Stage | null => {
  const { lowCorrelation } = stereo;
  if (loudness.channels === 1 || loudness.integratedLufs === null || lowCorrelation >= UPSIDE_DOWN) return null;
  const reason = `Below ${TURN_BELOW_HZ} Hz the channels oppose each other (correlation ${lowCorrelation.toFixed(2)}) and would cancel on a mono speaker; those of the right channel are turned over.`;
  return {
    stage: 'low-end',
    bypassed: false,
    reason,
    highPassHz: null,
    turnRightBelowHz: TURN_BELOW_HZ,
    monoBelowHz: null,
  };
};

/** A width to lead to, how far one may go for it, and why. */
type Aim = { changeDb: number; most: number; because: string };

const narrowedAim = ({ sideToMidDb, panningReachDb }: Analysis['stereo']): Aim | null => {
  const usual = usualFigures.panningReachDb;
  if (sideToMidDb === null || sideToMidDb < MONO_DB || panningReachDb === null || panningReachDb >= usual.p5)
    return null;
  const changeDb = usual.p5 - panningReachDb;
  const most = panningReachDb < usual.p2 ? MOST_WIDTH_OF_NARROWED : MOST_WIDTH;
  const because = `No sound reaches further to the side than ${panningReachDb.toFixed(1)} dB re the middle, in most finished music ${usual.p50.toFixed(1)} dB`;
  return { changeDb, most, because };
};

const wideAim = ({ sideToMidDb }: Analysis['stereo']): Aim | null => {
  const most = usualFigures.sideToMidDb.p98;
  if (sideToMidDb === null || sideToMidDb <= most) return null;
  const because = `The sides lie ${Math.abs(sideToMidDb).toFixed(1)} dB ${sideToMidDb > 0 ? 'above' : 'below'} the middle, wider than nearly all finished music`;
  return { changeDb: most - sideToMidDb, most: MOST_WIDTH, because };
};

const referenceAim = ({ sideToMidDb }: Analysis['stereo'], wanted: number): Aim | null => {
  const difference = wanted - (sideToMidDb ?? wanted);
  const beyond = Math.sign(difference) * Math.max(0, Math.abs(difference) - NEAR_REFERENCE_DB);
  const because = `The sides lie ${Math.abs(difference).toFixed(1)} dB ${difference > 0 ? 'lower' : 'higher'} than in the reference`;
  return { changeDb: beyond, most: MOST_WIDTH, because };
};

export const widthStage = (analysis: Analysis, intent: Intent, references: readonly Reference[]): Stage | null => {
  const { stereo, loudness } = analysis;
  if (loudness.channels === 1 || loudness.integratedLufs === null) return null;
  const wanted = weightedMean(references, (of) => of.stereo.sideToMidDb);
  const aim = wanted === null ? (narrowedAim(stereo) ?? wideAim(stereo)) : referenceAim(stereo, wanted);
  if (aim === null) return null;
  const amount = (intent.intensity / 50) * (intent.amounts.width / 100);
  const roomDb = Math.max(0, WIDEST_SIDE_TO_MID_DB - (stereo.sideToMidDb ?? 0));
  const full = 1 + amount * (gainFromDb(Math.min(aim.changeDb, roomDb)) - 1);
  const width = Math.max(1 + amount * (LEAST_WIDTH - 1), Math.min(WIDEST, 1 + amount * (aim.most - 1), full));
  if (Math.abs(width - 1) < LEAST_CHANGE) return null;
  const rounded = Math.round(100 * width) / 100;
  const reason = `${aim.because}; above ${WIDTH_FROM_HZ} Hz the width is multiplied by ${rounded}. Mono playback does not change.`;
  return { stage: 'width', bypassed: false, reason, crossoversHz: [WIDTH_FROM_HZ], widths: [1, rounded] };
};
