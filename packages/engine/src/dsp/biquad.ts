// Second-order section, transposed direct form II in 64-bit float:
//   y = b0·x + z1,  z1 ← b1·x − a1·y + z2,  z2 ← b2·x − a2·y
// Source: J. O. Smith, Introduction to Digital Filters, "Transposed Direct-Forms". No latency.
import { cosineOfTurns, sineOfTurns } from './trigonometry.ts';

/** H(z) = (b0 + b1 z⁻¹ + b2 z⁻²) / (1 + a1 z⁻¹ + a2 z⁻²). */
export type Biquad = {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
};

/** H(s) = (b2 s² + b1 s + b0) / (a2 s² + a1 s + a0), with s in units of the cut-off's angular frequency. */
export type AnalogueBiquad = {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a0: number;
  readonly a1: number;
  readonly a2: number;
};

/** Bilinear transform, exact at `cutoffHz` (s ← (1 − z⁻¹) / (K (1 + z⁻¹)), K = tan(π·cutoff/rate)). */
export const bilinear = (analogue: AnalogueBiquad, cutoffHz: number, sampleRateHz: number): Biquad => {
  const K = Math.tan((Math.PI * cutoffHz) / sampleRateHz);
  const b0 = analogue.b0 * K * K;
  const b1 = analogue.b1 * K;
  const b2 = analogue.b2;
  const a0 = analogue.a0 * K * K;
  const a1 = analogue.a1 * K;
  const a2 = analogue.a2;
  const norm = 1 / (a0 + a1 + a2);
  return {
    b0: (b0 + b1 + b2) * norm,
    b1: 2 * (b0 - b2) * norm,
    b2: (b0 - b1 + b2) * norm,
    a1: 2 * (a0 - a2) * norm,
    a2: (a0 - a1 + a2) * norm,
  };
};

/** Linear magnitude of the response at a frequency; the same bits on every machine. */
export const magnitudeAt = ({ b0, b1, b2, a1, a2 }: Biquad, frequencyHz: number, sampleRateHz: number): number => {
  const turns = frequencyHz / sampleRateHz;
  const [cos, sin] = [cosineOfTurns(turns), sineOfTurns(turns)];
  const [cos2, sin2] = [cosineOfTurns(2 * turns), sineOfTurns(2 * turns)];
  const numerator = (b0 + b1 * cos + b2 * cos2) ** 2 + (b1 * sin + b2 * sin2) ** 2;
  const denominator = (1 + a1 * cos + a2 * cos2) ** 2 + (a1 * sin + a2 * sin2) ** 2;
  return Math.sqrt(numerator / denominator);
};

/** Below this a filter's memory is forgotten, so that a long silence never computes with slow denormal numbers. */
export const FORGOTTEN = 1e-200;

export const forgetDenormal = (state: number): number => (Math.abs(state) < FORGOTTEN ? 0 : state);

/** One section with its memory, for one channel. */
export class BiquadSection {
  readonly #biquad: Biquad;
  #z1 = 0;
  #z2 = 0;

  constructor(biquad: Biquad) {
    this.#biquad = biquad;
  }

  /** Filters the first `frames` samples; `output` may be `input`. */
  process(input: Float64Array, output: Float64Array, frames: number): void {
    const { b0, b1, b2, a1, a2 } = this.#biquad;
    let z1 = this.#z1;
    let z2 = this.#z2;
    for (let i = 0; i < frames; i++) {
      const x = input[i];
      const y = b0 * x + z1;
      z1 = b1 * x - a1 * y + z2;
      z2 = b2 * x - a2 * y;
      output[i] = y;
    }
    this.#z1 = forgetDenormal(z1);
    this.#z2 = forgetDenormal(z2);
  }

  reset(): void {
    this.#z1 = 0;
    this.#z2 = 0;
  }
}
