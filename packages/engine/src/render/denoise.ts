// Takes hiss down where it is not covered by music: each frequency is turned down by how little stands above the noise.
//   windows of 46 ms (2048 samples at 44.1 kHz), a quarter of them apart, √Hann before and after
//   γ = mean power of both channels / noise;  ξ = a·G²γ of the window before + (1 − a)·max(γ − 1, 0)
//   G = log-spectral amplitude estimator (dsp/log-spectral-gain.ts), smoothed over three frequencies, never below the floor
// Both channels get the same gain, so that the image stays. Source: Ephraim & Malah 1984 (decision-directed ξ) and 1985.
// The noise is what the analysis heard, in third-octave bands. Latency: one window.
import type { StereoBlock } from '../audio.ts';
import { Fft } from '../dsp/fft.ts';
import { logSpectralGain } from '../dsp/log-spectral-gain.ts';
import { quantiseCoefficient } from '../dsp/quantise.ts';
import { type Complexes, WindowTransform } from '../dsp/window-transform.ts';
import { dbFromPower, gainFromDb, powerFromDb } from '../units.ts';
import type { Processor } from './processor.ts';

type NoiseBand = { centreHz: number; levelDbfs: number };
export type DenoiseParameters = { bands: NoiseBand[]; maxReductionDb: number };

const WINDOW_SECONDS = 0.046;
const OVERLAP = 4;
/** a: music moves faster than the 0.98 of speech at a step of 8 ms allows. */
const MEMORY = 0.96;
/** Smallest ξ; below it the gain would flutter. */
const LEAST_PRIOR = quantiseCoefficient(powerFromDb(-18));
const LEAST_POSTERIOR = 1e-6;
/** The noise is taken to be so much less than was heard: costs no noise reduction to speak of, and dulls half as much. */
const CAUTION_DB = 3;
const HALF_BAND = 10 ** 0.05;
const RELATIVE_WIDTH = HALF_BAND - 1 / HALF_BAND;
/** Powers are small: they are rounded to steps of 2⁻⁸⁰. */
const POWER_SCALE = 2 ** 40;

const quantisePower = (power: number): number => quantiseCoefficient(power * POWER_SCALE) / POWER_SCALE;

/** Noise power in each bin of a window, as the transform shows it; 0 below the lowest band. */
const noiseSpectrum = (bands: readonly NoiseBand[], sampleRateHz: number, window: Float64Array): Float64Array => {
  const noise = new Float64Array(window.length / 2 + 1);
  const energy = window.reduce((sum, w) => sum + w * w, 0);
  const densityDb = bands.map(
    ({ centreHz, levelDbfs }) => levelDbfs - CAUTION_DB - dbFromPower(centreHz * RELATIVE_WIDTH),
  );
  for (let k = 1; k < noise.length; k++) {
    const hz = (k * sampleRateHz) / window.length;
    if (hz < bands[0].centreHz / HALF_BAND) continue;
    // One-sided density to the two-sided spectrum.
    noise[k] = quantisePower((powerFromDb(densityAt(bands, densityDb, hz)) * sampleRateHz * energy) / 2);
  }
  return noise;
};

/** Straight lines between the centres, over the logarithm of frequency; beyond the ends as at the ends. */
const densityAt = (bands: readonly NoiseBand[], densityDb: readonly number[], hz: number): number => {
  const above = bands.findIndex(({ centreHz }) => centreHz >= hz);
  if (above === 0) return densityDb[0];
  if (above < 0) return densityDb[densityDb.length - 1];
  const [from, to] = [bands[above - 1].centreHz, bands[above].centreHz];
  const along = Math.log(hz / from) / Math.log(to / from);
  return densityDb[above - 1] + along * (densityDb[above] - densityDb[above - 1]);
};

/** From the powers of one window to its gains. */
class NoiseGain {
  readonly gains: Float64Array;
  readonly #noise: Float64Array;
  readonly #floor: number;
  /** G²γ of the window before. */
  readonly #before: Float64Array;
  readonly #raw: Float64Array;

  constructor(noise: Float64Array, maxReductionDb: number) {
    this.#noise = noise;
    this.#floor = quantiseCoefficient(gainFromDb(-maxReductionDb));
    this.#before = new Float64Array(noise.length);
    this.#raw = new Float64Array(noise.length + 2).fill(1);
    this.gains = new Float64Array(noise.length).fill(1);
  }

  /** @param powers of both channels together */
  update(powers: Float64Array): void {
    const noise = this.#noise;
    const before = this.#before;
    const raw = this.#raw;
    for (let k = 0; k < noise.length; k++) {
      if (noise[k] === 0) continue;
      const posterior = Math.max(LEAST_POSTERIOR, powers[k] / (2 * noise[k]));
      const prior = Math.max(LEAST_PRIOR, MEMORY * before[k] + (1 - MEMORY) * Math.max(0, posterior - 1));
      const gain = Math.min(1, logSpectralGain(prior, posterior));
      before[k] = gain * gain * posterior;
      raw[k + 1] = Math.max(this.#floor, gain);
    }
    for (let k = 0; k < noise.length; k++) {
      this.gains[k] = noise[k] === 0 ? 1 : (raw[k] + 2 * raw[k + 1] + raw[k + 2]) / 4;
    }
  }
}

class Denoise implements Processor {
  readonly latencyFrames: number;
  readonly #transform: WindowTransform;
  readonly #inverse: Fft;
  readonly #hop: number;
  /** √Hann, and the same with the gain of the overlap taken out. */
  readonly #analysis: Float64Array;
  readonly #synthesis: Float64Array;
  readonly #gain: NoiseGain;
  readonly #powers: Float64Array;
  readonly #input: StereoBlock;
  readonly #output: StereoBlock;
  readonly #swapped: Complexes;
  #filled = 0;

  constructor({ bands, maxReductionDb }: DenoiseParameters, sampleRateHz: number) {
    const size = 2 ** Math.round(Math.log2(WINDOW_SECONDS * sampleRateHz));
    const plane = (): Float64Array => new Float64Array(size);
    this.#transform = new WindowTransform(size);
    this.#inverse = new Fft(size);
    this.#hop = size / OVERLAP;
    this.#analysis = plane().map((_, n) => quantiseCoefficient(Math.sin((Math.PI * (n + 0.5)) / size)));
    this.#synthesis = this.#analysis.map((w) => (2 * w) / (OVERLAP * size));
    this.#gain = new NoiseGain(noiseSpectrum(bands, sampleRateHz, this.#analysis), maxReductionDb);
    this.#powers = new Float64Array(size / 2 + 1);
    this.#input = { left: plane(), right: plane() };
    this.#output = { left: plane(), right: plane() };
    this.#swapped = { re: plane(), im: plane() };
    this.latencyFrames = size;
  }

  process(block: StereoBlock, frames: number): void {
    const { size } = this.#transform;
    let from = 0;
    while (from < frames) {
      const to = Math.min(frames, from + this.#hop - this.#filled);
      const at = size - this.#hop + this.#filled;
      for (const [plane, input, output] of [
        [block.left, this.#input.left, this.#output.left],
        [block.right, this.#input.right, this.#output.right],
      ]) {
        input.set(plane.subarray(from, to), at);
        plane.set(output.subarray(this.#filled, this.#filled + to - from), from);
      }
      this.#filled += to - from;
      from = to;
      if (this.#filled === this.#hop) this.#endHop();
    }
  }

  #endHop(): void {
    const { left, right } = this.#input;
    const spectrum = this.#transform.transform(this.#analysis, this.#input);
    this.#readPowers(spectrum);
    this.#gain.update(this.#powers);
    this.#applyGains(spectrum);
    // The inverse is the transform with real and imaginary parts exchanged, before and after.
    this.#inverse.transform(this.#swapped.im, this.#swapped.re);
    this.#overlap(this.#output.left, this.#swapped.re);
    this.#overlap(this.#output.right, this.#swapped.im);
    left.copyWithin(0, this.#hop);
    right.copyWithin(0, this.#hop);
    this.#filled = 0;
  }

  /** One transform carries both channels, Z = L + iR: |L[k]|² + |R[k]|² = (|Z[k]|² + |Z[−k]|²) / 2. */
  #readPowers({ re, im }: Complexes): void {
    const { order, size } = this.#transform;
    for (let k = 0; k < this.#powers.length; k++) {
      const [at, mirrored] = [order[k], order[(size - k) % size]];
      this.#powers[k] = (re[at] ** 2 + im[at] ** 2 + re[mirrored] ** 2 + im[mirrored] ** 2) / 2;
    }
  }

  /** In the scattered order of the transform, which the inverse wants. */
  #applyGains({ re, im }: Complexes): void {
    const { order, size } = this.#transform;
    const { gains } = this.#gain;
    for (let at = 0; at < size; at++) {
      const k = order[at];
      const gain = gains[k <= size / 2 ? k : size - k];
      this.#swapped.re[at] = gain * re[at];
      this.#swapped.im[at] = gain * im[at];
    }
  }

  #overlap(output: Float64Array, window: Float64Array): void {
    output.copyWithin(0, this.#hop);
    output.fill(0, output.length - this.#hop);
    for (let n = 0; n < output.length; n++) output[n] += this.#synthesis[n] * window[n];
  }
}

export const createDenoise = (parameters: DenoiseParameters, sampleRateHz: number): Processor =>
  new Denoise(parameters, sampleRateHz);
