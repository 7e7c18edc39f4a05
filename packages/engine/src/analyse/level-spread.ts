// How far the level of the music spreads over its loud parts, from windows of 93 ms, and how full its spectrum is there.
//   deviation  standard deviation of the K-weighted level in dB
//   50 … 95 %  how far the loudest windows stand above the middle ones, in dB; levels are read to within ±0.13 dB
//   flatness   geometric over arithmetic mean of the power per third-octave from 100 Hz to 10 kHz, mean in dB; 0 is full and even
// Source: Gray & Markel, "A spectral-flatness measure for studying the autocorrelation method", 1974 (flatness).
import { dbFromPower, lufsFromPower } from '../units.ts';
import type { Frame } from './frames.ts';
import { LOUDNESSES, type Loud, stepOf, sumFrom } from './loud-gate.ts';
import type { ThirdOctave } from './third-octaves.ts';

const LOWEST_LUFS = -70;
const STEPS_PER_LU = 4;
const FLATNESS_FROM_HZ = 100;
const FLATNESS_TO_HZ = 10000;
/** Bands this far below the mean (−80 dB) count as that. */
const LEAST_SHARE = 1e-8;

type Spread = { levelDeviationDb: number; levelP50ToP95Db: number; flatnessDb: number };

export class LevelSpreadMeter {
  readonly #counts = new Uint32Array(LOUDNESSES * STEPS_PER_LU);
  readonly #flatnesses = new Float64Array(LOUDNESSES);
  readonly #from: number;
  readonly #to: number;

  constructor(bands: readonly ThirdOctave[]) {
    this.#from = bands.findIndex(({ centreHz }) => centreHz >= FLATNESS_FROM_HZ);
    this.#to = bands.findLastIndex(({ centreHz }) => centreHz <= FLATNESS_TO_HZ) + 1;
  }

  hear({ loudness, loudPower, bandPowers }: Frame): void {
    if (loudness < 0) return;
    const level = ((lufsFromPower(loudPower) ?? LOWEST_LUFS) - LOWEST_LUFS) * STEPS_PER_LU;
    this.#counts[stepOf(level, this.#counts.length)]++;
    this.#flatnesses[loudness] += this.#flatnessDb(bandPowers);
  }

  read({ first, windows }: Loud): Spread {
    if (windows === 0) return { levelDeviationDb: 0, levelP50ToP95Db: 0, flatnessDb: 0 };
    const counts = this.#counts.subarray(first * STEPS_PER_LU);
    const mean = counts.reduce((sum, count, k) => sum + count * k, 0) / windows;
    const variance = counts.reduce((sum, count, k) => sum + count * (k - mean) ** 2, 0) / windows;
    const stepAt = (fraction: number): number => {
      let step = 0;
      for (let below = counts[0]; below < fraction * windows; below += counts[step]) step++;
      return step;
    };
    return {
      levelDeviationDb: Math.sqrt(variance) / STEPS_PER_LU,
      levelP50ToP95Db: (stepAt(0.95) - stepAt(0.5)) / STEPS_PER_LU,
      flatnessDb: sumFrom(this.#flatnesses, first) / windows,
    };
  }

  #flatnessDb(powers: Float64Array): number {
    const bands = this.#to - this.#from;
    let sum = 0;
    for (let b = this.#from; b < this.#to; b++) sum += powers[b];
    if (sum === 0) return dbFromPower(LEAST_SHARE);
    // At least 1e-8 to the power of 21: far from the smallest number there is.
    let product = 1;
    for (let b = this.#from; b < this.#to; b++) product *= Math.max(LEAST_SHARE, (bands * powers[b]) / sum);
    return dbFromPower(product) / bands;
  }
}
