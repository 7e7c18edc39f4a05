// Long-term power spectrum of both channels and their cross-spectrum, by averaged windows.
// Source: Welch, "The use of fast Fourier transform for the estimation of power spectra", 1967. Hann windows of about 0.3 s that
// overlap by three quarters, with silence before and after, so that every sample counts alike.
import type { StereoBlock } from '../audio.ts';
import { Fft } from '../dsp/fft.ts';

const OVERLAP = 4;
const SHORTEST_WINDOW_SECONDS = 0.3;

const windowFrames = (sampleRateHz: number): number =>
  2 ** Math.max(8, Math.ceil(Math.log2(SHORTEST_WINDOW_SECONDS * sampleRateHz)));

/** Sums per frequency k · `binHz`, from 0 to half the sample rate. Only their ratios mean something. */
export type Spectrum = {
  readonly binHz: number;
  readonly left: Float64Array;
  readonly right: Float64Array;
  /** Real part of left times right conjugate. */
  readonly cross: Float64Array;
};

/** Memory does not grow with what is heard. */
export class SpectrumMeter {
  readonly #fft: Fft;
  readonly #window: Float64Array;
  readonly #hop: number;
  readonly #left: Float64Array;
  readonly #right: Float64Array;
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  readonly #spectrum: Spectrum;
  /** Frames of the running window that are filled; the first ones are silence. */
  #filled: number;

  constructor(sampleRateHz: number) {
    const size = windowFrames(sampleRateHz);
    this.#fft = new Fft(size);
    this.#window = Float64Array.from({ length: size }, (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size));
    this.#hop = size / OVERLAP;
    this.#left = new Float64Array(size);
    this.#right = new Float64Array(size);
    this.#re = new Float64Array(size);
    this.#im = new Float64Array(size);
    this.#filled = size - this.#hop;
    const bins = size / 2 + 1;
    this.#spectrum = {
      binHz: sampleRateHz / size,
      left: new Float64Array(bins),
      right: new Float64Array(bins),
      cross: new Float64Array(bins),
    };
  }

  push(block: StereoBlock, frames: number): void {
    let from = 0;
    while (from < frames) {
      const to = Math.min(frames, from + this.#fft.size - this.#filled);
      this.#left.set(block.left.subarray(from, to), this.#filled);
      this.#right.set(block.right.subarray(from, to), this.#filled);
      this.#filled += to - from;
      from = to;
      if (this.#filled === this.#fft.size) this.#endWindow();
    }
  }

  /** Ends the signal with silence and reads the spectrum. */
  finish(): Spectrum {
    for (let k = 0; k < OVERLAP; k++) {
      this.#left.fill(0, this.#filled);
      this.#right.fill(0, this.#filled);
      this.#endWindow();
    }
    return this.#spectrum;
  }

  #endWindow(): void {
    const order = this.#fft.order;
    for (let n = 0; n < order.length; n++) {
      this.#re[order[n]] = this.#window[n] * this.#left[n];
      this.#im[order[n]] = this.#window[n] * this.#right[n];
    }
    this.#fft.transform(this.#re, this.#im);
    this.#addPowers();
    this.#left.copyWithin(0, this.#hop);
    this.#right.copyWithin(0, this.#hop);
    this.#filled = this.#fft.size - this.#hop;
  }

  /** One transform carries both channels, Z = L + iR: L = (Z[k] + Z*[−k]) / 2 and R = (Z[k] − Z*[−k]) / 2i. */
  #addPowers(): void {
    const { left, right, cross } = this.#spectrum;
    const re = this.#re;
    const im = this.#im;
    const last = this.#fft.size - 1;
    for (let k = 0; k < left.length; k++) {
      const mirrored = (last + 1 - k) & last;
      const leftRe = re[k] + re[mirrored];
      const leftIm = im[k] - im[mirrored];
      const rightRe = im[k] + im[mirrored];
      const rightIm = re[mirrored] - re[k];
      left[k] += leftRe * leftRe + leftIm * leftIm;
      right[k] += rightRe * rightRe + rightIm * rightIm;
      cross[k] += leftRe * rightRe + leftIm * rightIm;
    }
  }
}

/** Sum of a spectrum's bins over a range of frequencies; a bin that lies across an edge counts by its share. */
export const sumBetween = (bins: Float64Array, binHz: number, fromHz: number, toHz: number): number => {
  const from = fromHz / binHz + 0.5;
  const to = Math.min(toHz / binHz + 0.5, bins.length);
  let sum = 0;
  for (let k = Math.floor(from); k < to; k++) sum += bins[k] * (Math.min(to, k + 1) - Math.max(from, k));
  return sum;
};
