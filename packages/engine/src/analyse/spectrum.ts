// Long-term power spectrum of both channels and their cross-spectrum, by averaged windows.
// Source: Welch, "The use of fast Fourier transform for the estimation of power spectra", 1967. Hann windows of about 0.3 s that
// overlap by three quarters, with silence before and after, so that every sample counts alike.
import type { StereoBlock } from '../audio.ts';
import { PairSpectrum, slotsOf } from '../dsp/pair-spectrum.ts';
import { Lodger, type Room, roomsBySize } from '../kernels/room.ts';
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
};

const OVERLAP = 4;
/** Sums for left, right and cross. */
const roomOf = roomsBySize(3, slotsOf);

/** Memory does not grow with what is heard. */
export class SpectrumMeter {
  readonly #transform: SlidingTransform;
  readonly #bins: PairSpectrum;
  readonly #binHz: number;
  readonly #room: Room;
  readonly #lodger = new Lodger();

  constructor(sampleRateHz: number) {
    const size = windowFrames(sampleRateHz);
    this.#bins = new PairSpectrum(size);
    this.#binHz = sampleRateHz / size;
    this.#room = roomOf(size);
    this.#transform = new SlidingTransform(size, OVERLAP, (spectrum) => {
      const [left, right, cross] = this.#room.enter(this.#lodger);
      this.#bins.add(spectrum, { left, right, cross });
    });
    this.#transform.pushSilence(size - this.#transform.hop);
  }

  push(block: StereoBlock, frames: number): void {
    this.#transform.push(block, frames);
  }

  /** Ends the signal with silence and reads the spectrum. */
  finish(): Spectrum {
    this.#transform.pushSilence(this.#transform.size);
    const { slots } = this.#bins;
    const inOrder = (sums: Float64Array): Float64Array => Float64Array.from(slots, (slot) => sums[slot]);
    const [left, right, cross] = this.#room.enter(this.#lodger).map(inOrder);
    return { binHz: this.#binHz, left, right, cross };
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
