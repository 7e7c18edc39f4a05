// Fourier transform of two channels at once, Z = L + iR under a window: Z[k] = Σₙ w[n]·(L[n] + iR[n])·e^(−2πikn/N), decimation in
// frequency, radix 4, and a last pass of radix 2 where the size asks for one. Samples in their natural order in, frequencies
// in scattered order out: Z[k] at order[k], which is k with its bits reversed, as dsp/fft.ts wants them for the way back.
// Source: Gentleman & Sande, "Fast Fourier transforms: for fun and profit", 1966. Only sums and products in one order, and
// turns by trigonometry.ts: the same bits on every machine. Kernel: kernels/window-transform.ts.
import { addressOf, isReserved, kernels, reserve, reserveApart, within } from '../kernels/wasm.ts';
import { bitReversal } from './fft.ts';
import { cosineOfTurns, sineOfTurns } from './trigonometry.ts';

/** What all transforms of one size share: tables, and a workspace for the length of a call. */
type Shared = {
  readonly order: Uint32Array;
  /** Of all passes, the largest first: W^2p, W^p and W^3p, cosines and sines of two neighbours each. */
  readonly turns: Float64Array;
  readonly re: Float64Array;
  readonly im: Float64Array;
};
const sharedBySize = new Map<number, Shared>();

const LEAST_SIZE = 8;
/** Of p, in the order of the tables. */
const MULTIPLES = [2, 1, 3] as const;
const turnsOf = (size: number): Float64Array => {
  const cosines = new Float64Array((3 / 4) * size);
  const sines = new Float64Array((3 / 4) * size);
  for (let k = 0; k < cosines.length; k++) {
    cosines[k] = cosineOfTurns(k / size);
    sines[k] = -sineOfTurns(k / size);
  }
  let count = 0;
  for (let n = size; n >= LEAST_SIZE; n /= 4) count += (3 / 2) * n;
  const turns = reserve(count);
  let at = 0;
  for (let n = size, step = 1; n >= LEAST_SIZE; n /= 4, step *= 4) {
    for (let p = 0; p < (n / 4) * step; p += 2 * step) {
      for (const multiple of MULTIPLES) {
        turns[at] = cosines[multiple * p];
        turns[at + 1] = cosines[multiple * (p + step)];
        turns[at + 2] = sines[multiple * p];
        turns[at + 3] = sines[multiple * (p + step)];
        at += 4;
      }
    }
  }
  return turns;
};

const sharedOf = (size: number): Shared => {
  const known = sharedBySize.get(size);
  if (known) return known;
  const shared = { order: bitReversal(size), turns: turnsOf(size), re: reserveApart(size), im: reserveApart(size) };
  sharedBySize.set(size, shared);
  return shared;
};

const copiesBySize = new Map<number, readonly Float64Array[]>();

/** Workspaces for a window and two planes, made only where some come from out of reach. */
const copiesOf = (size: number): readonly Float64Array[] => {
  const copies = copiesBySize.get(size) ?? Array.from({ length: 3 }, () => reserveApart(size));
  copiesBySize.set(size, copies);
  return copies;
};

/** Where kernels find the start of a plane. */
const reach = (plane: Float64Array, size: number, copy: number): number =>
  isReserved(plane) ? addressOf(plane) : within(plane, 0, size, copiesOf(size)[copy]);

export type Planes = { readonly left: Float64Array; readonly right: Float64Array };
export type Complexes = { readonly re: Float64Array; readonly im: Float64Array };

/** A transform of one size, a power of two of at least 8. */
export class WindowTransform {
  readonly size: number;
  /** Where Z[k] stands; where Z[order[k]] stands is k again. */
  readonly order: Uint32Array;
  readonly #shared: Shared;

  constructor(size: number) {
    this.size = size;
    this.#shared = sharedOf(size);
    this.order = this.#shared.order;
  }

  /** Valid until the next transform of this size. */
  transform(window: Float64Array, { left, right }: Planes): Complexes {
    const { size } = this;
    const shared = this.#shared;
    const { re, im, turns } = shared;
    const wasm = kernels();
    if (!wasm) {
      for (let n = 0; n < size; n++) {
        re[n] = window[n] * left[n];
        im[n] = window[n] * right[n];
      }
      transform(re, im, turns);
      return shared;
    }
    const [windowAt, leftAt, rightAt] = [reach(window, size, 0), reach(left, size, 1), reach(right, size, 2)];
    wasm.transformWindow(windowAt, leftAt, rightAt, addressOf(re), addressOf(im), size, addressOf(turns));
    return shared;
  }
}

const transform = (re: Float64Array, im: Float64Array, turns: Float64Array): void => {
  let size = re.length;
  for (let at = 0; size >= LEAST_SIZE; size /= 4) {
    pass(re, im, size, turns.subarray(at));
    at += (3 / 2) * size;
  }
  if (size === 4) lastPassOfFour(re, im);
  else for (const plane of [re, im]) lastPassOfTwo(plane);
};

/** Every transform of `size` points becomes four of a quarter: of the frequencies 4m, 4m + 2, 4m + 1 and 4m + 3. */
const pass = (re: Float64Array, im: Float64Array, size: number, turns: Float64Array): void => {
  for (let group = 0; group < re.length; group += size) {
    for (let p = 0; p < size / 4; p++) {
      const a = group + p;
      const b = a + size / 4;
      const c = b + size / 4;
      const d = c + size / 4;
      const t = 12 * (p >> 1) + (p & 1);
      const evenRe = re[a] + re[c];
      const evenIm = im[a] + im[c];
      const oddRe = re[b] + re[d];
      const oddIm = im[b] + im[d];
      const differenceRe = re[a] - re[c];
      const differenceIm = im[a] - im[c];
      const oddDifferenceRe = re[b] - re[d];
      const oddDifferenceIm = im[b] - im[d];
      re[a] = evenRe + oddRe;
      im[a] = evenIm + oddIm;
      const secondRe = evenRe - oddRe;
      const secondIm = evenIm - oddIm;
      re[b] = secondRe * turns[t] - secondIm * turns[t + 2];
      im[b] = secondRe * turns[t + 2] + secondIm * turns[t];
      const thirdRe = differenceRe + oddDifferenceIm;
      const thirdIm = differenceIm - oddDifferenceRe;
      re[c] = thirdRe * turns[t + 4] - thirdIm * turns[t + 6];
      im[c] = thirdRe * turns[t + 6] + thirdIm * turns[t + 4];
      const fourthRe = differenceRe - oddDifferenceIm;
      const fourthIm = differenceIm + oddDifferenceRe;
      re[d] = fourthRe * turns[t + 8] - fourthIm * turns[t + 10];
      im[d] = fourthRe * turns[t + 10] + fourthIm * turns[t + 8];
    }
  }
};

/** Transforms of four points, whose turns are 1, −i, −1 and i. */
const lastPassOfFour = (re: Float64Array, im: Float64Array): void => {
  for (let i = 0; i < re.length; i += 4) {
    const evenRe = re[i] + re[i + 2];
    const evenIm = im[i] + im[i + 2];
    const oddRe = re[i + 1] + re[i + 3];
    const oddIm = im[i + 1] + im[i + 3];
    const differenceRe = re[i] - re[i + 2];
    const differenceIm = im[i] - im[i + 2];
    const oddDifferenceRe = re[i + 1] - re[i + 3];
    const oddDifferenceIm = im[i + 1] - im[i + 3];
    re[i] = evenRe + oddRe;
    im[i] = evenIm + oddIm;
    re[i + 1] = evenRe - oddRe;
    im[i + 1] = evenIm - oddIm;
    re[i + 2] = differenceRe + oddDifferenceIm;
    im[i + 2] = differenceIm - oddDifferenceRe;
    re[i + 3] = differenceRe - oddDifferenceIm;
    im[i + 3] = differenceIm + oddDifferenceRe;
  }
};

const lastPassOfTwo = (plane: Float64Array): void => {
  for (let i = 0; i < plane.length; i += 2) {
    const difference = plane[i] - plane[i + 1];
    plane[i] += plane[i + 1];
    plane[i + 1] = difference;
  }
};
