// Convolution of two channels with one symmetric filter by overlap-save: y = IFFT(FFT(x) · G), segments of F frames that overlap
// by the filter's length less one. Both channels travel in one transform, L + iR; G is real, because the taps are even
// around the centre. Source: Oppenheim & Schafer, Discrete-Time Signal Processing, section 8.7.3; IFFT(a + ib) from the FFT
// of b + ia with the parts exchanged.
// Latency: half the filter and one hop. Accuracy: 1e-15 of the loudest sample of a segment.
// The same bits on every machine, as the transforms are (fft.ts).
import type { StereoBlock } from '../audio.ts';
import { Fft } from './fft.ts';

/** Segments of four times the filter: three quarters of each transform come out. */
const SEGMENT_PER_FILTER = 4;
/** What rounding leaves where there was silence: −280 dB. */
const RESIDUE = 1e-14;

export class StereoConvolver {
  readonly latencyFrames: number;
  readonly #fft: Fft;
  readonly #half: number;
  readonly #hop: number;
  readonly #gains: Float64Array;
  /** The running segment: the past first, then what comes in. */
  readonly #left: Float64Array;
  readonly #right: Float64Array;
  readonly #re: Float64Array;
  readonly #im: Float64Array;
  readonly #turnedRe: Float64Array;
  readonly #turnedIm: Float64Array;
  /** Frames of the running hop that have come in, and of the hop before that have gone out. */
  #filled = 0;

  /** @param taps odd in number, one more than a power of two, symmetric around the middle one */
  constructor(taps: Float64Array) {
    const size = SEGMENT_PER_FILTER * (taps.length - 1);
    this.#half = (taps.length - 1) / 2;
    this.#hop = size - 2 * this.#half;
    this.latencyFrames = this.#half + this.#hop;
    this.#fft = new Fft(size);
    [this.#left, this.#right, this.#re, this.#im, this.#turnedRe, this.#turnedIm] = Array.from(
      { length: 6 },
      () => new Float64Array(size),
    );
    this.#gains = this.#gainsOf(taps);
  }

  /** Filters the first `frames` samples of both planes in place. */
  process({ left, right }: StereoBlock, frames: number): void {
    for (let i = 0; i < frames; ) {
      const count = Math.min(frames - i, this.#hop - this.#filled);
      this.#left.set(left.subarray(i, i + count), 2 * this.#half + this.#filled);
      this.#right.set(right.subarray(i, i + count), 2 * this.#half + this.#filled);
      const ready = this.#half + this.#filled;
      left.set(this.#turnedIm.subarray(ready, ready + count), i);
      right.set(this.#turnedRe.subarray(ready, ready + count), i);
      this.#filled += count;
      i += count;
      if (this.#filled === this.#hop) this.#endHop();
    }
  }

  #endHop(): void {
    const { order } = this.#fft;
    const re = this.#re;
    const im = this.#im;
    const gains = this.#gains;
    for (let n = 0; n < order.length; n++) {
      re[order[n]] = this.#left[n];
      im[order[n]] = this.#right[n];
    }
    this.#fft.transform(re, im);
    for (let k = 0; k < order.length; k++) {
      this.#turnedRe[order[k]] = gains[k] * im[k];
      this.#turnedIm[order[k]] = gains[k] * re[k];
    }
    this.#fft.transform(this.#turnedRe, this.#turnedIm);
    silenceResidue(this.#turnedRe);
    silenceResidue(this.#turnedIm);
    this.#left.copyWithin(0, this.#hop);
    this.#right.copyWithin(0, this.#hop);
    this.#filled = 0;
  }

  /** Response at every frequency of the transform, with the 1/F of the way back. */
  #gainsOf(taps: Float64Array): Float64Array {
    const { order, size } = this.#fft;
    const re = new Float64Array(size);
    taps.forEach((tap, n) => {
      re[order[(n - this.#half + size) % size]] = tap;
    });
    this.#fft.transform(re, new Float64Array(size));
    return re.map((gain) => gain / size);
  }
}

const silenceResidue = (samples: Float64Array): void => {
  for (let i = 0; i < samples.length; i++) if (Math.abs(samples[i]) < RESIDUE) samples[i] = 0;
};
