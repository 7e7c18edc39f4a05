// K-weighted energies of groups of eight frames, both channels side by side: k-weighting.ts, in strides that a limiter's gain
// hardly changes within. Kernel: kernels/outline.ts.
import { addressOf, kernels, reserve } from '../kernels/wasm.ts';
import { forgetDenormal } from './biquad.ts';
import { GROUP, RECORD } from './group-peaks.ts';
import { coefficientsOf, designKWeighting } from './k-weighting.ts';

/** Seven, and one that fills a pair. */
const COEFFICIENTS = 8;
const MEMORY = 8;

/** Workspace, for the length of a call. */
const workState = reserve(COEFFICIENTS + MEMORY);

export class GroupEnergies {
  /** What the sums are to be multiplied by: the gain of the high-pass, squared. */
  readonly scale: number;
  /** Coefficients, then shelf z1, z2, high-pass z1, z2, both channels of each side by side. */
  readonly #state = new Float64Array(COEFFICIENTS + MEMORY);

  constructor(sampleRateHz: number) {
    this.#state.set(coefficientsOf(sampleRateHz));
    this.scale = designKWeighting(sampleRateHz).highPass.b0 ** 2;
  }

  /** Weighs so many groups of both channels, all reserved, to two of every four numbers of `out`. */
  weigh(left: Float32Array, right: Float32Array, groups: number, out: Float32Array): void {
    const wasm = kernels();
    if (!wasm) {
      this.#weigh(0, left, groups, out);
      this.#weigh(1, right, groups, out);
      return;
    }
    workState.set(this.#state);
    wasm.weighGroups(addressOf(left), addressOf(right), groups, addressOf(workState), addressOf(out));
    this.#state.set(workState);
  }

  #weigh(channel: number, input: Float32Array, groups: number, out: Float32Array): void {
    const state = this.#state;
    const [b0, b1, b2, a1, a2, c1, c2] = state;
    const memory = COEFFICIENTS + channel;
    for (let g = 0, i = 0; g < groups; g++) {
      let [z1, z2, w1, w2] = [state[memory], state[memory + 2], state[memory + 4], state[memory + 6]];
      let energy = 0;
      for (const end = i + GROUP; i < end; i++) {
        const x = input[i];
        const y = b0 * x + z1;
        z1 = b1 * x + z2 - a1 * y;
        z2 = b2 * x - a2 * y;
        const v = y + w1; // numerator 1, −2, 1; its gain is `scale`
        w1 = w2 - (y + y) - c1 * v;
        w2 = y - c2 * v;
        energy += v * v;
      }
      [z1, z2, w1, w2].forEach((value, k) => {
        state[memory + 2 * k] = forgetDenormal(value);
      });
      out[RECORD * g + channel] = energy;
    }
  }
}
