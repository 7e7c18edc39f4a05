// How a limiter lets go, by programme. `fast` falls back at once after a peak; `slow` learns how much reduction the
// passage needs on average and keeps it, so that dense music is not modulated and a lone transient leaves no hole.
//   fast ← max(x, fast · e^(−1/τf));  slow ← slow + k (fast − slow);  y = max(fast, slow) ≥ x
// Values are reductions 0…1 (1 − gain). No logarithms: the curve bends in the linear domain. No latency.
import { quantiseCoefficient } from './quantise.ts';

export type ReleaseTimes = { fastMs: number; slowAttackMs: number; slowReleaseMs: number };

/** Reductions below −240 dB are over. */
const OVER = 1e-12;

const decayPerSample = (timeMs: number, sampleRateHz: number): number =>
  quantiseCoefficient(Math.exp(-1000 / (timeMs * sampleRateHz)));

export class ProgrammeRelease {
  readonly #fastDecay: number;
  readonly #slowAttack: number;
  readonly #slowRelease: number;
  #fast = 0;
  #slow = 0;

  constructor(times: ReleaseTimes, sampleRateHz: number) {
    this.#fastDecay = decayPerSample(times.fastMs, sampleRateHz);
    this.#slowAttack = 1 - decayPerSample(times.slowAttackMs, sampleRateHz);
    this.#slowRelease = 1 - decayPerSample(times.slowReleaseMs, sampleRateHz);
  }

  /** Holds the first `frames` values up as they fall, in place. */
  process(values: Float64Array, frames: number): void {
    const fastDecay = this.#fastDecay;
    const slowAttack = this.#slowAttack;
    const slowRelease = this.#slowRelease;
    let fast = this.#fast;
    let slow = this.#slow;
    for (let i = 0; i < frames; i++) {
      const value = values[i];
      fast *= fastDecay;
      if (fast < OVER) fast = 0;
      if (value > fast) fast = value;
      slow += (fast - slow) * (fast > slow ? slowAttack : slowRelease);
      if (slow < OVER) slow = 0;
      values[i] = fast > slow ? fast : slow;
    }
    this.#fast = fast;
    this.#slow = slow;
  }
}
