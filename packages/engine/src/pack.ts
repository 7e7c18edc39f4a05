// Samples of both channels to the bytes of files: the loops of whoever writes files, as kernels (kernels/pack.ts).
import { BLOCK_FRAMES, type StereoBlock } from './audio.ts';
import { reservedBlock } from './kernels/blocks.ts';
import { addressOf, isReserved, kernels, reserve, reserveIntegers, within } from './kernels/wasm.ts';

/** Four samples at a time are read, and written. */
const SPARE = 4;

/** Workspaces, for the length of a call. */
const samplesCopy = reserveIntegers(2 * BLOCK_FRAMES + SPARE);
const packed = reserve(BLOCK_FRAMES + SPARE);
const planes = reservedBlock();
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

/** Writes a block as interleaved little-endian 32-bit float; false like {@link packIntegers}. */
export const packFloats = ({ left, right }: StereoBlock, frames: number, bytes: Uint8Array): boolean => {
  const wasm = kernels();
  if (!wasm || frames > BLOCK_FRAMES) return false;
  const [leftAt, rightAt] = [within(left, 0, frames, planes.left), within(right, 0, frames, planes.right)];
  wasm.packFloat32(leftAt, rightAt, frames, addressOf(packed));
  bytes.set(packedBytes.subarray(0, 8 * frames));
  return true;
};
