// Where the middle lies: sounds that both channels hold alike stand at one ratio of left to right, that of the middle, while panned and
// wide ones scatter. In cells of time and frequency that both channels fill with one phase, the level of left above right is counted;
// the offset is where the counts peak, and how sharp the peak is tells whether there is a middle at all.
//   L/R = |L|² / |R|² where Re(L·R*)² ≥ 0.99·|L|²·|R|²,  L = (Z[k] + Z*[−k]) / 2,  R = (Z[k] − Z*[−k]) / 2i
//   sharpness = mean count within ±0.2 dB of the peak, less what chance may add / mean count of what lies further off, within ±1.5 dB
// One window in two is heard, and in it the cells of each third-octave with half of their mean power or more. Steps of 0.05 dB.
import type { Analysis } from '../analysis.ts';
import { dbFromPower } from '../units.ts';
import { type Frame, HANN_POWER } from './frames.ts';
import { thirdOctavesBelow } from './third-octaves.ts';

const ONE_IN = 2;
/** −70 dBFS. */
const AUDIBLE = 1e-7;
const LEAST_OF_MEAN = 0.5;
const ALIKE = 0.99;
const FEWEST_CELLS = 1000;

const STEPS_PER_DB = 20;
/** Counted up to so far from the middle, and looked for a peak up to so far. */
const FARTHEST_STEPS = 8 * STEPS_PER_DB;
const FARTHEST_PEAK_STEPS = 4 * STEPS_PER_DB;
const CORE_STEPS = 4;
const AROUND_STEPS = 30;
/** So many standard deviations of a count may be chance. */
const CHANCE = 3;

/** 160 Hz … 5 kHz, of all third-octaves. */
const BANDS = thirdOctavesBelow(6000);
const FIRST_BAND = BANDS.findIndex(({ centreHz }) => centreHz === 160);
const END_BAND = BANDS.length;

export class CentreMeter {
  readonly #counts = new Float64Array(2 * FARTHEST_STEPS + 1);
  #cells = 0;
  #frames = 0;

  hear({ spectrum: { re, im }, order, powers, slots, binHz, loudPower, bandPowers }: Frame): void {
    if (this.#frames++ % ONE_IN !== 0 || loudPower < AUDIBLE) return;
    const size = re.length;
    const perMeanSquare = LEAST_OF_MEAN * size * size * HANN_POWER * binHz;
    for (let b = FIRST_BAND; b < Math.min(END_BAND, bandPowers.length); b++) {
      const { fromHz, toHz } = BANDS[b];
      const from = Math.ceil(fromHz / binHz);
      const to = Math.min(Math.ceil(toHz / binHz), size / 2);
      const least = (perMeanSquare * bandPowers[b]) / (toHz - fromHz);
      for (let k = from; k < to; k++) {
        if (powers[slots[k]] < least) continue;
        const [p, q] = [order[k], order[size - k]];
        this.#count(re[p], im[p], re[q], im[q]);
      }
    }
  }

  /** `null` while too little was heard that both channels hold alike. */
  read(): Analysis['stereo']['middle'] {
    if (this.#cells < FEWEST_CELLS) return null;
    const peak = this.#peak();
    const core = this.#sumWithin(peak, CORE_STEPS);
    const around = this.#sumWithin(peak, AROUND_STEPS) - core;
    const sure = Math.max(0, core - CHANCE * Math.sqrt(core)) / (2 * CORE_STEPS + 1);
    const sharpness = (sure * 2 * (AROUND_STEPS - CORE_STEPS)) / Math.max(1, around);
    return { offsetDb: (peak - FARTHEST_STEPS) / STEPS_PER_DB, sharpness };
  }

  /** The step where most cells stand, the near ones counted for more. */
  #peak(): number {
    const counts = this.#counts;
    let [peak, most] = [FARTHEST_STEPS, -1];
    for (let at = FARTHEST_STEPS - FARTHEST_PEAK_STEPS; at <= FARTHEST_STEPS + FARTHEST_PEAK_STEPS; at++) {
      let sum = 0;
      for (let d = -CORE_STEPS; d <= CORE_STEPS; d++) sum += counts[at + d] * (CORE_STEPS + 1 - Math.abs(d));
      if (sum > most) [peak, most] = [at, sum];
    }
    return peak;
  }

  #sumWithin(peak: number, steps: number): number {
    return this.#counts.subarray(peak - steps, peak + steps + 1).reduce((sum, count) => sum + count, 0);
  }

  /** One cell, of Z[k] = (a, b) and Z[−k] = (c, d): 2L = (a + c, b − d), 2R = (b + d, c − a). */
  #count(a: number, b: number, c: number, d: number): void {
    const left = (a + c) ** 2 + (b - d) ** 2;
    const right = (b + d) ** 2 + (c - a) ** 2;
    const product = (a + c) * (b + d) + (b - d) * (c - a);
    if (!(product > 0 && product * product >= ALIKE * left * right)) return;
    this.#cells++;
    const step = Math.round(dbFromPower(left / right) * STEPS_PER_DB) + FARTHEST_STEPS;
    if (step >= 0 && step < this.#counts.length) this.#counts[step]++;
  }
}
