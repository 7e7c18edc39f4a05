// Long-term power spectrum of both channels and their cross-spectrum, by averaged windows.
// Source: Welch, "The use of fast Fourier transform for the estimation of power spectra", 1967. Hann windows of about 0.3 s that
// overlap by three quarters, with silence before and after, so that every sample counts alike.
import type { StereoBlock } from '../audio.ts';
import { PairSpectrum, slotsOf } from '../dsp/pair-spectrum.ts';
import type { SingleComplexes } from '../dsp/power-sums.ts';
import { Lodger, type Room, roomsBySize } from '../kernels/room.ts';
import { SlidingTransform } from './sliding-transform.ts';

const SHORTEST_WINDOW_SECONDS = 0.3;

/** Of the long windows: a power of two. */
export const windowFrames = (sampleRateHz: number): number =>
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

const USUAL_OVERLAP = 4;
/** Phase between the channels is asked for up to here. */
const PHASE_TO_HZ = 1000;
/** Sums for left, right and cross. */
const roomOf = roomsBySize(3, slotsOf);

/** Memory does not grow with what is heard. */
export class SpectrumMeter {
  readonly #transform: SlidingTransform;
  readonly #bins: PairSpectrum;
  readonly #binHz: number;
  readonly #room: Room;
  readonly #lodger = new Lodger();
  readonly #quadrature: Float64Array;

  /** @param overlap how many windows hold each sample: with four every sample counts alike, with two nearly so */
  constructor(sampleRateHz: number, overlap: 2 | 4 = USUAL_OVERLAP) {
    const size = windowFrames(sampleRateHz);
    this.#bins = new PairSpectrum(size);
    this.#binHz = sampleRateHz / size;
    this.#room = roomOf(size);
    this.#quadrature = new Float64Array(Math.min(slotsOf(size), Math.ceil((PHASE_TO_HZ * size) / sampleRateHz)));
    this.#transform = new SlidingTransform(size, overlap, (spectrum) => {
      const [left, right, cross] = this.#room.enter(this.#lodger);
      this.#bins.add(spectrum, { left, right, cross });
      this.#addQuadrature(spectrum);
    });
    this.#transform.pushSilence(size - this.#transform.hop);
  }

  push(block: StereoBlock, frames: number): void {
    this.#transform.push(block, frames);
  }

  /** Ends the signal with silence and reads the spectrum. */
  finish(): Spectrum {
    this.#transform.pushSilence(this.#transform.size);
    this.#transform.flush();
    const [left, right, cross] = this.#room.enter(this.#lodger).map((sums) => this.#bins.inOrder(sums));
    return { binHz: this.#binHz, left, right, cross, quadrature: this.#quadrature };
  }

  /** Im(4 L R*) = Im((Z[k] + Z*[−k]) · (i(Z[k] − Z*[−k]))). */
  #addQuadrature({ re, im }: SingleComplexes): void {
    const { order, size } = this.#transform;
    for (let k = 0; k < this.#quadrature.length; k++) {
      const [here, mirrored] = [order[k], order[(size - k) & (size - 1)]];
      this.#quadrature[k] +=
        (im[here] - im[mirrored]) * (im[here] + im[mirrored]) - (re[here] + re[mirrored]) * (re[mirrored] - re[here]);
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
