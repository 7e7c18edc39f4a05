// The shared curve: a limiter with ceiling c and gain g is the limiter with ceiling 0 dB and drive d = g − c, turned down
// by c. So the loudness of every target lies on one monotone curve L₀(d), in LUFS over dB; a target T at ceiling c needs
// L₀(d) = T − c. It is measured on the outline: the K-weighted energy of eight frames, times the square of the mean gain there.
// Several drives are measured in one pass. Kernel: kernels/limiter.ts.
import type { OnProgress, StereoBlock } from '../audio.ts';
import { GROUP, MOST_GROUPS, RECORD } from '../dsp/group-peaks.ts';
import { gainOfDb } from '../dsp/logarithm.ts';
import { addressOf, kernels, reserveSingles } from '../kernels/wasm.ts';
import type { LoudnessSolution } from '../plan.ts';
import { GroupLoudness } from './group-loudness.ts';
import { designLimiter, Limiter, type LimiterDesign, type Peaks } from './limiter.ts';
import type { Outline } from './outline.ts';
import { PeakWindow } from './peak-window.ts';
import { ReductionMeter } from './reduction.ts';

/** One measured point of the curve; `lufs` with the ceiling at 0 dB. */
export type CurvePoint = { driveDb: number; lufs: number; limiter: LoudnessSolution['limiter'] };

/** Groups of a step. */
const STEP = 512;
/** Workspace, for the length of a step: records of the groups between the gains. */
const records = reserveSingles(RECORD * MOST_GROUPS);

/** One limiter, heard but not kept. */
class Probe {
  readonly #driveDb: number;
  readonly #limiter: Limiter;
  readonly #loudness: GroupLoudness;
  readonly #reduction = new ReductionMeter();

  constructor(driveDb: number, { sampleRateHz, energyScale }: Outline, design: LimiterDesign) {
    this.#driveDb = driveDb;
    const drive = gainOfDb(driveDb);
    this.#limiter = new Limiter(drive, design);
    this.#loudness = new GroupLoudness(sampleRateHz, energyScale * drive * drive);
  }

  /** Hears the groups between the gains that follow from these peaks. */
  hear(peaks: Peaks): void {
    const gains = this.#limiter.follow(peaks, 2);
    const own = { left: gains.left.subarray(1), right: gains.right.subarray(1) };
    this.#reduction.push(own, records, { drive: this.#limiter.drive, groups: peaks.groups });
    this.#loudness.push(peaks.groups, (from, to) => drivenEnergy(gains, from, to));
  }

  /** Brings the first gain up to the start. */
  begin(peaks: Peaks): void {
    this.#limiter.follow(peaks, 2);
  }

  read(): CurvePoint {
    const lufs = this.#loudness.integratedLufs() ?? -Infinity;
    return { driveDb: this.#driveDb, lufs, limiter: this.#reduction.read() };
  }
}

/** Energies of groups, times the square of the mean of the curve there, which is a sixth of a + 4·b + c. */
const drivenEnergy = ({ left, right }: StereoBlock, from: number, to: number): number => {
  const wasm = kernels();
  if (wasm) {
    const [lefts, rights] = [addressOf(left, from), addressOf(right, from)];
    return wasm.drivenEnergy(lefts, rights, to - from, addressOf(records, RECORD * from)) / 36;
  }
  let [sumLeft, sumRight] = [0, 0];
  for (let g = from; g < to; g++) {
    const ofLeft = left[g] + 4 * left[g + 1] + left[g + 2];
    const ofRight = right[g] + 4 * right[g + 1] + right[g + 2];
    sumLeft += records[RECORD * g + 2] * (ofLeft * ofLeft);
    sumRight += records[RECORD * g + 3] * (ofRight * ofRight);
  }
  return (sumLeft + sumRight) / 36;
};

/** Measures the curve at these drives, in one pass. */
export const measureCurve = async (
  outline: Outline,
  drivesDb: readonly number[],
  onProgress?: OnProgress,
): Promise<CurvePoint[]> => {
  if (drivesDb.length === 0) return [];
  const design = designLimiter(outline.sampleRateHz);
  const window = new PeakWindow(outline, design);
  const { peaks } = window;
  const probes = drivesDb.map((driveDb) => new Probe(driveDb, outline, design));
  await window.advance(design.latencyGroups + 1);
  for (const probe of probes) probe.begin(peaks);
  const groups = Math.ceil(outline.frames / GROUP);
  for (let from = 0; from < groups; from += STEP) {
    await window.advance(Math.min(STEP, groups - from));
    records.set(window.records.subarray(0, RECORD * peaks.groups));
    for (const probe of probes) probe.hear(peaks);
    onProgress?.((from + peaks.groups) / groups);
  }
  return probes.map((probe) => probe.read());
};

type Figure = (point: CurvePoint) => number;

/** Drive at which a figure that grows with it reaches `value`. */
export const driveWhere = (points: readonly CurvePoint[], figureOf: Figure, value: number): number =>
  curveThrough(...rising(points, figureOf), value);

/** Loudness at a drive, of points in the order of their drives. */
export const lufsAt = (points: readonly CurvePoint[], driveDb: number): number =>
  curveThrough(
    points.map((point) => point.driveDb),
    points.map(({ lufs }) => lufs),
    driveDb,
  );

/** A monotone cubic through points, and beyond the last a straight line. Source: Fritsch & Butland 1984. */
const curveThrough = (x: readonly number[], y: readonly number[], value: number): number => {
  const last = x.length - 1;
  if (last === 0) return y[0] + LONGEST_STEP_DB;
  const slope = (k: number): number => (y[k + 1] - y[k]) / (x[k + 1] - x[k]);
  if (value >= x[last]) return y[last] + Math.min(LONGEST_STEP_DB, slope(last - 1) * (value - x[last]));
  const k = Math.max(0, x.findIndex((figure) => figure > value) - 1);
  /** The harmonic mean of the slopes on both sides keeps the curve from turning back. */
  const tangent = (at: number): number => {
    const [before, after] = [slope(Math.max(0, at - 1)), slope(Math.min(last - 1, at))];
    return before * after > 0 ? (2 * before * after) / (before + after) : 0;
  };
  const width = x[k + 1] - x[k];
  const t = (value - x[k]) / width;
  const ease = t * t * (3 - 2 * t);
  const bend = width * t * (1 - t) * ((1 - t) * tangent(k) - t * tangent(k + 1));
  return y[k] + (y[k + 1] - y[k]) * ease + bend;
};

/** Figures and drives of the points, without those at which the figure does not rise. */
const rising = (points: readonly CurvePoint[], figureOf: Figure): [x: number[], y: number[]] => {
  const x: number[] = [];
  const y: number[] = [];
  for (const point of [...points].sort((a, b) => a.driveDb - b.driveDb)) {
    const figure = figureOf(point);
    while (x.length > 0 && figure - x[x.length - 1] < LEAST_RISE) {
      x.pop();
      y.pop();
    }
    x.push(figure);
    y.push(point.driveDb);
  }
  return [x, y];
};

const LEAST_RISE = 1e-4;
const LONGEST_STEP_DB = 6;
