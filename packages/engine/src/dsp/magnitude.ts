import { BLOCK_FRAMES } from '../audio.ts';
import { kernels, reserve, within } from '../kernels/wasm.ts';

const copy = reserve(BLOCK_FRAMES);

/** The largest magnitude from index `from` up to, not including, `to`; NaN if one is not a number. Kernel: kernels/peaks.ts. */
export const largestMagnitude = (samples: Float64Array, from: number, to: number): number => {
  const wasm = kernels();
  let largest = 0;
  if (!wasm) {
    for (let i = from; i < to; i++) largest = Math.max(largest, Math.abs(samples[i]));
    return largest;
  }
  for (let start = from; start < to; start += BLOCK_FRAMES) {
    const end = Math.min(to, start + BLOCK_FRAMES);
    largest = Math.max(largest, wasm.largestMagnitude(within(samples, start, end, copy), end - start));
  }
  return largest;
};
