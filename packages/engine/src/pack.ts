// Whole numbers of both channels to the bytes of files: the loop of whoever writes files, as kernels (kernels/pack.ts).
import { BLOCK_FRAMES } from './audio.ts';
import { addressOf, isReserved, kernels, reserve, reserveIntegers } from './kernels/wasm.ts';

/** Four samples at a time are read, and written. */
const SPARE = 4;

/** Workspaces, for the length of a call. */
const samplesCopy = reserveIntegers(2 * BLOCK_FRAMES + SPARE);
const packed = reserve(BLOCK_FRAMES + SPARE);
const packedBytes = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);

/** Room for the samples of a block where kernels can reach them, for a workspace that belongs to a module. */
export const reservedSamples = (): Int32Array => reserveIntegers(2 * BLOCK_FRAMES + SPARE);

/**
 * Writes so many little-endian integers of 16 or 24 bits, at most those of a block. False, and nothing is done, where that takes a loop of
 * the caller's own.
 */
export const packIntegers = (
  samples: Int32Array,
  count: number,
  wordLengthBits: 16 | 24,
  bytes: Uint8Array,
): boolean => {
  const wasm = kernels();
  if (!wasm || count > 2 * BLOCK_FRAMES) return false;
  const fits = isReserved(samples) && samples.length >= count + SPARE;
  if (!fits) samplesCopy.set(samples.subarray(0, count));
  const from = addressOf(fits ? samples : samplesCopy);
  if (wordLengthBits === 16) wasm.packInt16(from, count, addressOf(packed));
  else wasm.packInt24(from, count, addressOf(packed));
  bytes.set(packedBytes.subarray(0, (count * wordLengthBits) / 8));
  return true;
};
