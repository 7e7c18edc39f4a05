// Changes a sample rate by a ratio of whole numbers: y[m] = Σₖ x[k] · h(m·M/L − k), L samples out for M samples in.
//   h(t) = 2f · sinc(2f·t) · kaiser(t / half),  t in samples of the input, f: middle of the transition
// h is even, so nothing is shifted; it takes L sets of taps, one after the other. Each set adds up to 1: an offset stays what it is.
// Source: Crochiere & Rabiner, Multirate Digital Signal Processing, section 2.4. Taps are the same bits on every machine.
import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { addressOf, type Kernels, kernels, reserve, reserveApart } from '../kernels/wasm.ts';
import { besselI0, kaiserBeta, kaiserLength } from './kaiser.ts';
import { sineOfTurns } from './trigonometry.ts';

/** What becomes of the input: kept up to one frequency, gone from another, both as parts of the input's rate. */
export type RateChange = {
  readonly up: number;
  readonly down: number;
  readonly passEdge: number;
  readonly stopEdge: number;
};

/** Designed for 5 dB more than is promised: the rule is one for long filters. */
const ATTENUATION_DB = 145;

/** A row of taps for each of as many outputs as `down` inputs make, in their order. */
type PolyphaseFilter = {
  readonly up: number;
  readonly down: number;
  readonly taps: number;
  readonly rows: Float64Array;
};

const designPolyphase = ({ up, down, passEdge, stopEdge }: RateChange): PolyphaseFilter => {
  const half = 2 * Math.ceil(kaiserLength(ATTENUATION_DB, stopEdge - passEdge) / 4);
  const taps = 2 * half;
  const rows = new Float64Array(up * taps);
  for (let row = 0; row < up; row++) {
    const phase = ((row * down) % up) / up;
    const designed = rows.subarray(row * taps, (row + 1) * taps);
    designed.forEach((_, i) => {
      designed[i] = impulseAt(phase + half - 1 - i, half, passEdge + stopEdge);
    });
    const sum = designed.reduce((total, tap) => total + tap, 0);
    designed.forEach((tap, i) => {
      designed[i] = tap / sum;
    });
  }
  return { up, down, taps, rows };
};

/** @param bandwidth both sides of the pass band, as a part of the rate */
const impulseAt = (t: number, half: number, bandwidth: number): number => {
  const sinc = t === 0 ? 1 : sineOfTurns((bandwidth * t) / 2) / (Math.PI * bandwidth * t);
  const fromEdge = 1 - (t / half) * (t / half);
  return fromEdge <= 0 ? 0 : sinc * besselI0(kaiserBeta(ATTENUATION_DB) * Math.sqrt(fromEdge));
};

/** Room for every ratio between 8 kHz and 192 kHz that is in use; one that needs more, as 44 101 to 48 000, is the twin's. */
const MOST_ROW_NUMBERS = 1280 * 208;
const LONGEST_ROW = 1024;
const MOST_OUT = 12 * BLOCK_FRAMES + 1;

/** Workspaces, for the length of a call; rows stay until others are laid. */
const workRows = reserve(MOST_ROW_NUMBERS);
const workLeft = reserveApart(LONGEST_ROW + BLOCK_FRAMES);
const workRight = reserveApart(LONGEST_ROW + BLOCK_FRAMES);
const leftOut = reserveApart(MOST_OUT);
const rightOut = reserveApart(MOST_OUT);
const workGeometry = reserve(6);
let laid: Float64Array | null = null;

const layRows = (rows: Float64Array): void => {
  if (laid !== rows) workRows.set(rows);
  laid = rows;
};

/**
 * Two channels on their way from one rate to another. The first frame out lies where the first frame in lay.
 * Kernel: kernels/polyphase.ts.
 */
export class PolyphaseStage {
  readonly #filter: PolyphaseFilter;
  readonly #fitsKernel: boolean;
  /** What the next outputs look at: the past first. */
  readonly #left: Float64Array;
  readonly #right: Float64Array;
  readonly #output: StereoBlock;
  #filled: number;
  /** Where in the buffers the next output's first tap lies. */
  #next = 0;
  #row = 0;

  constructor(change: RateChange) {
    this.#filter = designPolyphase(change);
    const { up, down, taps, rows } = this.#filter;
    const most = Math.ceil((BLOCK_FRAMES * up) / down) + 1;
    this.#fitsKernel = rows.length <= MOST_ROW_NUMBERS && taps <= LONGEST_ROW && most <= MOST_OUT;
    this.#filled = taps / 2 - 1;
    this.#left = new Float64Array(taps + BLOCK_FRAMES);
    this.#right = new Float64Array(taps + BLOCK_FRAMES);
    this.#output = { left: new Float64Array(most), right: new Float64Array(most) };
  }

  /** Hears at most BLOCK_FRAMES frames; gives what they complete, valid until the next call. */
  process(input: StereoBlock, frames: number): { block: StereoBlock; frames: number } {
    this.#left.set(input.left.subarray(0, frames), this.#filled);
    this.#right.set(input.right.subarray(0, frames), this.#filled);
    this.#filled += frames;
    const count = this.#countReady();
    const wasm = this.#fitsKernel && count > 0 ? kernels() : null;
    if (wasm) this.#filterByKernel(wasm, count);
    else this.#filterByTwin(count);
    this.#advance(count);
    return { block: this.#output, frames: count };
  }

  /** Outputs whose taps all lie on what has come in. */
  #countReady(): number {
    const { up, down, taps } = this.#filter;
    const last = this.#filled - taps - this.#next + this.#positionOf(this.#row);
    return Math.max(0, Math.ceil(((last + 1) * up) / down) - this.#row);
  }

  /** In inputs from where the first row lies. @param row may lie past the last one */
  #positionOf(row: number): number {
    return Math.floor((row * this.#filter.down) / this.#filter.up);
  }

  #advance(count: number): void {
    this.#next += this.#positionOf(this.#row + count) - this.#positionOf(this.#row);
    this.#row = (this.#row + count) % this.#filter.up;
    const from = Math.min(this.#next, this.#filled);
    this.#left.copyWithin(0, from, this.#filled);
    this.#right.copyWithin(0, from, this.#filled);
    this.#filled -= from;
    this.#next -= from;
  }

  #filterByKernel(wasm: Kernels, count: number): void {
    const { up, down, taps, rows } = this.#filter;
    layRows(rows);
    workLeft.set(this.#left.subarray(this.#next, this.#filled));
    workRight.set(this.#right.subarray(this.#next, this.#filled));
    workGeometry.set([addressOf(workRows), up, down, taps, this.#row, (this.#row * down) % up]);
    const [left, right, geometry] = [workLeft, workRight, workGeometry].map((numbers) => addressOf(numbers));
    wasm.changeRate(left, right, geometry, count, addressOf(leftOut), addressOf(rightOut));
    this.#output.left.set(leftOut.subarray(0, count));
    this.#output.right.set(rightOut.subarray(0, count));
  }

  #filterByTwin(count: number): void {
    const { up, taps } = this.#filter;
    const first = this.#next - this.#positionOf(this.#row);
    for (let output = 0; output < count; output++) {
      const row = this.#row + output;
      this.#filterOne((row % up) * taps, first + this.#positionOf(row), output);
    }
  }

  /** Four taps a turn, in four sums, which do not wait for one another. */
  #filterOne(firstTap: number, first: number, output: number): void {
    const { taps, rows } = this.#filter;
    const left = this.#left;
    const right = this.#right;
    let l0 = 0;
    let l1 = 0;
    let l2 = 0;
    let l3 = 0;
    let r0 = 0;
    let r1 = 0;
    let r2 = 0;
    let r3 = 0;
    for (let tap = firstTap, end = firstTap + taps, at = first; tap < end; tap += 4, at += 4) {
      l0 += rows[tap] * left[at];
      r0 += rows[tap] * right[at];
      l1 += rows[tap + 1] * left[at + 1];
      r1 += rows[tap + 1] * right[at + 1];
      l2 += rows[tap + 2] * left[at + 2];
      r2 += rows[tap + 2] * right[at + 2];
      l3 += rows[tap + 3] * left[at + 3];
      r3 += rows[tap + 3] * right[at + 3];
    }
    this.#output.left[output] = l0 + l1 + (l2 + l3);
    this.#output.right[output] = r0 + r1 + (r2 + r3);
  }
}
