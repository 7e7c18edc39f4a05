// How many notes and strokes set in, and how steady their pulse is. Both follow the rise from window to window:
//   rise   mean over the third-octaves from 50 Hz of max(0, level − level two windows, 46 ms, before), in dB; a band more than
//          50 dB below the loudest of late counts as that
//   onset  a rise that is the largest within ±70 ms and stands 2 dB above the mean of the half second before
//   pulse  largest autocorrelation of the rise, normalised, over lags of 0.2 … 1.5 s: 0 without, near 1 for a machine
// Source: Böck, Krebs & Schedl, "Evaluating the online capabilities of onset detection methods", ISMIR 2012 (flux on logarithmic
// bands, peak picking); Ellis, "Beat tracking by dynamic programming", 2007 (autocorrelation of the onset strength).
import type { Frame } from './frames.ts';
import type { ThirdOctave } from './third-octaves.ts';

const LOWEST_HZ = 50;
const SPAN_DB = 50;
/** What the loudest band of late sinks by from window to window: 11 dB/s. */
const SINK_DB = 0.25;
const LOWEST_DB = -200;
const LAG = 2;
const NEIGHBOURS = 3;
const BEFORE = 22;
const LEAST_DB = 2;
const SHORTEST_PULSE_SECONDS = 0.2;
const LONGEST_PULSE_SECONDS = 1.5;
/** Rises of late, and which were audible; a power of two, longer than the longest lag. */
const RING = 128;

/** Memory does not grow with the length of the music. */
export class OnsetMeter {
  readonly #hopSeconds: number;
  readonly #firstBand: number;
  readonly #bands: number;
  /** Levels of the last {@link LAG} windows, the older one first. */
  readonly #levels: Float64Array[];
  readonly #rises = new Float64Array(RING);
  readonly #audible = new Uint8Array(RING);
  readonly #products: Float64Array;
  #loudestDb = LOWEST_DB;
  #sum = 0;
  #windows = 0;
  #onsets = 0;
  #firstAudible = -1;
  #lastAudible = -1;

  constructor(bands: readonly ThirdOctave[], hopSeconds: number) {
    this.#hopSeconds = hopSeconds;
    this.#firstBand = bands.findIndex(({ centreHz }) => centreHz >= LOWEST_HZ);
    this.#bands = bands.length - this.#firstBand;
    this.#levels = Array.from({ length: LAG }, () => new Float64Array(this.#bands));
    this.#products = new Float64Array(Math.ceil(LONGEST_PULSE_SECONDS / hopSeconds) + 1);
  }

  hear({ loudness, bandPowers, bandLevels }: Frame): void {
    const at = this.#windows % RING;
    const rise = this.#riseTo(bandPowers, bandLevels);
    this.#rises[at] = this.#windows < LAG ? 0 : rise;
    this.#audible[at] = loudness < 0 ? 0 : 1;
    if (loudness >= 0) {
      if (this.#firstAudible < 0) this.#firstAudible = this.#windows;
      this.#lastAudible = this.#windows;
    }
    this.#sum += this.#rises[at];
    const lags = Math.min(this.#products.length, this.#windows + 1);
    for (let lag = 0; lag < lags; lag++) this.#products[lag] += this.#rises[at] * this.#rises[(at - lag) & (RING - 1)];
    this.#windows++;
    if (this.#windows > BEFORE + NEIGHBOURS) this.#pick(this.#windows - 1 - NEIGHBOURS);
  }

  /** Onsets per second from the first to the last audible window (−70 LUFS), and how steady their pulse is. */
  read(): { onsetsPerSecond: number; pulse: number } {
    const windows = this.#firstAudible < 0 ? 0 : this.#lastAudible - this.#firstAudible + 1;
    const onsetsPerSecond = windows > 0 ? this.#onsets / (windows * this.#hopSeconds) : 0;
    return { onsetsPerSecond, pulse: this.#pulse() };
  }

  #riseTo(powers: Float64Array, levels: Float64Array): number {
    const before = this.#levels[0];
    const count = this.#bands;
    let loudestDb = LOWEST_DB;
    for (let b = this.#firstBand; b < powers.length; b++) if (powers[b] > 0) loudestDb = Math.max(loudestDb, levels[b]);
    this.#loudestDb = Math.max(LOWEST_DB, this.#loudestDb - SINK_DB, loudestDb);
    const floorDb = this.#loudestDb - SPAN_DB;
    let sum = 0;
    for (let b = 0; b < count; b++) {
      const band = this.#firstBand + b;
      const level = powers[band] > 0 ? Math.max(floorDb, levels[band]) : floorDb;
      sum += Math.max(0, level - Math.max(floorDb, before[b]));
      before[b] = level;
    }
    this.#levels.push(before);
    this.#levels.shift();
    return sum / count;
  }

  #pick(window: number): void {
    const riseAt = (n: number): number => this.#rises[n & (RING - 1)];
    const rise = riseAt(window);
    for (let k = 1; k <= NEIGHBOURS; k++) if (riseAt(window - k) >= rise || riseAt(window + k) > rise) return;
    let before = 0;
    for (let k = 1; k <= BEFORE; k++) before += riseAt(window - k);
    if (this.#audible[window & (RING - 1)] && rise >= before / BEFORE + LEAST_DB) this.#onsets++;
  }

  #pulse(): number {
    const mean = this.#sum / Math.max(1, this.#windows);
    const covariance = (lag: number): number => this.#products[lag] / (this.#windows - lag) - mean * mean;
    const shortest = Math.ceil(SHORTEST_PULSE_SECONDS / this.#hopSeconds);
    if (this.#windows <= 2 * this.#products.length || !(covariance(0) > 0)) return 0;
    let largest = 0;
    for (let lag = shortest; lag < this.#products.length; lag++) largest = Math.max(largest, covariance(lag));
    return Math.min(1, largest / covariance(0));
  }
}
