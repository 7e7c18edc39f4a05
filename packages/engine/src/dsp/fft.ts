// Discrete Fourier transform: X[k] = Σₙ x[n] · e^(−2πikn/N), decimation in time, radix 2 after a first pass of radix 4.
// Source: Cooley & Tukey, "An algorithm for the machine calculation of complex Fourier series", 1965.
// The turns are rounded so that every engine computes with the same ones (dsp/quantise.ts).
import { quantiseCoefficient } from './quantise.ts';

/** A transform of one size, a power of two of at least 4, on split real and imaginary parts. */
export class Fft {
  readonly size: number;
  /** Where sample n belongs in the input: `input[order[n]] = x[n]`. */
  readonly order: Uint32Array;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.order = new Uint32Array(size);
    for (let n = 1; n < size; n++) this.order[n] = (this.order[n >> 1] >> 1) | (n & 1 ? size >> 1 : 0);
    this.#cosines = Float64Array.from({ length: size / 2 }, (_, k) =>
      quantiseCoefficient(Math.cos((2 * Math.PI * k) / size)),
    );
    this.#sines = Float64Array.from({ length: size / 2 }, (_, k) =>
      quantiseCoefficient(-Math.sin((2 * Math.PI * k) / size)),
    );
  }

  /** Transforms in place: samples in {@link order} in, frequencies in their natural order out. */
  transform(re: Float64Array, im: Float64Array): void {
    firstTwoPasses(re, im, this.size);
    for (let half = 4; half < this.size; half *= 2) this.#pass(re, im, half);
  }

  #pass(re: Float64Array, im: Float64Array, half: number): void {
    const cosines = this.#cosines;
    const sines = this.#sines;
    const stride = this.size / (2 * half);
    for (let group = 0; group < this.size; group += 2 * half) {
      for (let a = group, b = group + half, w = 0; a < group + half; a++, b++, w += stride) {
        const c = cosines[w];
        const s = sines[w];
        const x = re[b];
        const y = im[b];
        const turnedRe = x * c - y * s;
        const turnedIm = x * s + y * c;
        re[b] = re[a] - turnedRe;
        im[b] = im[a] - turnedIm;
        re[a] += turnedRe;
        im[a] += turnedIm;
      }
    }
  }
}

/** Transforms of four points, whose turns are 1, −i, −1 and i. */
const firstTwoPasses = (re: Float64Array, im: Float64Array, size: number): void => {
  for (let i = 0; i < size; i += 4) {
    const sumRe = re[i] + re[i + 1];
    const sumIm = im[i] + im[i + 1];
    const differenceRe = re[i] - re[i + 1];
    const differenceIm = im[i] - im[i + 1];
    const oddSumRe = re[i + 2] + re[i + 3];
    const oddSumIm = im[i + 2] + im[i + 3];
    const oddDifferenceRe = re[i + 2] - re[i + 3];
    const oddDifferenceIm = im[i + 2] - im[i + 3];
    re[i] = sumRe + oddSumRe;
    im[i] = sumIm + oddSumIm;
    re[i + 1] = differenceRe + oddDifferenceIm;
    im[i + 1] = differenceIm - oddDifferenceRe;
    re[i + 2] = sumRe - oddSumRe;
    im[i + 2] = sumIm - oddSumIm;
    re[i + 3] = differenceRe - oddDifferenceIm;
    im[i + 3] = differenceIm + oddDifferenceRe;
  }
};
