import { BLOCK_FRAMES } from '../audio.ts';
import { addressOf, kernels, reserve, within } from '../kernels/wasm.ts';

const copy = reserve(BLOCK_FRAMES);

/** Samples from index `from` to `to`, at most 4096, in single precision, to the start of what was reserved. Kernel: kernels/outline.ts. */
export const narrow = (samples: Float64Array, from: number, to: number, out: Float32Array): void => {
  const wasm = kernels();
  if (wasm) wasm.narrow(within(samples, from, to, copy), to - from, addressOf(out));
  else out.set(samples.subarray(from, to));
};
