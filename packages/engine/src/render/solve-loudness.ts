// Finds, for every target of an order together, the gain that gives its loudness under its ceiling.
// Up to the knee, where the first peak meets the ceiling, loudness follows the gain, but for what this lifts over the gate of
// −70 LUFS, which the outline tells. Beyond it the shared curve is
// drawn from the outline (loudness-curve.ts), and the masters are measured where it says (driven-loudness.ts); what it was wrong
// by there is taken into account where it still has to be followed.
import type { AudioStream, OnProgress } from '../audio.ts';
import type { LoudnessSolution, LoudnessSpec } from '../plan.ts';
import { dbFromGain } from '../units.ts';
import { measureDriven } from './driven-loudness.ts';
import { type CurvePoint, driveWhere, lufsAt, measureCurve } from './loudness-curve.ts';
import type { Outline } from './outline.ts';

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
const MAX_PASSES = 5;
/** Points that are enough to draw the curve by. */
const CURVE_POINTS = 5;
/** How much of what goes over the ceiling is lost as loudness, where the curve ends. */
const GUESSED_LOSS = 0.25;

/** Gain alone is found when it is as near as this. */
const NEAR_BY_GAIN_LU = 0.001;
const MAX_GAIN_STEPS = 12;

const UNLIMITED = { maxReductionDb: 0, p95ReductionDb: 0, meanReductionDb: 0 };

/** Loudness on the curve, that is, with the ceiling at 0 dB. */
const onCurve = ({ targetLufs, ceilingDbtp }: LoudnessSpec): number => targetLufs - (ceilingDbtp - CEILING_MARGIN_DB);

type Knee = CurvePoint;

/**
 * Solves all specs of one order, for the signal that the outline is of and `open` gives from its start, each time anew.
 * Solutions come in the order of the specs; one that says `notReached` is as loud as it may be.
 */
export const solveLoudness = async (
  outline: Outline,
  open: () => AudioStream,
  specs: readonly LoudnessSpec[],
  onProgress?: OnProgress,
): Promise<LoudnessSolution[]> => {
  const passProgress = (pass: number): OnProgress | undefined =>
    onProgress && ((fraction) => onProgress((pass + fraction) / (MAX_PASSES + 1)));
  if (outline.lufsAt(0) === null) return specs.map(silent);

  const knee = kneeOf(outline);
  const plain = specs.map((spec) => byGainAlone(outline, knee, spec));
  const limited = specs.filter((_, i) => plain[i] === null);
  const wanted = [...new Set(limited.map((spec) => Math.min(onCurve(spec), mostLufs(knee))))];
  const curve = [knee, ...(await measureCurve(outline, distinct(curveDrives(knee, wanted)), passProgress(0)))];
  const measureAt: MeasureAt = (drivesDb, pass) => measureDriven(outline, open(), drivesDb, passProgress(pass));
  const points = await followCurve(curve, wanted, measureAt);
  onProgress?.(1);
  const isBudgetMet = [...curve, ...points].some(
    ({ limiter }) => limiter.p95ReductionDb >= BUDGET_P95_DB - NEAR_BUDGET_DB,
  );
  return specs.map((spec, i) => plain[i] ?? solutionOf(spec, { knee, points, isBudgetMet }));
};

const kneeOf = (outline: Outline): Knee => {
  const driveDb = -dbFromGain(outline.peak);
  return { driveDb, lufs: outline.lufsAt(driveDb) ?? -Infinity, limiter: UNLIMITED };
};

/**
 * The solution that needs no limiter, if there is one. Where a passage that comes in on both sides of the gate makes the loudness
 * jump over the target, the nearest that was tried.
 */
const byGainAlone = (outline: Outline, knee: Knee, spec: LoudnessSpec): LoudnessSolution | null => {
  const { targetLufs, ceilingDbtp } = spec;
  const mostDb = knee.driveDb + ceilingDbtp - CEILING_MARGIN_DB;
  const missingAt = (gainDb: number): number => targetLufs - (outline.lufsAt(gainDb) ?? -Infinity);
  let gainDb = missingAt(0);
  let best = { gainDb, missingLu: missingAt(gainDb) };
  for (let step = 1; step < MAX_GAIN_STEPS && Math.abs(best.missingLu) > NEAR_BY_GAIN_LU; step++) {
    gainDb += missingAt(gainDb);
    const missingLu = missingAt(gainDb);
    if (Math.abs(missingLu) < Math.abs(best.missingLu)) best = { gainDb, missingLu };
  }
  if (best.gainDb > mostDb) return null;
  const expectedLufs = targetLufs - best.missingLu;
  return { ...spec, gainDb: best.gainDb, expectedLufs, limiter: UNLIMITED, notReached: null };
};

const mostLufs = (knee: Knee): number => knee.lufs + BUDGET_LOST_CREST_DB;

const silent = (spec: LoudnessSpec): LoudnessSolution => ({
  ...spec,
  gainDb: 0,
  expectedLufs: null,
  limiter: UNLIMITED,
  notReached: 'silent',
});

type MeasureAt = (drivesDb: readonly number[], pass: number) => Promise<CurvePoint[]>;

/** Measures points until each wanted loudness has one close by, or the budget has. */
const followCurve = async (
  curve: readonly CurvePoint[],
  wanted: readonly number[],
  measureAt: MeasureAt,
): Promise<CurvePoint[]> => {
  const points = [curve[0]];
  for (let pass = 1; pass <= MAX_PASSES; pass++) {
    const open = wanted.filter((lufs) => !isSettled(points, lufs));
    const drives = distinct(open.map((lufs) => nextDrive(corrected(curve, points), lufs))).filter(
      (driveDb) => !points.some((point) => point.driveDb === driveDb),
    );
    if (drives.length === 0) break;
    points.push(...(await measureAt(drives, pass)));
  }
  return points;
};

/**
 * The curve through what was measured. Between two such points, and beyond, it is wrong by what lies on the line between what
 * it was wrong by there.
 */
const corrected = (curve: readonly CurvePoint[], points: readonly CurvePoint[]): CurvePoint[] => {
  const sorted = [...points].sort((a, b) => a.driveDb - b.driveDb);
  const errors = sorted.map(({ driveDb, lufs }) => lufs - lufsAt(curve, driveDb));
  const errorAt = (driveDb: number): number => {
    const behind = sorted.findIndex((point) => point.driveDb > driveDb);
    const next = behind < 0 ? sorted.length - 1 : behind;
    if (next === 0) return errors[0];
    const share = (driveDb - sorted[next - 1].driveDb) / (sorted[next].driveDb - sorted[next - 1].driveDb);
    return errors[next - 1] + share * (errors[next] - errors[next - 1]);
  };
  const unmeasured = curve.filter(({ driveDb }) => !points.some((point) => point.driveDb === driveDb));
  return [...unmeasured.map((point) => ({ ...point, lufs: point.lufs + errorAt(point.driveDb) })), ...points];
};

/** Evenly from the least drive that could do to where the loudest target is guessed to lie. */
const curveDrives = (knee: Knee, wanted: readonly number[]): number[] => {
  if (wanted.length === 0) return [];
  const least = Math.min(...wanted) - knee.lufs;
  const most = (Math.max(...wanted) - knee.lufs) * (1 + GUESSED_LOSS);
  return Array.from(
    { length: CURVE_POINTS },
    (_, i) => knee.driveDb + least + ((most - least) * i) / (CURVE_POINTS - 1),
  );
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

/** Whether something lies beyond the budget, so that a way back to it can be drawn. */
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

type Found = { knee: Knee; points: readonly CurvePoint[]; isBudgetMet: boolean };

const solutionOf = (spec: LoudnessSpec, { knee, points, isBudgetMet }: Found): LoudnessSolution => {
  const lufs = onCurve(spec);
  const ceilingDbtp = spec.ceilingDbtp - CEILING_MARGIN_DB;
  const found = byLoudness(points.filter(isWithinBudget), Math.min(lufs, mostLufs(knee)));
  // The last hundredths are taken on trust: the delivered file is measured anyway.
  const reached = Math.abs(found.lufs - lufs) <= 2 * NEAR_LU;
  const isGivenUp = isBudgetMet || lufs > mostLufs(knee);
  return {
    ...spec,
    gainDb: found.driveDb + ceilingDbtp,
    expectedLufs: found.lufs + ceilingDbtp,
    limiter: found.limiter,
    notReached: !reached && isGivenUp ? 'distortion_budget' : null,
  };
};
