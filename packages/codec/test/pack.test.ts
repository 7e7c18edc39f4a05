import { afterEach, describe, expect, test } from 'vitest';
import { createBlock, type StereoBlock } from '../../engine/src/audio.ts';
import { reservedBlock } from '../../engine/src/kernels/blocks.ts';
import { useKernels } from '../../engine/src/kernels/wasm.ts';
import { encodeFloats, encodeIntegers } from '../src/encodings.ts';

afterEach(() => useKernels(true));

/** What was written, and the byte behind it. */
const written = (byteLength: number, write: (view: DataView) => void): Uint8Array => {
  const bytes = new Uint8Array(byteLength + 1).fill(7);
  write(new DataView(bytes.buffer, 0, byteLength));
  return bytes;
};

const byLoopAndByKernel = (byteLength: number, write: (view: DataView) => void): Uint8Array[] =>
  [false, true].map((use) => {
    useKernels(use);
    return written(byteLength, write);
  });

describe('the kernel writes what the loop writes, and nothing behind it', () => {
  test('24 bits', () => {
    for (const count of [1, 2, 3, 333, 8191, 8192]) {
      const samples = Int32Array.from({ length: count }, (_, i) => ((i * i * 40_503 + i * 7) << 8) >> 8);
      const [byLoop, byKernel] = byLoopAndByKernel(3 * count, (view) => encodeIntegers(samples, count, 24, view));
      expect(byKernel).toEqual(byLoop);
    }
  });

  test.each([
    ['within reach', reservedBlock()],
    ['out of reach', createBlock()],
  ])('32-bit float, of a block %s', (_, block: StereoBlock) => {
    block.left.forEach((__, i) => {
      block.left[i] = Math.sin(i) * 10 ** ((i % 90) - 50);
      block.right[i] = i % 3 === 0 ? -0 : 1 / (i - 2);
    });
    for (const frames of [1, 2, 333, 4095, 4096]) {
      const [byLoop, byKernel] = byLoopAndByKernel(8 * frames, (view) => encodeFloats(block, frames, view));
      expect(byKernel).toEqual(byLoop);
    }
  });
});
