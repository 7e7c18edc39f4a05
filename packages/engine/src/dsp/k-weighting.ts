// K-weighting: a high shelf for the head, then a high-pass for the ear's loss of lows (the revised B curve).
// Source: ITU-R BS.1770-5, Annex 1, tables 1 and 2, which hold the coefficients for 48 kHz only. The analogue prototypes
// below give exactly those coefficients at 48 kHz through the bilinear transform (De Man, "Evaluation of implementations
// of the EBU R128 loudness measurement", AES 2018) and the same curve at any other rate. No latency.
import { BLOCK_FRAMES } from '../audio.ts';
import { addressOf, type Kernels, kernels, reserve, within } from '../kernels/wasm.ts';
import { type Biquad, bilinear, FORGOTTEN, forgetDenormal } from './biquad.ts';
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

/** Numerators 1, b1, b2 and 1, −2, 1: what they leave out is one gain, applied to the sums. */
export const coefficientsOf = (sampleRateHz: number): readonly number[] => {
  const { shelf, highPass } = designKWeighting(sampleRateHz);
  const { b0, b1, b2, a1, a2 } = shelf;
  return [b1 / b0, b2 / b0, a1, a2, highPass.a1, highPass.a2].map(quantiseCoefficient);
};

/** Six, what is forgotten, and one that fills a pair. */
const COEFFICIENTS = 8;
/** What is remembered from sample to sample: six numbers of each channel. Behind it stand the sums. */
const ENERGY = 12;
const STATE = COEFFICIENTS + ENERGY + 2;
/** That can end within one span. */
export const MOST_STEPS = 64;
/** Where the steps of the next span end, counted from its first sample. */
export const stepEnds = reserve(MOST_STEPS);

/** Workspaces, for the length of a call. */
const firstCopy = reserve(BLOCK_FRAMES);
const secondCopy = reserve(BLOCK_FRAMES);
const state = reserve(STATE);
const energies = reserve(2 * MOST_STEPS);

/** Samples from index `from` up to, not including, `to`, at most BLOCK_FRAMES; so many `stepEnds` among them. */
export type Span = { from: number; to: number; steps: number };

/**
 * Sums the squares of two channels' K-weighted samples, step by step. Both sections are in direct form, in which a sample
 * waits for one multiplication and one subtraction of the sample before. Kernel: kernels/k-weighting.ts.
 */
export class KWeightedPair {
  /** Coefficients, then x1, x2, y1, y2, u, v and energy, both channels of each side by side. */
  readonly #state = new Float64Array(STATE);
  readonly #power: number;

  constructor(sampleRateHz: number) {
    this.#state.set([...coefficientsOf(sampleRateHz), FORGOTTEN]);
    const { shelf, highPass } = designKWeighting(sampleRateHz);
    this.#power = (shelf.b0 * highPass.b0) ** 2;
  }

  /** Hears a span. Gives both channels' sums of each step that ends in it, side by side; valid until the next call. */
  add(first: Float64Array, second: Float64Array, span: Span): Float64Array {
    const wasm = kernels();
    if (wasm) this.#addByKernel(wasm, [first, second], span);
    else {
      this.#addChannel(0, first, span);
      this.#addChannel(1, second, span);
    }
    for (let i = 0; i < 2 * span.steps; i++) energies[i] *= this.#power;
    return energies;
  }

  /** Remembers what it would, had it heard what another did, times `gain`. The sum of the running step is left as it is. */
  remember(other: KWeightedPair, gain: number): void {
    for (let i = COEFFICIENTS; i < COEFFICIENTS + ENERGY; i++) this.#state[i] = gain * other.#state[i];
  }

  reset(): void {
    this.#state.fill(0, COEFFICIENTS);
  }

  #addByKernel(wasm: Kernels, [first, second]: readonly Float64Array[], { from, to, steps }: Span): void {
    const kept = this.#state;
    for (let i = 0; i < STATE; i++) state[i] = kept[i];
    const [one, other] = [within(first, from, to, firstCopy), within(second, from, to, secondCopy)];
    wasm.hearSteps(one, other, to - from, addressOf(stepEnds), steps, addressOf(state), addressOf(energies));
    for (let i = COEFFICIENTS; i < STATE; i++) kept[i] = state[i];
  }

  #addChannel(channel: number, input: Float64Array, { from, to, steps }: Span): void {
    const memory = this.#state.subarray(COEFFICIENTS + channel);
    for (let step = 0, at = from; step <= steps; step++) {
      const end = step < steps ? from + stepEnds[step] : to;
      this.#addPiece(memory, input, at, end);
      at = end;
      if (step === steps) return;
      energies[2 * step + channel] = memory[ENERGY];
      memory[ENERGY] = 0;
      for (let i = 0; i < ENERGY; i += 2) memory[i] = forgetDenormal(memory[i]);
    }
  }

  /** @param memory of one channel: every other number is the other's */
  #addPiece(memory: Float64Array, input: Float64Array, from: number, to: number): void {
    const [b1, b2, a1, a2, c1, c2] = this.#state;
    let [x1, x2, y1, y2, u, v, energy] = [0, 2, 4, 6, 8, 10, ENERGY].map((at) => memory[at]);
    for (let i = from; i < to; i++) {
      const x = input[i];
      const y = x + b1 * x1 + b2 * x2 - a2 * y2 - a1 * y1;
      const rise = y - y1;
      const next = rise + c2 * v; // numerator 1, −2, 1: the difference of two rises
      v = rise - u - c1 * v;
      u = next;
      x2 = x1;
      x1 = x;
      y2 = y1;
      y1 = y;
      energy += v * v;
    }
    [x1, x2, y1, y2, u, v, energy].forEach((value, k) => {
      memory[2 * k] = value;
    });
  }
}
