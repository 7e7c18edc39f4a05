// Crest factor per region of the spectrum: how far the peaks stand above the mean level within 400 ms (the momentary window of
// BS.1770-5), the median over the loud windows of the region. A sine has 3.01 dB.
// Regions are cut by state-variable filters, 12 dB per octave on either side, each fed with what the one below leaves:
//   v₁ = a₁·s₁ + a₂·(x − s₂),  v₂ = s₂ + a₂·s₁ + a₃·(x − s₂),  low = v₂,  high = x − √2·v₁ − v₂,  sₖ ← 2vₖ − sₖ
//   a₁ = 1/(1 + g(g + √2)),  a₂ = g·a₁,  a₃ = g·a₂,  g = tan(π·crossover/rate)
// The states first, which is half as far from one to the next: with p = 2a₁ − 1, q = 2a₂, r = 2a₃
//   t₁ = p·s₁ + q·(x − s₂),  t₂ = s₂ + q·s₁ + r·(x − s₂),  low = (s₂ + t₂)/2,  high = x − (s₁ + t₁)/√2 − low,  sₖ ← tₖ
// Source: V. Zavalishin, "The Art of VA Filter Design", 2018, chapter 4; A. Simper, "Solving the continuous SVF equations", 2013.
import type { Level } from '../analysis.ts';
import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { forgetDenormal } from '../dsp/biquad.ts';
import { GrowingList } from '../dsp/gating.ts';
import { addressOf, kernels, reserve, within } from '../kernels/wasm.ts';
import { dbFromPower, powerFromDb } from '../units.ts';
import { medianOf } from './median.ts';

/** Lows, low mids, mids, presence, top. */
const CROSSOVERS_HZ = [120, 500, 2000, 6000];
/** A crossover above this part of the sample rate cuts off nothing. */
const HIGHEST_CROSSOVER = 0.45;
const GATE_DB = -10;

export type Region = { readonly fromHz: number; readonly toHz: number };

/** The regions that figures are given for, lowest first, as far as the sample rate reaches. */
export const regionsBelow = (sampleRateHz: number): Region[] => {
  const crossovers = CROSSOVERS_HZ.filter((hz) => hz < HIGHEST_CROSSOVER * sampleRateHz);
  return [0, ...crossovers].map((fromHz, k) => ({ fromHz, toHz: crossovers[k] ?? sampleRateHz / 2 }));
};

/** p, q and r of a crossover, and what else the equations multiply by. */
const coefficientsOf = (cutoffHz: number, sampleRateHz: number): number[] => {
  const g = Math.tan((Math.PI * cutoffHz) / sampleRateHz);
  const a1 = 1 / (1 + g * (g + Math.SQRT2));
  return [2 * a1 - 1, 2 * g * a1, 2 * g * (g * a1), Math.SQRT1_2, 0.5];
};

/** Numbers of one split: five coefficients, one unused, then s₁, s₂, energy and squared peak of its region, both channels of each. */
const SPLIT = 14;
const S1 = 6;
const S2 = 8;
const MEASURED = 10;
/** From the energies to the peaks. */
const PEAKS = 2;
/** Of all splits, and energy and peak of the highest region. */
const LONGEST_STATE = SPLIT * CROSSOVERS_HZ.length + 4;

/** Workspaces, for the length of a call. */
const copies = [reserve(BLOCK_FRAMES), reserve(BLOCK_FRAMES)];
const workState = reserve(LONGEST_STATE);
const workFrames = reserve(2 * 256);

const hearRegion = (state: Float64Array, at: number, x: number): void => {
  const square = x * x;
  state[at] += square;
  state[at + PEAKS] = Math.max(state[at + PEAKS], square);
};

/** One channel through all splits. */
const hearChannel = (plane: Float64Array, frames: number, channel: number, state: Float64Array): void => {
  const last = state.length - PEAKS * 2;
  for (let i = 0; i < frames; i++) {
    let x = plane[i];
    for (let at = 0; at < last; at += SPLIT) {
      const s1 = state[at + S1 + channel];
      const s2 = state[at + S2 + channel];
      const rest = x - s2;
      const t1 = state[at] * s1 + state[at + 1] * rest;
      const t2 = s2 + state[at + 1] * s1 + state[at + 2] * rest;
      state[at + S1 + channel] = t1;
      state[at + S2 + channel] = t2;
      const low = 0.5 * (s2 + t2);
      hearRegion(state, at + MEASURED + channel, low);
      x = x - Math.SQRT1_2 * (s1 + t1) - low;
    }
    hearRegion(state, last + channel, x);
  }
};

/** The crest factors of one region, window by window. */
class CrestMeter {
  readonly #powers = new GrowingList();
  readonly #crestsDb = new GrowingList();

  push(power: number, peakPower: number): void {
    if (!(power > 0)) return;
    this.#powers.push(power);
    this.#crestsDb.push(dbFromPower(peakPower / power));
  }

  read(): Level {
    const powers = this.#powers.values;
    if (powers.length === 0) return null;
    const gate = powerFromDb(GATE_DB) * (powers.reduce((a, b) => a + b, 0) / powers.length);
    return medianOf(this.#crestsDb.values.filter((_, k) => powers[k] >= gate));
  }
}

/** Memory grows by 80 bytes per 400 ms. Kernel: kernels/regions.ts. */
export class RegionMeter {
  readonly #regions: readonly Region[];
  readonly #crests: readonly CrestMeter[];
  readonly #state: Float64Array;
  #frames = 0;

  constructor(sampleRateHz: number) {
    this.#regions = regionsBelow(sampleRateHz);
    this.#crests = this.#regions.map(() => new CrestMeter());
    const crossovers = this.#regions.slice(1);
    this.#state = new Float64Array(SPLIT * crossovers.length + PEAKS * 2);
    for (const [k, { fromHz }] of crossovers.entries())
      this.#state.set(coefficientsOf(fromHz, sampleRateHz), SPLIT * k);
  }

  /** @param frames at most 4096 */
  push({ left, right }: StereoBlock, frames: number): void {
    this.#frames += frames;
    const state = this.#state;
    const wasm = kernels();
    if (wasm) {
      const [leftAt, rightAt] = [left, right].map((plane, channel) => within(plane, 0, frames, copies[channel]));
      workState.set(state);
      wasm.hearRegions(leftAt, rightAt, frames, this.#regions.length - 1, addressOf(workState), addressOf(workFrames));
      state.set(workState.subarray(0, state.length));
    } else {
      hearChannel(left, frames, 0, state);
      hearChannel(right, frames, 1, state);
    }
    for (let at = 0; at + SPLIT < state.length; at += SPLIT)
      for (let k = at + S1; k < at + MEASURED; k++) state[k] = forgetDenormal(state[k]);
  }

  endWindow(): void {
    this.#crests.forEach((crest, k) => {
      const at = Math.min(SPLIT * k + MEASURED, this.#state.length - PEAKS * 2);
      const [left, right, peakLeft, peakRight] = this.#state.subarray(at, at + PEAKS * 2);
      crest.push((left + right) / (2 * this.#frames), Math.max(peakLeft, peakRight));
      this.#state.fill(0, at, at + PEAKS * 2);
    });
    this.#frames = 0;
  }

  read(): (Region & { crestDb: Level })[] {
    return this.#regions.map((region, k) => ({ ...region, crestDb: this.#crests[k].read() }));
  }
}
