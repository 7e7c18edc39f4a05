// The stereo image: lows that are upside down in one channel are turned back, and what is wider or narrower than nearly all
// finished music is led a little towards it.

import type { Analysis } from '../analysis.ts';
import { decimal } from '../decimal.ts';
import type { Intent, Reference, Stage } from '../plan.ts';
import { gainFromDb } from '../units.ts';
import { usualFigures } from './finished-music.ts';
import { weightedMean } from './usual.ts';

/** By so much the channels must agree better once the lows are turned back, and so much they must agree then. */
const LEAST_GAIN = 0.45;
const LEAST_AGREEMENT = 0.3;
/** Below this, width is the low end's matter. */
const WIDTH_FROM_HZ = 200;
type Bounds = { least: number; most: number };
/**
 * At intensity 50; at 100 twice as much. Finished music can be as narrow or as wide as music that was made so by mistake: it must not
 * move by more than half of what can be heard, which is 1.5 dB.
 */
const UNSURE: Bounds = { least: 0.92, most: 1.08 };
/** Who turned the lows over made the sides wide: that is done by the same devices. */
const SURE: Bounds = { least: 0.85, most: 1 };
const TOWARDS_REFERENCE: Bounds = { least: 0.85, most: 1.2 };
const MIDS_FROM_HZ = 500;
/** Sides further down than this are mono by intent. */
const MONO_DB = -30;
/** Never wider than this: with side 3 dB below mid the channels still correlate by a third. */
const WIDEST_SIDE_TO_MID_DB = -3;
/** At no intensity more. */
const WIDEST = 2;
const LEAST_CHANGE = 0.03;
const NEAR_REFERENCE_DB = 1;

export const lowEndStage = ({ stereo, loudness }: Analysis): Stage | null => {
  const { turnedLows } = stereo;
  if (loudness.channels === 1 || loudness.integratedLufs === null || !isTurned(turnedLows)) return null;
  const { agreement, turnedAgreement, ...turnBack } = turnedLows;
  const { channel, belowHz } = turnBack;
  const reason = `Below ${belowHz} Hz the ${channel} channel is upside down and would cancel with the other on a mono speaker; its lows are turned back (agreement of the channels below 850 Hz ${decimal(agreement, 2)}, then ${decimal(turnedAgreement, 2)}).`;
  return { stage: 'low-end', bypassed: false, reason, highPassHz: null, turnBack, monoBelowHz: null };
};

type Stereo = Analysis['stereo'];

const isTurned = (lows: Stereo['turnedLows']): lows is NonNullable<Stereo['turnedLows']> =>
  lows !== null && lows.turnedAgreement >= LEAST_AGREEMENT && lows.turnedAgreement - lows.agreement >= LEAST_GAIN;

/** A width to lead to, how far one may go for it, and why. */
type Aim = { changeDb: number; bounds: Bounds; because: string };

const narrowedAim = ({ sideToMidDb, panningReachDb }: Stereo): Aim | null => {
  const usual = usualFigures.panningReachDb;
  if (sideToMidDb === null || sideToMidDb < MONO_DB || panningReachDb === null || panningReachDb >= usual.p5)
    return null;
  const changeDb = usual.p5 - panningReachDb;
  const because = `No sound reaches further to the side than ${decimal(panningReachDb, 1)} dB re the middle, in most finished music ${decimal(usual.p50, 1)} dB`;
  return { changeDb, bounds: UNSURE, because };
};

const wideAim = ({ sideToMidDb }: Stereo): Aim | null => {
  const most = usualFigures.sideToMidDb.p98;
  if (sideToMidDb === null || sideToMidDb <= most) return null;
  const because = `The sides lie ${Math.abs(sideToMidDb).toFixed(1)} dB ${sideToMidDb > 0 ? 'above' : 'below'} the middle, wider than nearly all finished music`;
  return { changeDb: most - sideToMidDb, bounds: UNSURE, because };
};

/** Where the lows were turned over, the sides of the mids tell: those of the whole hold the lows. */
const turnedAim = ({ turnedLows, regions }: Stereo): Aim | null => {
  if (!isTurned(turnedLows)) return null;
  const mids = regions.find(({ fromHz }) => fromHz >= MIDS_FROM_HZ)?.sideToMidDb ?? null;
  const usual = usualFigures.sideToMidDb.p50;
  if (mids === null || mids <= usual) return null;
  const because = `The lows were turned over, and the sides lie ${Math.abs(mids).toFixed(1)} dB ${mids > 0 ? 'above' : 'below'} the middle, in most finished music ${Math.abs(usual).toFixed(1)} dB below it`;
  return { changeDb: usual - mids, bounds: SURE, because };
};

const referenceAim = ({ sideToMidDb }: Stereo, wanted: number): Aim | null => {
  const difference = wanted - (sideToMidDb ?? wanted);
  const beyond = Math.sign(difference) * Math.max(0, Math.abs(difference) - NEAR_REFERENCE_DB);
  const because = `The sides lie ${Math.abs(difference).toFixed(1)} dB ${difference > 0 ? 'lower' : 'higher'} than in the reference`;
  return { changeDb: beyond, bounds: TOWARDS_REFERENCE, because };
};

export const widthStage = (analysis: Analysis, intent: Intent, references: readonly Reference[]): Stage | null => {
  const { stereo, loudness } = analysis;
  if (loudness.channels === 1 || loudness.integratedLufs === null) return null;
  const wanted = weightedMean(references, (of) => of.stereo.sideToMidDb);
  const aim =
    wanted === null ? (turnedAim(stereo) ?? narrowedAim(stereo) ?? wideAim(stereo)) : referenceAim(stereo, wanted);
  if (aim === null) return null;
  const amount = (intent.intensity / 50) * (intent.amounts.width / 100);
  const roomDb = Math.max(0, WIDEST_SIDE_TO_MID_DB - (stereo.sideToMidDb ?? 0));
  const full = 1 + amount * (gainFromDb(Math.min(aim.changeDb, roomDb)) - 1);
  const [least, most] = [aim.bounds.least, aim.bounds.most].map((bound) => 1 + amount * (bound - 1));
  const width = Math.max(least, Math.min(WIDEST, most, full));
  if (Math.abs(width - 1) < LEAST_CHANGE) return null;
  const rounded = Math.round(100 * width) / 100;
  const reason = `${aim.because}; above ${WIDTH_FROM_HZ} Hz the width is multiplied by ${rounded}. Mono playback does not change.`;
  return { stage: 'width', bypassed: false, reason, crossoversHz: [WIDTH_FROM_HZ], widths: [1, rounded] };
};
