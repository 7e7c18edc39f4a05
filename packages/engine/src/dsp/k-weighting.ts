// K-weighting: a high shelf for the head, then a high-pass for the ear's loss of lows (the revised B curve).
// Source: ITU-R BS.1770-5, Annex 1, tables 1 and 2, which hold the coefficients for 48 kHz only. The analogue prototypes
// below give exactly those coefficients at 48 kHz through the bilinear transform (De Man, "Evaluation of implementations
// of the EBU R128 loudness measurement", AES 2018) and the same curve at any other rate. No latency.
import { BLOCK_FRAMES } from '../audio.ts';
import { addressOf, kernels, reserve, within } from '../kernels/wasm.ts';
import { type Biquad, bilinear, forgetDenormal } from './biquad.ts';
import { quantiseCoefficient } from './quantise.ts';

const SHELF = { cutoffHz: 1681.974450955533, gainDb: 3.999843853973347, q: 0.7071752369554196 };
const HIGH_PASS = { cutoffHz: 38.13547087602444, q: 0.5003270373238773 };
/** The exponent that makes the shelf's slope that of table 1. */
const SHELF_SLOPE = 0.4996667741545416;

const designHighPass = (sampleRateHz: number): Biquad => {
  const prototype = { b0: 0, b1: 0, b2: 1, a0: 1, a1: 1 / HIGH_PASS.q, a2: 1 };
  return bilinear(prototype, HIGH_PASS.cutoffHz, sampleRateHz);
};

/** Table 2 has the numerator 1, −2, 1, a pass band 0.04 dB above unity, which every rate must share to read alike. */
const HIGH_PASS_GAIN = 1 / designHighPass(48000).b0;

/** The two sections of K-weighting at a sample rate in Hz. */
export const designKWeighting = (sampleRateHz: number): { shelf: Biquad; highPass: Biquad } => {
  const top = 10 ** (SHELF.gainDb / 20);
  const prototype = { b0: 1, b1: top ** SHELF_SLOPE / SHELF.q, b2: top, a0: 1, a1: 1 / SHELF.q, a2: 1 };
  const highPass = designHighPass(sampleRateHz);
  return {
    shelf: bilinear(prototype, SHELF.cutoffHz, sampleRateHz),
    highPass: {
      ...highPass,
      b0: highPass.b0 * HIGH_PASS_GAIN,
      b1: highPass.b1 * HIGH_PASS_GAIN,
      b2: highPass.b2 * HIGH_PASS_GAIN,
    },
  };
};

/** b0, b1, b2, a1, a2 of the shelf, a1, a2 of the high-pass; the gain of the latter is left to the sums. */
export const coefficientsOf = (sampleRateHz: number): readonly number[] => {
  const { shelf, highPass } = designKWeighting(sampleRateHz);
  return [shelf.b0, shelf.b1, shelf.b2, shelf.a1, shelf.a2, highPass.a1, highPass.a2].map(quantiseCoefficient);
};

/** Seven, and one that fills a pair. */
const COEFFICIENTS = 8;
const MEMORY = 10;
/** Where the sums stand. */
const ENERGY = COEFFICIENTS + 8;

/** Workspaces, for the length of a call. */
const firstCopy = reserve(BLOCK_FRAMES);
const secondCopy = reserve(BLOCK_FRAMES);
const state = reserve(COEFFICIENTS + MEMORY);

/** Sums the squares of two channels' K-weighted samples. Kernel: kernels/k-weighting.ts. */
export class KWeightedPair {
  /** Coefficients, then shelf z1, z2, high-pass z1, z2 and energy, both channels of each side by side. */
  readonly #state = new Float64Array(COEFFICIENTS + MEMORY);
  readonly #power: number;

  constructor(sampleRateHz: number) {
    this.#state.set(coefficientsOf(sampleRateHz));
    this.#power = designKWeighting(sampleRateHz).highPass.b0 ** 2;
  }

  /** Adds the samples from index `from` up to, not including, `to`; at most BLOCK_FRAMES of them. */
  add(first: Float64Array, second: Float64Array, from: number, to: number): void {
    const wasm = kernels();
    if (!wasm) {
      this.#addChannel(0, first, from, to);
      this.#addChannel(1, second, from, to);
      return;
    }
    const kept = this.#state;
    for (let i = 0; i < kept.length; i++) state[i] = kept[i];
    wasm.addKWeighted(
      within(first, from, to, firstCopy),
      within(second, from, to, secondCopy),
      to - from,
      addressOf(state),
    );
    for (let i = COEFFICIENTS; i < kept.length; i++) kept[i] = state[i];
  }

  /** Both sums since the last call. */
  take(): [number, number] {
    const state = this.#state;
    const energies: [number, number] = [state[ENERGY] * this.#power, state[ENERGY + 1] * this.#power];
    for (let i = COEFFICIENTS; i < ENERGY; i++) state[i] = forgetDenormal(state[i]);
    state.fill(0, ENERGY);
    return energies;
  }

  /** Remembers what it would, had it heard what another did, times `gain`. The sums are left as they are. */
  remember(other: KWeightedPair, gain: number): void {
    for (let i = COEFFICIENTS; i < ENERGY; i++) this.#state[i] = gain * other.#state[i];
  }

  reset(): void {
    this.#state.fill(0, COEFFICIENTS);
  }

  #addChannel(channel: number, input: Float64Array, from: number, to: number): void {
    const state = this.#state;
    const [b0, b1, b2, a1, a2, c1, c2] = state;
    const memory = COEFFICIENTS + channel;
    let z1 = state[memory];
    let z2 = state[memory + 2];
    let w1 = state[memory + 4];
    let w2 = state[memory + 6];
    let energy = state[memory + 8];
    for (let i = from; i < to; i++) {
      const x = input[i];
      const y = b0 * x + z1;
      z1 = b1 * x + z2 - a1 * y;
      z2 = b2 * x - a2 * y;
      const v = y + w1; // numerator 1, −2, 1; its gain is applied to the sum
      w1 = w2 - (y + y) - c1 * v;
      w2 = y - c2 * v;
      energy += v * v;
    }
    state[memory] = z1;
    state[memory + 2] = z2;
    state[memory + 4] = w1;
    state[memory + 6] = w2;
    state[memory + 8] = energy;
  }
}
