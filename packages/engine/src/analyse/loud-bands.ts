// How a band's level moves over the loud parts: its 10, 50 and 90 % levels, relative to its own mean there.
// Loud are the windows that pass the gates of BS.1770-5: −70 LUFS, then 10 LU below the mean of those. As the second gate is
// known only at the end, a histogram is kept for every loudness (steps of 1 LU) and band: 9 MB, for any length of music.
// Levels are read to within ±0.13 dB.
import { dbFromPower, lufsFromPower, powerFromDb } from '../units.ts';
import type { Frame } from './frames.ts';

const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;
const LOUDNESSES = 100;
const LOWEST_DB = -140;
const STEPS_PER_DB = 4;
const LEVELS = 170 * STEPS_PER_DB;

export type LevelSpread = { p10Db: number; p50Db: number; p90Db: number };

/** Which of `count` steps a level falls into; those beyond the ends count to the ends. */
const stepOf = (level: number, count: number): number => Math.max(0, Math.min(count - 1, Math.floor(level)));

export class LoudBandMeter {
  readonly #bands: number;
  /** Of each loudness: windows, their K-weighted powers, and per band the powers and the histogram of levels. */
  readonly #windows = new Float64Array(LOUDNESSES);
  readonly #loudPowers = new Float64Array(LOUDNESSES);
  readonly #powers: Float64Array;
  readonly #counts: Uint32Array;

  constructor(bands: number) {
    this.#bands = bands;
    this.#powers = new Float64Array(LOUDNESSES * bands);
    this.#counts = new Uint32Array(LOUDNESSES * bands * LEVELS);
  }

  hear({ loudPower, bandPowers }: Frame): void {
    const lufs = lufsFromPower(loudPower);
    if (lufs === null || lufs < ABSOLUTE_GATE_LUFS) return;
    const loudness = stepOf(lufs - ABSOLUTE_GATE_LUFS, LOUDNESSES);
    this.#windows[loudness]++;
    this.#loudPowers[loudness] += loudPower;
    for (let b = 0; b < this.#bands; b++) {
      const row = loudness * this.#bands + b;
      const power = bandPowers[b];
      const level = power > 0 ? stepOf((dbFromPower(power) - LOWEST_DB) * STEPS_PER_DB, LEVELS) : 0;
      this.#powers[row] += power;
      this.#counts[row * LEVELS + level]++;
    }
  }

  /** One per band, relative to the band's mean power over the loud parts; none if nothing was loud enough. */
  read(): LevelSpread[] {
    const first = this.#firstLoud();
    const windows = this.#windows.subarray(first).reduce((sum, count) => sum + count, 0);
    if (windows === 0) return [];
    return Array.from({ length: this.#bands }, (_, b) => this.#spreadOf(b, first, windows));
  }

  /** The first step of loudness that passes the second gate. */
  #firstLoud(): number {
    const sum = (values: Float64Array): number => values.reduce((a, value) => a + value, 0);
    const mean = sum(this.#loudPowers) / Math.max(1, sum(this.#windows));
    const gateLufs = lufsFromPower(mean * powerFromDb(RELATIVE_GATE_LU)) ?? ABSOLUTE_GATE_LUFS;
    return stepOf(gateLufs - ABSOLUTE_GATE_LUFS, LOUDNESSES);
  }

  #spreadOf(band: number, first: number, windows: number): LevelSpread {
    const counts = new Float64Array(LEVELS);
    let power = 0;
    for (let loudness = first; loudness < LOUDNESSES; loudness++) {
      const row = loudness * this.#bands + band;
      power += this.#powers[row];
      for (let level = 0; level < LEVELS; level++) counts[level] += this.#counts[row * LEVELS + level];
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
