// Sums of products. Kernel: kernels/sums.ts.
import { addressOf, isReserved, kernels } from '../kernels/wasm.ts';

/** Σ first[at + n] · second[n] of so many, every eighth product to the same sum. The kernel does it where it can reach both. */
export const dotProduct = (first: Float64Array, at: number, second: Float64Array, count: number): number => {
  const wasm = isReserved(first) && isReserved(second) ? kernels() : null;
  if (wasm) return wasm.dot(addressOf(first, at), addressOf(second), count);
  const sums = [0, 0, 0, 0, 0, 0, 0, 0];
  let k = 0;
  for (; k + 8 <= count; k += 8)
    for (let lane = 0; lane < 8; lane++) sums[lane] += first[at + k + lane] * second[k + lane];
  const [sum0, sum1, sum2, sum3, sum4, sum5, sum6, sum7] = sums;
  let sum = sum0 + sum2 + (sum4 + sum6) + (sum1 + sum3 + (sum5 + sum7));
  for (; k < count; k++) sum += first[at + k] * second[k];
  return sum;
};
