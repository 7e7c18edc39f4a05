// How a band's level moves over the loud parts: its 10, 50 and 90 % levels, relative to its own mean there.
// A histogram is kept for every band and every step of loudness that occurs: 9 MB at most. Read to within ±0.13 dB.
import { dbFromPower } from '../units.ts';
import type { Frame } from './frames.ts';
import { LOUDNESSES, type Loud, stepOf } from './loud-gate.ts';

const LOWEST_DB = -140;
const STEPS_PER_DB = 4;
const LEVELS = 170 * STEPS_PER_DB;

export type LevelSpread = { p10Db: number; p50Db: number; p90Db: number };

/** Adds a histogram that starts at an index; there is none of a step of loudness that never occurred. */
const addCounts = (sums: Float64Array, counts: Uint32Array | undefined, from: number): void => {
  if (counts) for (let level = 0; level < LEVELS; level++) sums[level] += counts[from + level];
};

export class LoudBandMeter {
  readonly #bands: number;
  /** Of each loudness and band: the sum of powers and the histogram of levels. */
  readonly #powers: Float64Array;
  readonly #counts: Uint32Array[] = [];
  #loudest = -1;

  constructor(bands: number) {
    this.#bands = bands;
    this.#powers = new Float64Array(LOUDNESSES * bands);
  }

  hear({ loudness, bandPowers, bandLevels }: Frame): void {
    if (loudness < 0) return;
    if (loudness > this.#loudest) this.#loudest = loudness;
    this.#counts[loudness] ??= new Uint32Array(this.#bands * LEVELS);
    const counts = this.#counts[loudness];
    for (let b = 0; b < this.#bands; b++) {
      const power = bandPowers[b];
      const level = power > 0 ? stepOf((bandLevels[b] - LOWEST_DB) * STEPS_PER_DB, LEVELS) : 0;
      this.#powers[loudness * this.#bands + b] += power;
      counts[b * LEVELS + level]++;
    }
  }

  /** One per band, relative to the band's mean power over the loud parts; none if nothing was loud enough. */
  read({ first, windows }: Loud): LevelSpread[] {
    if (windows === 0) return [];
    return Array.from({ length: this.#bands }, (_, b) => this.#spreadOf(b, first, windows));
  }

  #spreadOf(band: number, first: number, windows: number): LevelSpread {
    const counts = new Float64Array(LEVELS);
    let power = 0;
    for (let loudness = first; loudness <= this.#loudest; loudness++) {
      power += this.#powers[loudness * this.#bands + band];
      addCounts(counts, this.#counts[loudness], band * LEVELS);
    }
    if (power === 0) return { p10Db: 0, p50Db: 0, p90Db: 0 };
    const meanDb = dbFromPower(power / windows);
    const at = (fraction: number): number => {
      let level = 0;
      for (let below = counts[0]; below < fraction * windows; below += counts[level]) level++;
      return LOWEST_DB + (level + 0.5) / STEPS_PER_DB - meanDb;
    };
    return { p10Db: at(0.1), p50Db: at(0.5), p90Db: at(0.9) };
  }
}
