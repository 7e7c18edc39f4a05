// Missing samples from a model of what surrounds them: the x̂ that make Σ e² of the model least, from both sides at once.
//   B·x̂ = −Σ_known b·x, with b_k = Σ_j a_j·a_(j+k), and B_ij = b_|i−j| for two missing samples i − j apart;
//   B = L·D·Lᵀ (Cholesky, without roots).
// Source: Janssen, Veldhuis & Vries, "Adaptive interpolation of discrete-time signals that can be modeled as autoregressive
// processes", 1986, eq. 9–13; Godsill & Rayner, "Digital Audio Restoration", 1998, 5.2.2.
import type { Autoregression } from './autoregression.ts';

/** Solves for missing samples. Reused; holds at most `most` of them. */
export class Interpolator {
  readonly #rows: Float64Array;
  readonly #right: Float64Array;
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
    this.#rows = new Float64Array(most * most);
    this.#right = new Float64Array(most);
  }

  /**
   * Replaces `samples[missing[k]]`, k < `count`, by what the model says. The positions rise. False, and nothing is
   * touched, where there is no solution.
   */
  solve(model: Autoregression, samples: Float64Array, missing: Int32Array, count: number): boolean {
    this.#build(model, samples, missing, count);
    if (!this.#eliminate(count)) return false;
    for (let k = 0; k < count; k++) samples[missing[k]] = this.#right[k];
    return true;
  }

  #build(model: Autoregression, samples: Float64Array, missing: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j <= i; j++) this.#rows[i * this.#most + j] = model.productAt(missing[i] - missing[j]);
      // All samples in reach count as known, then the missing ones among them are taken out again.
      let sum = 0;
      for (let d = -model.order; d <= model.order; d++) sum -= model.productAt(Math.abs(d)) * samples[missing[i] + d];
      for (let j = 0; j < count; j++) sum += model.productAt(Math.abs(missing[i] - missing[j])) * samples[missing[j]];
      this.#right[i] = sum;
    }
  }

  /** L·D·Lᵀ in place, then both substitutions. */
  #eliminate(count: number): boolean {
    const rows = this.#rows;
    const right = this.#right;
    const most = this.#most;
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < i; j++) {
        let sum = rows[i * most + j];
        for (let k = 0; k < j; k++) sum -= rows[i * most + k] * rows[j * most + k] * rows[k * most + k];
        rows[i * most + j] = sum / rows[j * most + j];
      }
      let pivot = rows[i * most + i];
      for (let k = 0; k < i; k++) pivot -= rows[i * most + k] * rows[i * most + k] * rows[k * most + k];
      if (!(pivot > 0)) return false;
      rows[i * most + i] = pivot;
      for (let k = 0; k < i; k++) right[i] -= rows[i * most + k] * right[k];
    }
    for (let i = count - 1; i >= 0; i--) {
      right[i] /= rows[i * most + i];
      for (let k = i + 1; k < count; k++) right[i] -= rows[k * most + i] * right[k];
    }
    return true;
  }
}
