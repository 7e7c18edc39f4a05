// K-weighted energies of groups of eight frames, both channels side by side: k-weighting.ts, in strides that a limiter's gain
// hardly changes within. Kernel: kernels/outline.ts.
import { addressOf, kernels, reserve } from '../kernels/wasm.ts';
import { FORGOTTEN, forgetDenormal } from './biquad.ts';
import { GROUP, RECORD } from './group-peaks.ts';
import { coefficientsOf, designKWeighting } from './k-weighting.ts';

/** Six, what is forgotten, and one that fills a pair. */
const COEFFICIENTS = 8;
const MEMORY = 12;

/** Workspace, for the length of a call. */
const workState = reserve(COEFFICIENTS + MEMORY);

export class GroupEnergies {
  /** What the sums are to be multiplied by. */
  readonly scale: number;
  /** Coefficients, then x1, x2, y1, y2, u, v, both channels of each side by side. */
  readonly #state = new Float64Array(COEFFICIENTS + MEMORY);

  constructor(sampleRateHz: number) {
    this.#state.set([...coefficientsOf(sampleRateHz), FORGOTTEN]);
    const { shelf, highPass } = designKWeighting(sampleRateHz);
    this.scale = (shelf.b0 * highPass.b0) ** 2;
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
    const [b1, b2, a1, a2, c1, c2] = this.#state;
    const memory = this.#state.subarray(COEFFICIENTS + channel);
    for (let g = 0, i = 0; g < groups; g++) {
      let [x1, x2, y1, y2, u, v] = [0, 2, 4, 6, 8, 10].map((at) => memory[at]);
      let energy = 0;
      for (const end = i + GROUP; i < end; i++) {
        const x = input[i];
        const y = x + b1 * x1 + b2 * x2 - a2 * y2 - a1 * y1;
        const rise = y - y1;
        const next = rise + c2 * v;
        v = rise - u - c1 * v;
        u = next;
        x2 = x1;
        x1 = x;
        y2 = y1;
        y1 = y;
        energy += v * v;
      }
      [x1, x2, y1, y2, u, v].forEach((value, k) => {
        memory[2 * k] = forgetDenormal(value);
      });
      out[RECORD * g + channel] = energy;
    }
  }
}
