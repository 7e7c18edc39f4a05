// Samples to bytes as they lie in files, little-endian: the loops of whoever writes files, as kernels (kernels/pack.ts).
import { BLOCK_FRAMES, type StereoBlock } from './audio.ts';
import { reservedBlock } from './kernels/blocks.ts';
import { addressOf, kernels, reserve, within } from './kernels/wasm.ts';

/** Workspaces, for the length of a call. What is written may end a little later than asked for. */
const packed = reserve(BLOCK_FRAMES + 2);
const packedBytes = new Uint8Array(packed.buffer, packed.byteOffset, packed.byteLength);
const integers = reserve(BLOCK_FRAMES);
const integersCopy = new Int32Array(integers.buffer, integers.byteOffset, 2 * BLOCK_FRAMES);
const planes = reservedBlock();

/**
 * Writes so many integers of 24 bits, at most two blocks. False, and nothing is done, where that takes a loop of the
 * caller's own.
 */
export const packIntegers = (samples: Int32Array, count: number, bytes: Uint8Array): boolean => {
  const wasm = kernels();
  if (!wasm || count > integersCopy.length) return false;
  integersCopy.set(samples.subarray(0, count));
  wasm.packInt24(addressOf(integers), count, addressOf(packed));
  bytes.set(packedBytes.subarray(0, 3 * count));
  return true;
};

/** Writes a block as interleaved 32-bit float; false like {@link packIntegers}. */
export const packFloats = ({ left, right }: StereoBlock, frames: number, bytes: Uint8Array): boolean => {
  const wasm = kernels();
  if (!wasm || frames > BLOCK_FRAMES) return false;
  const [leftAt, rightAt] = [within(left, 0, frames, planes.left), within(right, 0, frames, planes.right)];
  wasm.packFloat32(leftAt, rightAt, frames, addressOf(packed));
  bytes.set(packedBytes.subarray(0, 8 * frames));
  return true;
};
