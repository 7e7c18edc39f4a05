// K-weighting: a high shelf for the head, then a high-pass for the ear's loss of lows (the revised B curve).
// Source: ITU-R BS.1770-5, Annex 1, tables 1 and 2, which hold the coefficients for 48 kHz only. The analogue prototypes
// below give exactly those coefficients at 48 kHz through the bilinear transform (De Man, "Evaluation of implementations
// of the EBU R128 loudness measurement", AES 2018) and the same curve at any other rate. No latency.
import { type Biquad, bilinear, forgetDenormal } from './biquad.ts';

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

/** Sums the squares of one channel's K-weighted samples. */
export class KWeightedEnergy {
  readonly #shelf: Biquad;
  readonly #highPass: Biquad;
  readonly #highPassPower: number;
  #shelfZ1 = 0;
  #shelfZ2 = 0;
  #highPassZ1 = 0;
  #highPassZ2 = 0;
  #energy = 0;

  constructor(sampleRateHz: number) {
    const { shelf, highPass } = designKWeighting(sampleRateHz);
    this.#shelf = shelf;
    this.#highPass = highPass;
    this.#highPassPower = highPass.b0 * highPass.b0;
  }

  /** Adds the samples from index `from` up to, not including, `to`. */
  add(samples: Float64Array, from: number, to: number): void {
    const { b0, b1, b2, a1, a2 } = this.#shelf;
    const c1 = this.#highPass.a1;
    const c2 = this.#highPass.a2;
    let z1 = this.#shelfZ1;
    let z2 = this.#shelfZ2;
    let w1 = this.#highPassZ1;
    let w2 = this.#highPassZ2;
    let energy = this.#energy;
    for (let i = from; i < to; i++) {
      const x = samples[i];
      const y = b0 * x + z1;
      z1 = b1 * x + z2 - a1 * y;
      z2 = b2 * x - a2 * y;
      const v = y + w1; // numerator 1, −2, 1; its gain is applied to the sum
      w1 = w2 - 2 * y - c1 * v;
      w2 = y - c2 * v;
      energy += v * v;
    }
    this.#shelfZ1 = z1;
    this.#shelfZ2 = z2;
    this.#highPassZ1 = w1;
    this.#highPassZ2 = w2;
    this.#energy = energy;
  }

  /** The sum since the last call. */
  take(): number {
    const energy = this.#energy * this.#highPassPower;
    this.#energy = 0;
    this.#shelfZ1 = forgetDenormal(this.#shelfZ1);
    this.#shelfZ2 = forgetDenormal(this.#shelfZ2);
    this.#highPassZ1 = forgetDenormal(this.#highPassZ1);
    this.#highPassZ2 = forgetDenormal(this.#highPassZ2);
    return energy;
  }

  reset(): void {
    this.#energy = 0;
    this.#shelfZ1 = 0;
    this.#shelfZ2 = 0;
    this.#highPassZ1 = 0;
    this.#highPassZ2 = 0;
  }
}
