// Sums of products. Kernel: kernels/sums.ts.
import { addressOf, isReserved, kernels } from '../kernels/wasm.ts';

/** Σ first[n] · second[n], every fourth product to the same sum; best of numbers that were reserved. */
export const dotProduct = (first: Float64Array, second: Float64Array): number => {
  const wasm = isReserved(first) && isReserved(second) ? kernels() : null;
  if (wasm) return wasm.dot(addressOf(first), addressOf(second), first.length);
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 4 <= first.length; k += 4) {
    sum0 += first[k] * second[k];
    sum1 += first[k + 1] * second[k + 1];
    sum2 += first[k + 2] * second[k + 2];
    sum3 += first[k + 3] * second[k + 3];
  }
  for (; k < first.length; k++) sum0 += first[k] * second[k];
  return sum0 + sum1 + (sum2 + sum3);
};
