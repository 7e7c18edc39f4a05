// Samples of both channels as they lie in files, to planes: the loops of whoever reads files, as kernels (kernels/unpack.ts).
import { BLOCK_FRAMES, type StereoBlock } from './audio.ts';
import { reservedBlock } from './kernels/blocks.ts';
import { addressOf, isReserved, kernels, reserve } from './kernels/wasm.ts';

const names = { int16: 'unpackInt16', int24: 'unpackInt24', float32: 'unpackFloat32' } as const;
const frameNumbers = { int16: 0.5, int24: 0.75, float32: 1 } as const;

/** Workspaces, for the length of a call. An odd last frame is read, and written, with one more. */
const packedCopy = reserve(BLOCK_FRAMES + 2);
const packedBytes = new Uint8Array(packedCopy.buffer, packedCopy.byteOffset, packedCopy.byteLength);
const unpacked = reservedBlock();

/**
 * Fills the block from index 0 with interleaved little-endian samples, integers scaled to ±1; at most BLOCK_FRAMES of them. False, and
 * nothing is done, where that takes a loop of the caller's own.
 */
export const unpackStereo = (encoding: string, packed: Uint8Array, frames: number, block: StereoBlock): boolean => {
  const wasm = kernels();
  if (!wasm || !isFast(encoding)) return false;
  packedBytes.set(packed.subarray(0, 8 * frames * frameNumbers[encoding]));
  const fits = isReserved(block.left) && isReserved(block.right) && frames % 2 === 0;
  const { left, right } = fits ? block : unpacked;
  wasm[names[encoding]](addressOf(packedCopy), frames, addressOf(left), addressOf(right));
  if (fits) return true;
  block.left.set(left.subarray(0, frames));
  block.right.set(right.subarray(0, frames));
  return true;
};

const isFast = (encoding: string): encoding is keyof typeof names => Object.hasOwn(names, encoding);
