// Splits a signal into bands that add up to it again, sample for sample: no phase is turned where nothing is done.
//   b₁ = L₁x,  bₖ = Lₖx − Lₖ₋₁x,  bₙ = x − Lₙ₋₁x,  Lₖ: first-order low-pass at the k-th crossover (bilinear)
// The sum telescopes to x. Slopes are 6 dB per octave: broad regions, for broad moves. No latency.
import { forgetDenormal } from './biquad.ts';
import { quantiseCoefficient } from './quantise.ts';

/** y = a·(x[n] + x[n−1]) + b·y[n−1]. Source: bilinear transform of 1/(s + 1). */
class OnePoleLowPass {
  readonly #a: number;
  readonly #b: number;
  #x = 0;
  #y = 0;

  constructor(cutoffHz: number, sampleRateHz: number) {
    const K = Math.tan((Math.PI * cutoffHz) / sampleRateHz);
    this.#a = quantiseCoefficient(K / (1 + K));
    this.#b = 1 - 2 * this.#a;
  }

  process(input: Float64Array, output: Float64Array, frames: number): void {
    const a = this.#a;
    const b = this.#b;
    let before = this.#x;
    let y = this.#y;
    for (let i = 0; i < frames; i++) {
      const x = input[i];
      y = a * (x + before) + b * y;
      before = x;
      output[i] = y;
    }
    this.#x = before;
    this.#y = forgetDenormal(y);
  }
}

/** One channel's bands, lowest first. */
export class BandSplit {
  readonly #lowPasses: readonly OnePoleLowPass[];

  /** Crossovers rise; those at or above 0.45 of the sample rate must be left out by the caller. */
  constructor(crossoversHz: readonly number[], sampleRateHz: number) {
    this.#lowPasses = crossoversHz.map((cutoffHz) => new OnePoleLowPass(cutoffHz, sampleRateHz));
  }

  /** Fills one plane per band, one more than there are crossovers. */
  process(input: Float64Array, bands: readonly Float64Array[], frames: number): void {
    const last = this.#lowPasses.length;
    if (last === 0) bands[0].set(input.subarray(0, frames));
    this.#lowPasses.forEach((lowPass, k) => {
      lowPass.process(input, bands[k], frames);
    });
    for (let k = last; k > 0; k--) {
      const upper = k === last ? input : bands[k];
      const lower = bands[k - 1];
      const band = bands[k];
      for (let i = 0; i < frames; i++) band[i] = upper[i] - lower[i];
    }
  }
}
