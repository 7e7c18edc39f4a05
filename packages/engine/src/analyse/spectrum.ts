// Long-term power spectrum of both channels and their cross-spectrum, by averaged windows.
// Source: Welch, "The use of fast Fourier transform for the estimation of power spectra", 1967. Hann windows of about 0.3 s that
// overlap by three quarters, with silence before and after, so that every sample counts alike.
import type { StereoBlock } from '../audio.ts';
import { SlidingTransform } from './sliding-transform.ts';

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
  /** Its imaginary part, in the lows: above 0 where the right channel is late. */
  readonly quadrature: Float64Array;
};

/** Phase between the channels is asked for up to here. */
const PHASE_TO_HZ = 1000;

/** Memory does not grow with what is heard. */
export class SpectrumMeter {
  readonly #transform: SlidingTransform;
  readonly #spectrum: Spectrum;

  constructor(sampleRateHz: number) {
    const size = windowFrames(sampleRateHz);
    this.#transform = new SlidingTransform(size, (re, im) => this.#addPowers(re, im));
    const bins = size / 2 + 1;
    this.#spectrum = {
      binHz: sampleRateHz / size,
      left: new Float64Array(bins),
      right: new Float64Array(bins),
      cross: new Float64Array(bins),
      quadrature: new Float64Array(Math.min(bins, Math.ceil((PHASE_TO_HZ * size) / sampleRateHz))),
    };
    this.#transform.pushSilence(size - this.#transform.hop);
  }

  push(block: StereoBlock, frames: number): void {
    this.#transform.push(block, frames);
  }

  /** Ends the signal with silence and reads the spectrum. */
  finish(): Spectrum {
    this.#transform.pushSilence(this.#transform.size);
    return this.#spectrum;
  }

  /** L = (Z[k] + Z*[−k]) / 2 and R = (Z[k] − Z*[−k]) / 2i. */
  #addPowers(re: Float64Array, im: Float64Array): void {
    const { left, right, cross } = this.#spectrum;
    const last = re.length - 1;
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
    this.#addQuadrature(re, im);
  }

  #addQuadrature(re: Float64Array, im: Float64Array): void {
    const { quadrature } = this.#spectrum;
    const last = re.length - 1;
    for (let k = 0; k < quadrature.length; k++) {
      const mirrored = (last + 1 - k) & last;
      quadrature[k] +=
        (im[k] - im[mirrored]) * (im[k] + im[mirrored]) - (re[k] + re[mirrored]) * (re[mirrored] - re[k]);
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
