// The shared curve: a limiter with ceiling c and gain g is the limiter with ceiling 0 dB and drive d = g − c, turned down
// by c. So the loudness of every target lies on one monotone curve L₀(d), in LUFS over dB; a target T at ceiling c needs
// L₀(d) = T − c. Several drives are measured in one pass, which shares reading, envelope and delay.
import type { AudioStream, OnProgress, StereoBlock } from '../audio.ts';
import { gainOfDb } from '../dsp/logarithm.ts';
import { reservedBlock } from '../kernels/blocks.ts';
import { LoudnessMeter } from '../loudness-meter.ts';
import type { LoudnessSolution } from '../plan.ts';
import { forEachAligned, tailOf } from './aligned.ts';
import { applyGains, GainComputer, LimiterInput, type Peaks } from './limiter.ts';
import { ReductionMeter } from './reduction.ts';

/** One measured point of the curve; `lufs` with the ceiling at 0 dB. */
export type CurvePoint = { driveDb: number; lufs: number; limiter: LoudnessSolution['limiter'] };

/** Workspaces, for the length of a call. */
const gains = reservedBlock();
const driven = reservedBlock();

/** One limiter, heard but not kept. */
class Probe {
  readonly #drive: number;
  readonly #gainComputer: GainComputer;
  readonly #loudness: LoudnessMeter;
  readonly #reduction = new ReductionMeter();

  constructor(driveDb: number, sampleRateHz: number) {
    this.#drive = gainOfDb(driveDb);
    this.#gainComputer = new GainComputer(sampleRateHz);
    this.#loudness = new LoudnessMeter(sampleRateHz);
  }

  hear(delayed: StereoBlock, peaks: Peaks, frames: number, skip: number): void {
    const drive = this.#drive;
    this.#gainComputer.process(peaks, drive, gains, frames);
    this.#reduction.push(gains, peaks, drive, frames);
    applyGains({ delayed, gains, gain: drive, driven }, frames);
    this.#loudness.push(skip === 0 ? driven : tailOf(driven, skip, frames), frames - skip);
  }

  read(driveDb: number): CurvePoint {
    return { driveDb, lufs: this.#loudness.integratedLufs() ?? -Infinity, limiter: this.#reduction.read() };
  }
}

/** Measures the curve at these drives, in one pass. */
export const measureCurve = async (
  stream: AudioStream,
  drivesDb: readonly number[],
  onProgress?: OnProgress,
): Promise<CurvePoint[]> => {
  const { sampleRateHz } = stream;
  const input = new LimiterInput(sampleRateHz, gainOfDb(Math.max(...drivesDb)));
  const probes = drivesDb.map((driveDb) => new Probe(driveDb, sampleRateHz));
  const visit = (block: StereoBlock, frames: number, skip: number): void => {
    input.process(block, frames);
    for (const probe of probes) probe.hear(block, input.peaks, frames, skip);
  };
  await forEachAligned(stream, input.latencyFrames, visit, onProgress);
  return probes.map((probe, i) => probe.read(drivesDb[i]));
};

type Figure = (point: CurvePoint) => number;

/**
 * Drive at which a figure that grows with it reaches `value`: a monotone cubic through the points, the figure across and
 * the drive up, and beyond the last a straight line. Source: Fritsch & Butland 1984.
 */
export const driveWhere = (points: readonly CurvePoint[], figureOf: Figure, value: number): number => {
  const [x, y] = rising(points, figureOf);
  const last = x.length - 1;
  if (last === 0) return y[0] + LONGEST_STEP_DB;
  const slope = (k: number): number => (y[k + 1] - y[k]) / (x[k + 1] - x[k]);
  if (value >= x[last]) return y[last] + Math.min(LONGEST_STEP_DB, slope(last - 1) * (value - x[last]));
  const k = Math.max(0, x.findIndex((figure) => figure > value) - 1);
  /** The harmonic mean of the slopes on both sides keeps the curve from turning back. */
  const tangent = (at: number): number => {
    const [before, after] = [slope(Math.max(0, at - 1)), slope(Math.min(last - 1, at))];
    return (2 * before * after) / (before + after);
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
