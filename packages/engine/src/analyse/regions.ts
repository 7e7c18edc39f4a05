// Crest factor per region of the spectrum: how far the peaks stand above the mean level within 400 ms (the momentary window of
// BS.1770-5), the median over the loud windows of the region. A sine has 3.01 dB.
// Regions are cut by state-variable filters, 12 dB per octave on either side, each fed with what the one below leaves:
//   v₁ = a₁·s₁ + a₂·(x − s₂),  v₂ = s₂ + a₂·s₁ + a₃·(x − s₂),  low = v₂,  high = x − √2·v₁ − v₂,  sₖ ← 2vₖ − sₖ
//   a₁ = 1/(1 + g(g + √2)),  a₂ = g·a₁,  a₃ = g·a₂,  g = tan(π·crossover/rate)
// Source: V. Zavalishin, "The Art of VA Filter Design", 2018, chapter 4; A. Simper, "Solving the continuous SVF equations", 2013.
import type { Level } from '../analysis.ts';
import type { StereoBlock } from '../audio.ts';
import { forgetDenormal } from '../dsp/biquad.ts';
import { GrowingList } from '../dsp/gating.ts';
import { dbFromGain, dbFromPower, powerFromDb } from '../units.ts';
import { medianOf } from './median.ts';

/** Lows, low mids, mids, presence, top. */
const CROSSOVERS_HZ = [120, 500, 2000, 6000];
/** A crossover above this part of the sample rate cuts off nothing. */
const HIGHEST_CROSSOVER = 0.45;
const GATE_DB = -10;
const BLOCK_FRAMES = 4096;

export type Region = { readonly fromHz: number; readonly toHz: number };

/** The regions that figures are given for, lowest first, as far as the sample rate reaches. */
export const regionsBelow = (sampleRateHz: number): Region[] => {
  const crossovers = CROSSOVERS_HZ.filter((hz) => hz < HIGHEST_CROSSOVER * sampleRateHz);
  return [0, ...crossovers].map((fromHz, k) => ({ fromHz, toHz: crossovers[k] ?? sampleRateHz / 2 }));
};

/** Splits one channel in two at a crossover. */
class StateVariable {
  readonly #a1: number;
  readonly #a2: number;
  readonly #a3: number;
  #s1 = 0;
  #s2 = 0;

  constructor(cutoffHz: number, sampleRateHz: number) {
    const g = Math.tan((Math.PI * cutoffHz) / sampleRateHz);
    this.#a1 = 1 / (1 + g * (g + Math.SQRT2));
    this.#a2 = g * this.#a1;
    this.#a3 = g * this.#a2;
  }

  /** Leaves what lies above in `samples`. */
  split(samples: Float64Array, low: Float64Array, frames: number): void {
    const a1 = this.#a1;
    const a2 = this.#a2;
    const a3 = this.#a3;
    let s1 = this.#s1;
    let s2 = this.#s2;
    for (let i = 0; i < frames; i++) {
      const x = samples[i];
      const rest = x - s2;
      const v1 = a1 * s1 + a2 * rest;
      const v2 = s2 + a2 * s1 + a3 * rest;
      s1 = 2 * v1 - s1;
      s2 = 2 * v2 - s2;
      low[i] = v2;
      samples[i] = x - Math.SQRT2 * v1 - v2;
    }
    this.#s1 = forgetDenormal(s1);
    this.#s2 = forgetDenormal(s2);
  }
}

/** Peak and power of one region, window by window. */
class CrestMeter {
  readonly #powers = new GrowingList();
  readonly #crestsDb = new GrowingList();
  /** Of left and right, so that the order in which they are heard leaves no trace. */
  readonly #energies = [0, 0];
  #peak = 0;

  push(samples: Float64Array, frames: number, channel: number): void {
    let peak = this.#peak;
    let energy = this.#energies[channel];
    for (let i = 0; i < frames; i++) {
      const x = samples[i];
      energy += x * x;
      peak = Math.max(peak, Math.abs(x));
    }
    this.#peak = peak;
    this.#energies[channel] = energy;
  }

  /** Ends a window of so many samples, those of both channels. */
  endWindow(samples: number): void {
    const power = (this.#energies[0] + this.#energies[1]) / samples;
    if (power > 0) {
      this.#powers.push(power);
      this.#crestsDb.push(dbFromGain(this.#peak) - dbFromPower(power));
    }
    this.#peak = 0;
    this.#energies.fill(0);
  }

  read(): Level {
    const powers = this.#powers.values;
    if (powers.length === 0) return null;
    const gate = powerFromDb(GATE_DB) * (powers.reduce((a, b) => a + b, 0) / powers.length);
    return medianOf(this.#crestsDb.values.filter((_, k) => powers[k] >= gate));
  }
}

/** Memory grows by 80 bytes per 400 ms. */
export class RegionMeter {
  readonly #regions: readonly Region[];
  readonly #splits: readonly (readonly StateVariable[])[];
  readonly #crests: readonly CrestMeter[];
  readonly #rest = new Float64Array(BLOCK_FRAMES);
  readonly #low = new Float64Array(BLOCK_FRAMES);
  #frames = 0;

  constructor(sampleRateHz: number) {
    this.#regions = regionsBelow(sampleRateHz);
    const crossovers = this.#regions.slice(1);
    this.#splits = [0, 1].map(() => crossovers.map(({ fromHz }) => new StateVariable(fromHz, sampleRateHz)));
    this.#crests = this.#regions.map(() => new CrestMeter());
  }

  /** @param frames at most 4096 */
  push(block: StereoBlock, frames: number): void {
    [block.left, block.right].forEach((plane, channel) => {
      this.#rest.set(plane.subarray(0, frames));
      this.#splits[channel].forEach((split, k) => {
        split.split(this.#rest, this.#low, frames);
        this.#crests[k].push(this.#low, frames, channel);
      });
      this.#crests[this.#crests.length - 1].push(this.#rest, frames, channel);
    });
    this.#frames += frames;
  }

  endWindow(): void {
    for (const crest of this.#crests) crest.endWindow(2 * this.#frames);
    this.#frames = 0;
  }

  read(): (Region & { crestDb: Level })[] {
    return this.#regions.map((region, k) => ({ ...region, crestDb: this.#crests[k].read() }));
  }
}
