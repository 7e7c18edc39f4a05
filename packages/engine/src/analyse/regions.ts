// Crest factor per region of the spectrum: how far the peaks stand above the mean level within 400 ms (the momentary window of
// BS.1770-5), the median over the loud windows of the region. A sine has 3.01 dB.
// Regions are cut by state-variable filters, 12 dB per octave on either side, each fed with what the one below leaves:
//   v₁ = a₁·s₁ + a₂·(x − s₂),  v₂ = s₂ + a₂·s₁ + a₃·(x − s₂),  low = v₂,  high = x − √2·v₁ − v₂,  sₖ ← 2vₖ − sₖ
//   a₁ = 1/(1 + g(g + √2)),  a₂ = g·a₁,  a₃ = g·a₂,  g = tan(π·crossover/rate)
// The states first, which is half as far from one to the next: with p = 2a₁ − 1, q = 2a₂, r = 2a₃
//   t₁ = p·s₁ + q·(x − s₂),  t₂ = s₂ + q·s₁ + r·(x − s₂),  low = (s₂ + t₂)/2,  high = x − (s₁ + t₁)/√2 − low,  sₖ ← tₖ
// Single precision: what rounding adds lies some 120 dB below. Each filter takes up what the one below left of the frame before, so
// that all work at once: a window of a higher region ends some frames late.
// Source: V. Zavalishin, "The Art of VA Filter Design", 2018, chapter 4; A. Simper, "Solving the continuous SVF equations", 2013.
import type { Level } from '../analysis.ts';
import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { forgetDenormal } from '../dsp/biquad.ts';
import { GrowingList } from '../dsp/gating.ts';
import { addressOf, kernels, reserve, reserveSingles, within } from '../kernels/wasm.ts';
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

/** p, q and r of a crossover. */
const coefficientsOf = (cutoffHz: number, sampleRateHz: number): number[] => {
  const g = Math.tan((Math.PI * cutoffHz) / sampleRateHz);
  const a1 = 1 / (1 + g * (g + Math.SQRT2));
  return [2 * a1 - 1, 2 * g * a1, 2 * g * (g * a1)];
};

/** Planes of the state: two channels of every split each. */
const PLANE = 2 * CROSSOVERS_HZ.length;
const [P, Q, R, S1, S2, HELD, ENERGY, PEAK, REST] = Array.from({ length: 9 }, (_, n) => n * PLANE);
/** Energy and squared peak of the highest region, in the place where the last split has its own. */
const REST_ENERGY = REST + 2;
const REST_PEAK = REST + 6;
const STATE = REST + 8;

/** Workspaces, for the length of a call. */
const copies = [reserve(BLOCK_FRAMES), reserve(BLOCK_FRAMES)];
const workState = reserveSingles(STATE);

/** Frames by which the highest region is late. */
const LATEST = CROSSOVERS_HZ.length;
const SILENCE: StereoBlock = { left: new Float64Array(LATEST), right: new Float64Array(LATEST) };

const single = Math.fround;

const hear = (state: Float32Array, energyAt: number, peakAt: number, x: number): void => {
  const square = single(x * x);
  state[energyAt] += square;
  state[peakAt] = Math.max(state[peakAt], square);
};

/** One channel of one split. */
const split = (state: Float32Array, at: number, x: number): void => {
  const [s1, s2] = [state[S1 + at], state[S2 + at]];
  const rest = single(x - s2);
  const t1 = single(single(state[P + at] * s1) + single(state[Q + at] * rest));
  const t2 = single(single(s2 + single(state[Q + at] * s1)) + single(state[R + at] * rest));
  const low = single(0.5 * single(s2 + t2));
  state[HELD + at] = single(x - single(single(Math.SQRT1_2) * single(s1 + t1))) - low;
  state[S1 + at] = t1;
  state[S2 + at] = t2;
  hear(state, ENERGY + at, PEAK + at, low);
};

/** One channel through all splits, the highest first: each works on the frame before the one below. */
const hearChannel = (plane: Float64Array, channel: number, state: Float32Array): void => {
  for (let i = 0; i < plane.length; i++) {
    hear(state, REST_ENERGY + channel, REST_PEAK + channel, state[HELD + PLANE - 2 + channel]);
    for (let at = PLANE - 2 + channel; at > 1; at -= 2) split(state, at, state[HELD + at - 2]);
    split(state, channel, single(plane[i]));
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
  /** Splits above what the sample rate reaches have coefficients of 0 and cut off nothing. */
  readonly #state = new Float32Array(STATE);
  #frames = 0;
  /** Of the window that ended last, and how long ago that was. */
  #endedFrames = 0;
  #sinceEnd = LATEST;

  constructor(sampleRateHz: number) {
    this.#regions = regionsBelow(sampleRateHz);
    this.#crests = this.#regions.map(() => new CrestMeter());
    for (const [k, { fromHz }] of this.#regions.slice(1).entries()) {
      for (const [n, coefficient] of coefficientsOf(fromHz, sampleRateHz).entries()) {
        this.#state.fill(coefficient, n * PLANE + 2 * k, n * PLANE + 2 * k + 2);
      }
    }
  }

  /** @param frames at most 4096 */
  push(block: StereoBlock, frames: number): void {
    let from = 0;
    for (; from < frames && this.#sinceEnd < LATEST; from++) {
      this.#hear(block, from, from + 1);
      this.#sinceEnd++;
      this.#close();
    }
    if (from < frames) this.#hear(block, from, frames);
    this.#frames += frames;
    for (let k = S1; k < HELD; k++) this.#state[k] = forgetDenormal(this.#state[k]);
  }

  /** Windows are longer than a few frames. */
  endWindow(): void {
    this.#endedFrames = this.#frames;
    this.#frames = 0;
    this.#sinceEnd = 0;
    this.#close();
  }

  #hear({ left, right }: StereoBlock, from: number, to: number): void {
    const wasm = kernels();
    if (wasm) {
      const [leftAt, rightAt] = [left, right].map((plane, channel) => within(plane, from, to, copies[channel]));
      workState.set(this.#state);
      wasm.hearRegions(leftAt, rightAt, to - from, addressOf(workState));
      this.#state.set(workState);
    } else {
      hearChannel(left.subarray(from, to), 0, this.#state);
      hearChannel(right.subarray(from, to), 1, this.#state);
    }
  }

  /** Ends the window of those regions that have now heard all of it. */
  #close(): void {
    const state = this.#state;
    this.#crests.forEach((crest, k) => {
      const isHighest = k === this.#crests.length - 1;
      if (this.#sinceEnd !== (isHighest ? LATEST : k)) return;
      const [energy, peak] = isHighest ? [REST_ENERGY, REST_PEAK] : [ENERGY + 2 * k, PEAK + 2 * k];
      const power = (state[energy] + state[energy + 1]) / (2 * this.#endedFrames);
      crest.push(power, Math.max(state[peak], state[peak + 1]));
      for (const at of [energy, peak]) state.fill(0, at, at + 2);
    });
  }

  read(): (Region & { crestDb: Level })[] {
    this.push(SILENCE, LATEST - this.#sinceEnd);
    return this.#regions.map((region, k) => ({ ...region, crestDb: this.#crests[k].read() }));
  }
}
