// Powers of two channels from their common transform Z = L + iR (power-sums.ts), in double precision from there on:
//   |L[k]|² + |R[k]|² = (|Z[k]|² + |Z[−k]|²) / 2,   2L[k] = Z[k] + Z*[−k],   2iR[k] = Z[k] − Z*[−k]
// In scattered order k and −k face each other across the middle of an octave of places, 2^j … 2^(j+1) − 1. So every pair has a slot
// that follows from the place p of its first half, p − 2^(j−1), and neighbours stay neighbours; 0 has the first slot, N/2 the last.
// Kernels: kernels/spectra.ts.
import { addressOf, kernels, reserve, reserveApart } from '../kernels/wasm.ts';
import { bitReversal } from './fft.ts';
import type { SingleComplexes } from './power-sums.ts';

/** What all spectra of one size share. */
type Shared = { readonly slots: Uint32Array; readonly powers: Float64Array };
const sharedBySize = new Map<number, Shared>();

const MOST_RANGES = 64;
/** Workspaces, for the length of a call. */
const workRanges = reserve(2 * MOST_RANGES);
const workSums = reserve(MOST_RANGES);

/** Of so many points there are so many slots. */
export const slotsOf = (size: number): number => size / 2 + 1;

const slotTable = (size: number): Uint32Array => {
  const numbers = reserve(Math.ceil(slotsOf(size) / 2));
  const slots = new Uint32Array(numbers.buffer, numbers.byteOffset, slotsOf(size));
  const order = bitReversal(size);
  for (let k = 1; k < size / 2; k++) {
    const place = Math.min(order[k], order[size - k]);
    const octave = 2 ** (31 - Math.clz32(place));
    slots[k] = place - octave / 2;
  }
  slots[size / 2] = size / 2;
  return slots;
};

const sharedOf = (size: number): Shared => {
  const known = sharedBySize.get(size);
  if (known) return known;
  const shared = { slots: slotTable(size), powers: reserveApart(slotsOf(size)) };
  sharedBySize.set(size, shared);
  return shared;
};

/** Sums per slot, in planes that lie where kernels can reach them. */
export type PairSums = { readonly left: Float64Array; readonly right: Float64Array; readonly cross: Float64Array };

/** Reads transforms of one size, of at least 8 points. */
export class PairSpectrum {
  readonly size: number;
  /** Where frequency k stands, 0 … size / 2. */
  readonly slots: Uint32Array;
  readonly #powers: Float64Array;

  constructor(size: number) {
    this.size = size;
    const { slots, powers } = sharedOf(size);
    this.slots = slots;
    this.#powers = powers;
  }

  /** |Z[k]|² + |Z[−k]|² per slot, valid until the next call for this size. */
  powersOf({ re, im }: SingleComplexes): Float64Array {
    const powers = this.#powers;
    const wasm = kernels();
    if (wasm) {
      wasm.pairPowers(addressOf(re), addressOf(im), this.size, addressOf(powers));
      return powers;
    }
    this.#eachPair((slot, p, q) => {
      powers[slot] = re[p] * re[p] + im[p] * im[p] + (re[q] * re[q] + im[q] * im[q]);
    });
    return powers;
  }

  /** Adds |2L|², |2R|² and the real part of 2L·2R*, per slot. */
  add({ re, im }: SingleComplexes, { left, right, cross }: PairSums): void {
    const add = (slot: number, p: number, q: number): void => {
      const leftRe = re[p] + re[q];
      const leftIm = im[p] - im[q];
      const rightRe = im[p] + im[q];
      const rightIm = re[q] - re[p];
      left[slot] += leftRe * leftRe + leftIm * leftIm;
      right[slot] += rightRe * rightRe + rightIm * rightIm;
      cross[slot] += leftRe * rightRe + leftIm * rightIm;
    };
    const wasm = kernels();
    if (!wasm) {
      this.#eachPair(add);
      return;
    }
    add(0, 0, 0);
    add(this.size / 2, 1, 1);
    add(1, 2, 3);
    const [leftAt, rightAt, crossAt] = [addressOf(left), addressOf(right), addressOf(cross)];
    wasm.addPairSpectra(addressOf(re), addressOf(im), this.size, leftAt, rightAt, crossAt);
  }

  /** Numbers per slot, in the order of their frequencies. */
  inOrder(numbers: Float64Array): Float64Array {
    const ordered = new Float64Array(this.slots.length);
    for (let k = 0; k < ordered.length; k++) ordered[k] = numbers[this.slots[k]];
    return ordered;
  }

  /** Sums numbers per slot over ranges of frequencies, from the first to before the last of each: two numbers per range. */
  sumRanges(numbers: Float64Array, ranges: Float64Array, sums: Float64Array): void {
    const { slots } = this;
    const wasm = sums.length <= MOST_RANGES ? kernels() : null;
    if (wasm) {
      workRanges.set(ranges);
      const slotsAt = slots.byteOffset;
      wasm.sumRanges(addressOf(numbers), slotsAt, addressOf(workRanges), sums.length, addressOf(workSums));
      for (let n = 0; n < sums.length; n++) sums[n] = workSums[n];
      return;
    }
    for (let n = 0; n < sums.length; n++) {
      let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
      let k = ranges[2 * n];
      const to = ranges[2 * n + 1];
      for (; k + 4 <= to; k += 4) {
        sum0 += numbers[slots[k]];
        sum1 += numbers[slots[k + 1]];
        sum2 += numbers[slots[k + 2]];
        sum3 += numbers[slots[k + 3]];
      }
      for (; k < to; k++) sum0 += numbers[slots[k]];
      sums[n] = sum0 + sum1 + (sum2 + sum3);
    }
  }

  /** Shows every slot with the places of k and −k. */
  #eachPair(show: (slot: number, p: number, q: number) => void): void {
    show(0, 0, 0);
    show(this.size / 2, 1, 1);
    for (let octave = 2; octave < this.size; octave *= 2) {
      for (let n = 0; n < octave / 2; n++) show(octave / 2 + n, octave + n, 2 * octave - 1 - n);
    }
  }
}
