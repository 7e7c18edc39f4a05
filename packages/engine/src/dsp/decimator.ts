// Keeps every M-th sample of what lies below an edge: y[m] = Σₖ h[k] · x[mM − k], h a sinc under a Blackman window.
// Source: Oppenheim & Schafer, Discrete-Time Signal Processing, "Decimation" and table 7.2 (Blackman: −74 dB, and a
// transition of 5.5 / taps). Latency: `delayFrames` of the input.
import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { addressOf, kernels, reserve, within } from '../kernels/wasm.ts';
import { quantiseCoefficient } from './quantise.ts';
import { dotProduct } from './sums.ts';

const BLACKMAN_TRANSITION = 5.5;

/** Odd, symmetric, of gain 1 at 0 Hz. */
export type DecimationFilter = { readonly factor: number; readonly taps: Float64Array; readonly delayFrames: number };

/**
 * @param passBand highest frequency kept as it is, as a part of the input rate; below 0.5 / factor
 */
export const designDecimation = (factor: number, passBand: number): DecimationFilter => {
  const stopBand = 1 / factor - passBand;
  const half = Math.ceil(BLACKMAN_TRANSITION / (stopBand - passBand) / 2);
  const cutoff = (passBand + stopBand) / 2;
  const raw = Float64Array.from({ length: 2 * half + 1 }, (_, i) => {
    const t = i - half;
    const sinc = t === 0 ? 2 * cutoff : Math.sin(2 * Math.PI * cutoff * t) / (Math.PI * t);
    const turn = (Math.PI * (t + half + 1)) / (half + 1);
    return sinc * (0.42 - 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn));
  });
  const sum = raw.reduce((a, b) => a + b, 0);
  return { factor, taps: raw.map((tap) => quantiseCoefficient(tap / sum)), delayFrames: half };
};

/** Taps for a rate of 1.5 MHz. */
const LONGEST = 16_384;
/** Workspaces, for the length of a call; taps stay until others are laid. */
const workHistory = reserve(LONGEST + BLOCK_FRAMES);
const workTaps = reserve(LONGEST);
const workOut = reserve(BLOCK_FRAMES);
let laid: Float64Array | null = null;

const layTaps = (taps: Float64Array): void => {
  if (laid !== taps) workTaps.set(taps);
  laid = taps;
};

/** One channel, sample by sample. The first sample kept is the first that comes in. */
export class Decimator {
  readonly #filter: DecimationFilter;
  /** The last samples, twice, so that any stretch as long as the filter lies in one piece. */
  readonly #history: Float64Array;
  #index = 0;
  #untilNext = 1;

  constructor(filter: DecimationFilter) {
    this.#filter = filter;
    this.#history = new Float64Array(2 * filter.taps.length);
  }

  /** Takes in one sample; true when {@link value} is a new one. */
  push(sample: number): boolean {
    const history = this.#history;
    const length = this.#filter.taps.length;
    history[this.#index] = sample;
    history[this.#index + length] = sample;
    if (++this.#index === length) this.#index = 0;
    if (--this.#untilNext > 0) return false;
    this.#untilNext = this.#filter.factor;
    return true;
  }

  /** The sample at the moment {@link push} said true. */
  value(): number {
    const { taps } = this.#filter;
    workHistory.set(this.#history.subarray(this.#index, this.#index + taps.length));
    layTaps(taps);
    return dotProduct(workHistory, 0, workTaps, taps.length);
  }
}

/** The mean of both channels, block by block: the same samples as {@link Decimator} gives. */
export class MeanDecimator {
  readonly #filter: DecimationFilter;
  /** The last samples: as many as the filter's taps, less one. */
  readonly #history: Float64Array;
  #untilNext = 0;

  constructor(filter: DecimationFilter) {
    this.#filter = filter;
    this.#history = new Float64Array(filter.taps.length - 1);
  }

  /** @param frames at most 4096 */
  push({ left, right }: StereoBlock, frames: number, onSample: (sample: number) => void): void {
    const { taps, factor } = this.#filter;
    const past = this.#history.length;
    workHistory.set(this.#history);
    layMeans(left, right, frames, past);
    const first = this.#untilNext;
    const count = Math.max(0, Math.ceil((frames - first) / factor));
    layTaps(taps);
    decimate(first, frames, this.#filter);
    for (let n = 0; n < count; n++) onSample(workOut[n]);
    this.#untilNext = first + count * factor - frames;
    this.#history.set(workHistory.subarray(frames, frames + past));
  }
}

const copies = [reserve(BLOCK_FRAMES), reserve(BLOCK_FRAMES)];

/** Kernel: kernels/sums.ts. */
const decimate = (first: number, frames: number, { factor, taps }: DecimationFilter): void => {
  const wasm = kernels();
  if (wasm) {
    const tapsAt = addressOf(workTaps);
    wasm.decimate(addressOf(workHistory), first, frames, factor, tapsAt, taps.length, addressOf(workOut));
    return;
  }
  for (let at = first, n = 0; at < frames; at += factor, n++)
    workOut[n] = dotProduct(workHistory, at, workTaps, taps.length);
};

/** Kernel: kernels/sums.ts. */
const layMeans = (left: Float64Array, right: Float64Array, frames: number, to: number): void => {
  const wasm = kernels();
  if (wasm) {
    const [leftAt, rightAt] = [within(left, 0, frames, copies[0]), within(right, 0, frames, copies[1])];
    wasm.means(leftAt, rightAt, frames, addressOf(workHistory, to));
    return;
  }
  for (let i = 0; i < frames; i++) workHistory[to + i] = 0.5 * (left[i] + right[i]);
};
