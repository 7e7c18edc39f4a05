// Keeps every M-th sample of what lies below an edge: y[m] = Σₖ h[k] · x[mM − k], h a sinc under a Blackman window.
// Source: Oppenheim & Schafer, Discrete-Time Signal Processing, "Decimation" and table 7.2 (Blackman: −74 dB, and a
// transition of 5.5 / taps). Latency: `delayFrames` of the input.
import { addressOf, kernels, reserve, within } from '../kernels/wasm.ts';
import { quantiseCoefficient } from './quantise.ts';

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

const LONGEST = 4096;
/** Workspaces, for the length of a call; taps stay until others are laid. */
const workHistory = reserve(LONGEST);
const workTaps = reserve(LONGEST);
let laid: Float64Array | null = null;

/** One channel. Kernel: kernels/sums.ts. The first sample kept is the first that comes in. */
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
    const history = this.#history;
    const at = this.#index;
    const wasm = kernels();
    if (wasm && taps.length <= LONGEST) {
      if (laid !== taps) workTaps.set(taps);
      laid = taps;
      return wasm.dot(within(history, at, at + taps.length, workHistory), addressOf(workTaps), taps.length);
    }
    let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
    let k = 0;
    for (; k + 4 <= taps.length; k += 4) {
      sum0 += history[at + k] * taps[k];
      sum1 += history[at + k + 1] * taps[k + 1];
      sum2 += history[at + k + 2] * taps[k + 2];
      sum3 += history[at + k + 3] * taps[k + 3];
    }
    for (; k < taps.length; k++) sum0 += history[at + k] * taps[k];
    return sum0 + sum1 + (sum2 + sum3);
  }
}
