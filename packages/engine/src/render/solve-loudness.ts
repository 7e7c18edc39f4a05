// Finds, for every target of an order together, the gain that gives its loudness under its ceiling.
// Up to the knee, where the first peak meets the ceiling, loudness follows the gain exactly. Beyond it the shared curve is
// measured where it matters and followed by secant steps. Source: loudness-curve.ts.
import type { AudioStream, OnProgress } from '../audio.ts';
import { measure } from '../measure.ts';
import type { LoudnessSolution, LoudnessSpec } from '../plan.ts';
import { type CurvePoint, driveWhere, measureCurve } from './loudness-curve.ts';

/**
 * Limiters work to a ceiling this much lower: a meter of another make reads bright peaks differently, and dither adds its
 * own half step.
 */
export const CEILING_MARGIN_DB = 0.1;
/** Loudness is found when it is as near as this. */
const NEAR_LU = 0.04;
/**
 * The distortion budget: reduction in the loudest twentieth of the time, and crest lost, that is, loudness beyond the knee.
 * Within both, no excerpt measured came nearer than 8 dB to what the music hides: docs/dsp/limiter.md.
 */
const BUDGET_P95_DB = 6;
const BUDGET_LOST_CREST_DB = 10;
const NEAR_BUDGET_DB = 0.15;
const MAX_PASSES = 6;
/** Points of the first pass: enough to draw the curve by. */
const FIRST_POINTS = 5;
/** How much of what goes over the ceiling is lost as loudness, where the first pass ends. */
const GUESSED_LOSS = 0.25;

const UNLIMITED = { maxReductionDb: 0, p95ReductionDb: 0, meanReductionDb: 0 };

/** Loudness on the curve, that is, with the ceiling at 0 dB. */
const onCurve = ({ targetLufs, ceilingDbtp }: LoudnessSpec): number => targetLufs - (ceilingDbtp - CEILING_MARGIN_DB);

type Knee = CurvePoint;

/**
 * Solves all specs of one order. `open` gives the pre-limiter signal from its start, each time anew.
 * Solutions come in the order of the specs; one that says `notReached` is as loud as it may be.
 */
export const solveLoudness = async (
  open: () => AudioStream,
  specs: readonly LoudnessSpec[],
  onProgress?: OnProgress,
): Promise<LoudnessSolution[]> => {
  const passProgress = (pass: number): OnProgress | undefined =>
    onProgress && ((fraction) => onProgress((pass + fraction) / (MAX_PASSES + 1)));
  const { integratedLufs, truePeakDbtp } = await measure(open(), passProgress(0));
  if (integratedLufs === null || truePeakDbtp === null) return specs.map(silent);

  const knee: Knee = { driveDb: -truePeakDbtp, lufs: integratedLufs - truePeakDbtp, limiter: UNLIMITED };
  const wanted = [...new Set(specs.map((spec) => Math.min(onCurve(spec), mostLufs(knee))))].filter(
    (lufs) => lufs > knee.lufs,
  );
  const points = await followCurve(open, knee, wanted, passProgress);
  onProgress?.(1);
  return specs.map((spec) => solutionOf(spec, knee, points));
};

const mostLufs = (knee: Knee): number => knee.lufs + BUDGET_LOST_CREST_DB;

const silent = (spec: LoudnessSpec): LoudnessSolution => ({
  ...spec,
  gainDb: 0,
  expectedLufs: null,
  limiter: UNLIMITED,
  notReached: 'silent',
});

/** Measures points until each wanted loudness has one close by, or the budget has. */
const followCurve = async (
  open: () => AudioStream,
  knee: Knee,
  wanted: readonly number[],
  passProgress: (pass: number) => OnProgress | undefined,
): Promise<CurvePoint[]> => {
  const points = [knee];
  let drives = distinct(firstDrives(knee, wanted));
  for (let pass = 1; pass <= MAX_PASSES && drives.length > 0; pass++) {
    points.push(...(await measureCurve(open(), drives, passProgress(pass))));
    drives = distinct(wanted.filter((lufs) => !isSettled(points, lufs)).map((lufs) => nextDrive(points, lufs)));
  }
  return points;
};

/** Evenly from the least drive that could do to where the loudest target is guessed to lie. */
const firstDrives = (knee: Knee, wanted: readonly number[]): number[] => {
  if (wanted.length === 0) return [];
  const least = Math.min(...wanted) - knee.lufs;
  const most = (Math.max(...wanted) - knee.lufs) * (1 + GUESSED_LOSS);
  const count = wanted.length === 1 ? 2 : FIRST_POINTS;
  return Array.from({ length: count }, (_, i) => knee.driveDb + least + ((most - least) * i) / (count - 1));
};

/** Drives a hundredth of a decibel apart are one. */
const distinct = (drivesDb: readonly number[]): number[] => [
  ...new Set(drivesDb.map((db) => Math.round(db * 100) / 100)),
];

const nearest = (points: readonly CurvePoint[], distance: (point: CurvePoint) => number): CurvePoint =>
  points.reduce((best, point) => (distance(point) < distance(best) ? point : best));

const byLoudness = (points: readonly CurvePoint[], lufs: number): CurvePoint =>
  nearest(points, (point) => Math.abs(point.lufs - lufs));

const byBudget = (points: readonly CurvePoint[]): CurvePoint =>
  nearest(points, (point) => Math.abs(point.limiter.p95ReductionDb - BUDGET_P95_DB));

const isWithinBudget = (point: CurvePoint): boolean => point.limiter.p95ReductionDb <= BUDGET_P95_DB + NEAR_BUDGET_DB;

/** Whether the search has met the budget: only then a target is given up. */
const isAtBudget = (points: readonly CurvePoint[]): boolean => points.some((point) => !isWithinBudget(point));

const isSettled = (points: readonly CurvePoint[], lufs: number): boolean => {
  const found = byLoudness(points, lufs);
  if (Math.abs(found.lufs - lufs) <= NEAR_LU && isWithinBudget(found)) return true;
  const limit = byBudget(points);
  return Math.abs(limit.limiter.p95ReductionDb - BUDGET_P95_DB) <= NEAR_BUDGET_DB && limit.lufs < lufs;
};

const nextDrive = (points: readonly CurvePoint[], lufs: number): number => {
  const forLoudness = driveWhere(points, (point) => point.lufs, lufs);
  if (!isAtBudget(points)) return forLoudness;
  return Math.min(
    forLoudness,
    driveWhere(points, (point) => point.limiter.p95ReductionDb, BUDGET_P95_DB),
  );
};

const solutionOf = (spec: LoudnessSpec, knee: Knee, points: readonly CurvePoint[]): LoudnessSolution => {
  const lufs = onCurve(spec);
  const ceilingDbtp = spec.ceilingDbtp - CEILING_MARGIN_DB;
  if (lufs <= knee.lufs) {
    const gainDb = knee.driveDb + lufs - knee.lufs + ceilingDbtp;
    return { ...spec, gainDb, expectedLufs: spec.targetLufs, limiter: UNLIMITED, notReached: null };
  }
  const found = byLoudness(points.filter(isWithinBudget), Math.min(lufs, mostLufs(knee)));
  // The last hundredths are taken on trust: the delivered file is measured anyway.
  const reached = Math.abs(found.lufs - lufs) <= 2 * NEAR_LU;
  const isGivenUp = isAtBudget(points) || lufs > mostLufs(knee);
  return {
    ...spec,
    gainDb: found.driveDb + ceilingDbtp,
    expectedLufs: found.lufs + ceilingDbtp,
    limiter: found.limiter,
    notReached: !reached && isGivenUp ? 'distortion_budget' : null,
  };
};
