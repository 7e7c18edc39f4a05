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

/** Drive at which a figure that grows with it reaches `value`, by straight lines through the points nearest to it. */
export const driveWhere = (
  points: readonly CurvePoint[],
  figureOf: (point: CurvePoint) => number,
  value: number,
): number => {
  const sorted = [...points].sort((a, b) => a.driveDb - b.driveDb);
  const next = Math.min(
    sorted.length - 1,
    Math.max(
      1,
      sorted.findIndex((point) => figureOf(point) >= value),
    ) || sorted.length - 1,
  );
  const upper = figureOf(sorted[sorted.length - 1]) < value ? sorted.length - 1 : next;
  const [a, b] = [sorted[upper - 1], sorted[upper]];
  const slope = Math.max(LEAST_SLOPE, (figureOf(b) - figureOf(a)) / (b.driveDb - a.driveDb));
  return Math.min(a.driveDb + (value - figureOf(a)) / slope, sorted[sorted.length - 1].driveDb + LONGEST_STEP_DB);
};

const LEAST_SLOPE = 0.05;
const LONGEST_STEP_DB = 6;
