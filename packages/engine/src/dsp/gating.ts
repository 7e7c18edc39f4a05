// Gates and percentiles over lists of K-weighted powers.
// Source: ITU-R BS.1770-5, Annex 1, eq. 4–7 (integrated loudness); EBU Tech 3342, section 4 (loudness range).
import type { Level } from '../analysis.ts';
import { dbFromPower, lufsFromPower, powerFromDb, powerFromLufs } from '../units.ts';

const ABSOLUTE_GATE_LUFS = -70;
const INTEGRATED_GATE_LU = -10;
const RANGE_GATE_LU = -20;
const RANGE_PERCENTILES = [0.1, 0.95];

/** A list of numbers that grows by doubling: eight bytes a value. */
export class GrowingList {
  #values = new Float64Array(1024);
  #length = 0;

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = new Float64Array(2 * this.#length);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.#length++] = value;
  }

  clear(): void {
    this.#length = 0;
  }

  /** The values so far; valid until the next push. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }
}

const meanAtLeast = (powers: Float64Array, gate: number): number => {
  let sum = 0;
  let count = 0;
  for (const power of powers) {
    if (power >= gate) {
      sum += power;
      count++;
    }
  }
  return count > 0 ? sum / count : 0;
};

const gateBelowMean = (powers: Float64Array, gateLu: number): number => {
  const absolute = powerFromLufs(ABSOLUTE_GATE_LUFS);
  return Math.max(absolute, meanAtLeast(powers, absolute) * powerFromDb(gateLu));
};

/** Integrated loudness of the powers of the gating blocks; `null` if none passes the gates. */
export const integratedLufs = (blockPowers: Float64Array): Level =>
  lufsFromPower(meanAtLeast(blockPowers, gateBelowMean(blockPowers, INTEGRATED_GATE_LU)));

/** Loudness range in LU of short-term powers; 0 if none passes the gates. */
export const loudnessRangeLu = (shortTermPowers: Float64Array): number => {
  const gate = gateBelowMean(shortTermPowers, RANGE_GATE_LU);
  const sorted = shortTermPowers.filter((power) => power >= gate).sort();
  if (sorted.length === 0) return 0;
  const [low, high] = RANGE_PERCENTILES.map((fraction) => sorted[Math.round((sorted.length - 1) * fraction)]);
  return dbFromPower(high / low);
};
