import { afterEach, expect, test } from 'vitest';
import { createBlock, type StereoBlock } from '../../engine/src/audio.ts';
import { reservedBlock } from '../../engine/src/kernels/blocks.ts';
import { useKernels } from '../../engine/src/kernels/wasm.ts';
import { encodeFloats } from '../src/encodings.ts';

afterEach(() => useKernels(true));

/** What is written, and the byte behind it. */
const written = (block: StereoBlock, frames: number): Uint8Array => {
  const bytes = new Uint8Array(8 * frames + 1).fill(7);
  encodeFloats(block, frames, new DataView(bytes.buffer, 0, 8 * frames));
  return bytes;
};

test.each([
  ['within reach', reservedBlock()],
  ['out of reach', createBlock()],
])('32-bit float: the kernel writes what the loop writes, of a block %s, and nothing behind it', (_, block) => {
  block.left.forEach((__, i) => {
    block.left[i] = Math.sin(i) * 10 ** ((i % 90) - 50);
    block.right[i] = i % 3 === 0 ? -0 : 1 / (i - 2);
  });
  for (const frames of [1, 2, 333, 4095, 4096]) {
    useKernels(false);
    const byLoop = written(block, frames);
    useKernels(true);
    expect(written(block, frames)).toEqual(byLoop);
  }
});
