// How far to the sides single sounds reach: the ratio of side to mid in cells of time and frequency, which one sound fills
// alone, and its 95th percentile over 800 Hz … 3 kHz. Music that is narrow by intent still has a few sounds at the side;
// music whose sides were turned down has none. One window in four is heard, and in it the cells within 10 dB of their mean.
//   S/M = |L − R|² / |L + R|²,  L = (Z[k] + Z*[−k]) / 2,  R = (Z[k] − Z*[−k]) / 2i
// Levels are read to within ±0.25 dB.
import type { Level } from '../analysis.ts';
import { dbFromPower } from '../units.ts';
import type { Frame } from './frames.ts';

const FROM_HZ = 800;
const TO_HZ = 3000;
const ONE_IN = 4;
/** −70 dBFS. */
const AUDIBLE = 1e-7;
const LEAST_OF_MEAN = 0.1;
const PERCENTILE = 0.95;
const FEWEST_CELLS = 1000;

const LOWEST_DB = -80;
const STEPS_PER_DB = 2;
const STEPS = 160 * STEPS_PER_DB;

export class PanningMeter {
  readonly #counts = new Float64Array(STEPS);
  #cells = 0;
  #frames = 0;

  hear({ spectrum: { re, im }, order, powers, slots, binHz, loudPower }: Frame): void {
    if (this.#frames++ % ONE_IN !== 0 || loudPower < AUDIBLE) return;
    const size = re.length;
    const from = Math.ceil(FROM_HZ / binHz);
    const to = Math.min(Math.floor(TO_HZ / binHz), size / 2 - 1);
    let sum = 0;
    for (let k = from; k <= to; k++) sum += powers[slots[k]];
    const least = (LEAST_OF_MEAN * sum) / Math.max(1, to - from + 1);
    for (let k = from; k <= to; k++) {
      if (powers[slots[k]] < least) continue;
      const [p, q] = [order[k], order[size - k]];
      this.#count(re[p], im[p], re[q], im[q]);
    }
  }

  /** `null` while too little was heard, and where left and right are the same. */
  read(): Level {
    if (this.#cells < FEWEST_CELLS) return null;
    let step = 0;
    for (let below = this.#counts[0]; below < PERCENTILE * this.#cells; below += this.#counts[step]) step++;
    return step === 0 ? null : LOWEST_DB + (step + 0.5) / STEPS_PER_DB;
  }

  /** One cell, of Z[k] = (a, b) and Z[−k] = (c, d): 2L = (a + c, b − d), 2R = (b + d, c − a). */
  #count(a: number, b: number, c: number, d: number): void {
    const mid = (a + c + b + d) ** 2 + (b - d + c - a) ** 2;
    const side = (a + c - b - d) ** 2 + (b - d - c + a) ** 2;
    const level = side > 0 ? (dbFromPower(side / (mid + Number.MIN_VALUE)) - LOWEST_DB) * STEPS_PER_DB : 0;
    this.#counts[Math.max(0, Math.min(STEPS - 1, Math.floor(level)))]++;
    this.#cells++;
  }
}
