// Hiss: noise that never stops. In the quietest moments of every third-octave band nothing else is left, and those moments
// are then all alike: the lower end of the band's levels is as sharp as chance allows. Music has no such edge: it fades.
// Source: Martin, "Noise power spectral density estimation based on optimal smoothing and minimum statistics", IEEE Trans.
// Speech and Audio Processing 9 (2001): the minimum of the short-time power is noise; here the lower percentiles of all of it.
//   levels of noise in a band of n bins, two channels, Hann window: spread σ = 4.34 dB / √n
//   steady: L₅ − L₁ ≤ 0.35 dB + 0.9σ,  L₂₀ − L₅ ≤ 0.7 dB + 0.9σ   (Gauss: 0.68σ and 0.80σ)
// Hiss is found where three neighbouring bands are steady, or two above 7 kHz, and lie on one line. Levels are one-sided
// power densities in dBFS per Hz; a sine of full scale has −3 dBFS. Memory: a histogram for each band.
import type { Hiss } from '../analysis.ts';
import type { StereoBlock } from '../audio.ts';
import { hannWindow } from '../dsp/fft.ts';
import { dbOfPower } from '../dsp/logarithm.ts';
import { PairSpectrum } from '../dsp/pair-spectrum.ts';
import type { SingleComplexes } from '../dsp/power-sums.ts';
import { dbFromPower, powerFromDb } from '../units.ts';
import { SlidingTransform } from './sliding-transform.ts';

const WINDOW_SECONDS = 0.046;
const OVERLAP = 2;
/** Of base ten, 250 Hz … 20 kHz (IEC 61260-1). */
const FIRST_EXPONENT = 24;
const LAST_EXPONENT = 43;
const LOWEST_DB = -180;
const STEPS_PER_DB = 8;
const STEPS = -LOWEST_DB * STEPS_PER_DB;
/** −180 dB: a window with less is digital silence and says nothing of the noise. */
const SILENT_POWER = 1e-18;

const LOWEST_STEADY_HZ = 1800;
const FEW_ENOUGH_FROM_HZ = 7000;
/** Per Hz: −69 dBFS of white noise up to 20 kHz. What is below belongs to the converters. */
const LOWEST_HISS_DB = -112;
const LARGEST_STRAY_DB = 1;
/** Per band, of a third of an octave. */
const STEEPEST_DB = 1.5;
/** From the tenth percentile to the mean of noise, in units of its spread. */
const MEAN_ABOVE_P10 = 1.28;
const MEAN_ABOVE_P05 = 1.64;
const FEWEST_WINDOWS = 200;

type Band = {
  readonly centreHz: number;
  readonly from: number;
  readonly to: number;
  readonly counts: Uint32Array;
  /** Standard deviation of the level of noise. */
  readonly spreadDb: number;
};

const createBands = (sampleRateHz: number, size: number): Band[] => {
  const bands: Band[] = [];
  for (let exponent = FIRST_EXPONENT; exponent <= LAST_EXPONENT; exponent++) {
    const binOf = (e: number): number => Math.min(size / 2, Math.round((10 ** (e / 10) / sampleRateHz) * size));
    const [from, to] = [binOf(exponent - 0.5), binOf(exponent + 0.5)];
    if (10 ** (exponent / 10) > sampleRateHz / 2.1 || to <= from) break;
    const spreadDb = 4.34 / Math.sqrt(to - from);
    bands.push({ centreHz: 10 ** (exponent / 10), from, to, counts: new Uint32Array(STEPS), spreadDb });
  }
  return bands;
};

const levelAt = ({ counts }: Band, share: number, windows: number): number => {
  let left = share * windows;
  let step = 0;
  while (step < STEPS - 1 && left >= counts[step]) left -= counts[step++];
  return LOWEST_DB + (step + 0.5) / STEPS_PER_DB;
};

/** What is known of a band after the last window. */
type Floor = {
  readonly centreHz: number;
  readonly widthHz: number;
  readonly isSteady: boolean;
  /** The noise, if it is all there is in the quietest moments; more than the noise if it is not. */
  readonly levelDb: number;
  readonly mostDb: number;
};

/** Steady neighbours that lie on one line. */
type Run = { from: number; to: number; levelDb: number; slopeDb: number; strayDb: number };

const runOf = (floors: readonly Floor[], from: number, to: number): Run => {
  const levels = floors.slice(from, to).map(({ levelDb }) => levelDb);
  const middle = (levels.length - 1) / 2;
  const levelDb = levels.reduce((a, b) => a + b, 0) / levels.length;
  const square = levels.reduce((sum, _, k) => sum + (k - middle) ** 2, 0);
  const slopeDb = levels.reduce((sum, level, k) => sum + (k - middle) * (level - levelDb), 0) / square;
  const strays = levels.map((level, k) => Math.abs(level - levelDb - slopeDb * (k - middle)));
  return { from, to, levelDb, slopeDb, strayDb: Math.max(...strays) };
};

const steadyRuns = (floors: readonly Floor[]): Run[] => {
  const runs: Run[] = [];
  for (let from = 0; from < floors.length; from++) {
    let to = from;
    while (to < floors.length && floors[to].isSteady) to++;
    const fewest = floors[from].centreHz > FEW_ENOUGH_FROM_HZ ? 2 : 3;
    if (to - from >= fewest) runs.push(runOf(floors, from, to));
    from = to;
  }
  return runs.filter(({ slopeDb, strayDb }) => strayDb <= LARGEST_STRAY_DB && Math.abs(slopeDb) <= STEEPEST_DB);
};

/** Noise on the line through a run; it cannot be more than the quietest moments hold, nor is it taken to be more than flat. */
const hissAlong = (floors: readonly Floor[], { from, to, levelDb, slopeDb }: Run): Hiss => {
  const bands = floors.map(({ centreHz, widthHz, mostDb, levelDb: measuredDb }, k) => {
    const lineDb = levelDb + slopeDb * (k - (from + to - 1) / 2);
    const densityDb = k >= from && k < to ? measuredDb : Math.min(mostDb, lineDb, levelDb);
    return { centreHz: Math.round(centreHz), levelDbfs: densityDb + dbFromPower(widthHz) };
  });
  return {
    levelDbfs: dbFromPower(bands.reduce((sum, band) => sum + powerFromDb(band.levelDbfs), 0)),
    heardFromHz: Math.round(floors[from].centreHz),
    heardToHz: Math.round(floors[to - 1].centreHz),
    bands,
  };
};

/** Hears both channels together. */
export class HissMeter {
  readonly #transform: SlidingTransform;
  readonly #bins: PairSpectrum;
  readonly #bands: readonly Band[];
  /** First bin of each band, and the one behind its last. */
  readonly #ranges: Float64Array;
  readonly #powers: Float64Array;
  readonly #binHz: number;
  /** From the sum over both channels and both signs of frequency to the mean of both channels, per Hz. */
  readonly #scale: number;
  #windows = 0;

  constructor(sampleRateHz: number) {
    const size = 2 ** Math.round(Math.log2(WINDOW_SECONDS * sampleRateHz));
    this.#transform = new SlidingTransform(size, OVERLAP, (spectrum) => this.#count(spectrum));
    this.#bins = new PairSpectrum(size);
    this.#bands = createBands(sampleRateHz, size);
    this.#ranges = Float64Array.from(this.#bands.flatMap(({ from, to }) => [from, to]));
    this.#powers = new Float64Array(this.#bands.length);
    this.#binHz = sampleRateHz / size;
    this.#scale = 1 / (2 * sampleRateHz * hannWindow(size).reduce((sum, w) => sum + w * w, 0));
  }

  push(block: StereoBlock, frames: number): void {
    this.#transform.push(block, frames);
  }

  /** The hiss, if there is any, and the level of the quietest moments of all bands together. */
  finish(): { floorDbfs: number | null; hiss: Hiss | null } {
    this.#transform.flush();
    if (this.#windows === 0) return { floorDbfs: null, hiss: null };
    const floors = this.#bands.map((band) => this.#floorOf(band));
    const power = floors.reduce((sum, { mostDb, widthHz }) => sum + powerFromDb(mostDb) * widthHz, 0);
    const runs = this.#windows < FEWEST_WINDOWS ? [] : steadyRuns(floors);
    const widest = runs.sort((a, b) => b.to - b.from - (a.to - a.from))[0];
    return { floorDbfs: dbFromPower(power), hiss: widest ? hissAlong(floors, widest) : null };
  }

  #floorOf(band: Band): Floor {
    const { centreHz, spreadDb } = band;
    const [p01, p05, p10, p20] = [0.01, 0.05, 0.1, 0.2].map((share) => levelAt(band, share, this.#windows));
    const isSharp = p05 - p01 <= 0.35 + 0.9 * spreadDb && p20 - p05 <= 0.7 + 0.9 * spreadDb;
    return {
      centreHz,
      widthHz: (band.to - band.from) * this.#binHz,
      isSteady: centreHz > LOWEST_STEADY_HZ && p05 > LOWEST_HISS_DB && isSharp,
      levelDb: p10 + MEAN_ABOVE_P10 * spreadDb,
      mostDb: p05 + MEAN_ABOVE_P05 * spreadDb,
    };
  }

  #count(spectrum: SingleComplexes): void {
    const powers = this.#powers;
    this.#bins.sumRanges(this.#bins.powersOf(spectrum), this.#ranges, powers);
    let most = 0;
    for (let b = 0; b < powers.length; b++) {
      powers[b] = (this.#scale * powers[b]) / (this.#bands[b].to - this.#bands[b].from);
      most = Math.max(most, powers[b]);
    }
    if (most < SILENT_POWER) return;
    for (let b = 0; b < powers.length; b++) {
      const step = Math.floor((dbOfPower(powers[b] + SILENT_POWER) - LOWEST_DB) * STEPS_PER_DB);
      this.#bands[b].counts[Math.max(0, Math.min(STEPS - 1, step))]++;
    }
    this.#windows++;
  }
}
