import { afterEach, expect, test } from 'vitest';
import { createBlock, type StereoBlock } from '../../engine/src/audio.ts';
import { reservedBlock } from '../../engine/src/kernels/blocks.ts';
import { useKernels } from '../../engine/src/kernels/wasm.ts';
import { reservedSamples } from '../../engine/src/pack.ts';
import { createDecode, encodeIntegers, encodings, type SampleEncoding } from '../src/encodings.ts';

afterEach(() => useKernels(true));

const names = Object.keys(encodings) as SampleEncoding[];

/** Bytes that repeat, of every value; as floats they are numbers of any size, infinite ones and none at all. */
const anyBytes = (count: number): DataView =>
  new DataView(Uint8Array.from({ length: count }, (_, i) => (i * i * 40_503 + i * 7) >> 5).buffer);

const read = (encoding: SampleEncoding, frames: number, block: StereoBlock): Float64Array[] => {
  const view = anyBytes(frames * 2 * encodings[encoding].bytes);
  createDecode(encoding, 2)(view, frames, block);
  return [block.left.slice(0, frames), block.right.slice(0, frames)];
};

test.each(names)('%s: the kernel reads what the loop reads, wherever it is to go', (encoding) => {
  for (const frames of [1, 2, 333, 4095, 4096]) {
    useKernels(false);
    const byLoop = read(encoding, frames, createBlock());
    useKernels(true);
    expect(read(encoding, frames, createBlock())).toEqual(byLoop);
    expect(read(encoding, frames, reservedBlock())).toEqual(byLoop);
  }
});

test.each(names)('%s: nothing is written behind the last frame', (encoding) => {
  const block = reservedBlock();
  block.left.fill(7);
  block.right.fill(7);
  read(encoding, 5, block);
  expect([block.left[5], block.right[5]]).toEqual([7, 7]);
});

test.each([16, 24] as const)(
  '%i bit: the kernel writes what the loop writes, and nothing behind it',
  (wordLengthBits) => {
    const samples = Int32Array.from({ length: 8192 }, (_, i) => ((i * 7919) << 8) >> (32 - wordLengthBits));
    const reserved = reservedSamples();
    reserved.set(samples);
    const write = (from: Int32Array, count: number): Uint8Array => {
      const bytes = new Uint8Array(4 * count + 16).fill(7);
      encodeIntegers(from, count, wordLengthBits, new DataView(bytes.buffer));
      return bytes;
    };
    for (const count of [2, 4, 666, 8190, 8192]) {
      useKernels(false);
      const byLoop = write(samples, count);
      useKernels(true);
      expect(write(samples, count)).toEqual(byLoop);
      expect(write(reserved, count)).toEqual(byLoop);
    }
  },
);
