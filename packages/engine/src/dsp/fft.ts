// Discrete Fourier transform: X[k] = Σₙ x[n] · e^(−2πikn/N), decimation in time, radix 4, and a last pass of radix 2 where
// the size asks for one. Source: Cooley & Tukey, "An algorithm for the machine calculation of complex Fourier series", 1965.
// Only sums and products in one order, and turns by trigonometry.ts: the same input gives the same bits on every machine.
// Kernel: kernels/fft.ts.
import { addressOf, kernels, reserve } from '../kernels/wasm.ts';
import { cosineOfTurns, sineOfTurns } from './trigonometry.ts';

/** What all transforms of one size share: tables, and a workspace for the length of a call. */
type Shared = {
  readonly order: Uint32Array;
  /** Of all passes, one behind the other; cosines and sines of two neighbours alternate: see {@link turnsOf}. */
  readonly turns: Float64Array;
  readonly re: Float64Array;
  readonly im: Float64Array;
};
const sharedBySize = new Map<number, Shared>();

/** Every number below a power of two with its bits reversed. */
export const bitReversal = (size: number): Uint32Array => {
  const order = new Uint32Array(size);
  for (let n = 1; n < size; n++) order[n] = (order[n >> 1] >> 1) | (n & 1 ? size >> 1 : 0);
  return order;
};

/** e^(−2πi·multiple·k/length) for k and k + 1: two cosines, two sines. */
const pairOfTurns = (k: number, multiple: number, length: number): number[] => {
  const turns = [k, k + 1].map((each) => (multiple * each) / length);
  return [...turns.map(cosineOfTurns), ...turns.map((turn) => -sineOfTurns(turn))];
};

/** For each pass of radix 4 over k: W^2k, W^k and W^3k; for the one of radix 2: W^k. */
const turnsOf = (size: number): number[] => {
  const turns: number[] = [];
  let half = 4;
  for (; 4 * half <= size; half *= 4) {
    for (let k = 0; k < half; k += 2) {
      for (const multiple of [2, 1, 3]) turns.push(...pairOfTurns(k, multiple, 4 * half));
    }
  }
  if (half < size) for (let k = 0; k < half; k += 2) turns.push(...pairOfTurns(k, 1, 2 * half));
  return turns;
};

const sharedOf = (size: number): Shared => {
  const known = sharedBySize.get(size);
  if (known) return known;
  const numbers = turnsOf(size);
  const turns = reserve(numbers.length);
  turns.set(numbers);
  const shared = { order: bitReversal(size), turns, re: reserve(size), im: reserve(size) };
  sharedBySize.set(size, shared);
  return shared;
};

const hannBySize = new Map<number, Float64Array>();

/** A Hann window over a period of so many samples, where kernels can reach it: one for all who ask. */
export const hannWindow = (size: number): Float64Array => {
  const known = hannBySize.get(size);
  if (known) return known;
  const window = reserve(size);
  for (let n = 0; n < size; n++) window[n] = 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / size);
  hannBySize.set(size, window);
  return window;
};

/** A transform of one size, a power of two of at least 4, on split real and imaginary parts. */
export class Fft {
  readonly size: number;
  /** Where sample n belongs in the input: `input[order[n]] = x[n]`. */
  readonly order: Uint32Array;
  readonly #shared: Shared;

  constructor(size: number) {
    this.size = size;
    this.#shared = sharedOf(size);
    this.order = this.#shared.order;
  }

  /** Transforms in place: samples in {@link order} in, frequencies in their natural order out. */
  transform(re: Float64Array, im: Float64Array): void {
    const { re: workRe, im: workIm, turns } = this.#shared;
    const wasm = kernels();
    if (!wasm) {
      transform(re, im, turns);
      return;
    }
    workRe.set(re);
    workIm.set(im);
    wasm.transform(addressOf(workRe), addressOf(workIm), this.size, addressOf(turns));
    re.set(workRe);
    im.set(workIm);
  }
}

const transform = (re: Float64Array, im: Float64Array, turns: Float64Array): void => {
  firstPass(re, im);
  let half = 4;
  let at = 0;
  for (; 4 * half <= re.length; half *= 4) {
    passOfFour(re, im, half, turns.subarray(at));
    at += 6 * half;
  }
  if (half < re.length) passOfTwo(re, im, turns.subarray(at));
};

/** Transforms of four points, whose turns are 1, −i, −1 and i. */
const firstPass = (re: Float64Array, im: Float64Array): void => {
  for (let i = 0; i < re.length; i += 4) {
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

/** Four transforms of `half` points make one of four times as many. */
const passOfFour = (re: Float64Array, im: Float64Array, half: number, turns: Float64Array): void => {
  for (let group = 0; group < re.length; group += 4 * half) {
    for (let k = 0; k < half; k++) {
      const a = group + k;
      const b = a + half;
      const c = b + half;
      const d = c + half;
      const t = 12 * (k >> 1) + (k & 1);
      const bRe = re[b] * turns[t] - im[b] * turns[t + 2];
      const bIm = re[b] * turns[t + 2] + im[b] * turns[t];
      const cRe = re[c] * turns[t + 4] - im[c] * turns[t + 6];
      const cIm = re[c] * turns[t + 6] + im[c] * turns[t + 4];
      const dRe = re[d] * turns[t + 8] - im[d] * turns[t + 10];
      const dIm = re[d] * turns[t + 10] + im[d] * turns[t + 8];
      const evenRe = re[a] + bRe;
      const evenIm = im[a] + bIm;
      const differenceRe = re[a] - bRe;
      const differenceIm = im[a] - bIm;
      re[a] = evenRe + (cRe + dRe);
      im[a] = evenIm + (cIm + dIm);
      re[b] = differenceRe + (cIm - dIm);
      im[b] = differenceIm - (cRe - dRe);
      re[c] = evenRe - (cRe + dRe);
      im[c] = evenIm - (cIm + dIm);
      re[d] = differenceRe - (cIm - dIm);
      im[d] = differenceIm + (cRe - dRe);
    }
  }
};

/** Two transforms of half the size make the whole. */
const passOfTwo = (re: Float64Array, im: Float64Array, turns: Float64Array): void => {
  const half = re.length / 2;
  for (let a = 0, b = half; a < half; a++, b++) {
    const t = 4 * (a >> 1) + (a & 1);
    const turnedRe = re[b] * turns[t] - im[b] * turns[t + 2];
    const turnedIm = re[b] * turns[t + 2] + im[b] * turns[t];
    re[b] = re[a] - turnedRe;
    im[b] = im[a] - turnedIm;
    re[a] += turnedRe;
    im[a] += turnedIm;
  }
};
