import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBlock } from '../../engine/src/audio.ts';
import { createFloatWav, createIntegerWav, openWav, wavSamples } from '../src/index.ts';
import { temporaryFolder } from './build-wav.ts';

const folder = temporaryFolder();
const path = join(folder, 'out.wav');

function readBack(): { frames: [number, number][]; format: string } {
  const file = openWav(path);
  const stream = file.openStream();
  const block = createBlock();
  const frames: [number, number][] = [];
  for (let n = stream.read(block) as number; n > 0; n = stream.read(block) as number) {
    for (let i = 0; i < n; i++) frames.push([block.left[i] ?? 9, block.right[i] ?? 9]);
  }
  file.close();
  return { frames, format: file.info.format };
}

test.each([16, 24] as const)('%i-bit integers come back exactly', (wordLengthBits) => {
  const scale = 2 ** (wordLengthBits - 1);
  const sample = fc.integer({ min: -scale, max: scale - 1 });
  fc.assert(
    fc.property(fc.array(fc.tuple(sample, sample), { minLength: 1, maxLength: 200 }), (frames) => {
      const writer = createIntegerWav(path, { sampleRateHz: 48_000, wordLengthBits });
      writer.write(Int32Array.from(frames.flat()), frames.length);
      writer.close();
      expect(readBack().frames).toEqual(frames.map(([l, r]) => [l / scale, r / scale]));
    }),
    { numRuns: 50, seed: 2 },
  );
});

test('32-bit floats come back exactly, also above full scale', () => {
  const sample = fc.float({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(sample, sample), { minLength: 1, maxLength: 200 }), (frames) => {
      const writer = createFloatWav(path, 44_100);
      const block = createBlock();
      block.left.set(frames.map(([l]) => l));
      block.right.set(frames.map(([, r]) => r));
      writer.write(block, frames.length);
      writer.close();
      expect(readBack().frames).toEqual(frames);
    }),
    { numRuns: 50, seed: 3 },
  );
});

test('many blocks are written one after the other, and the header has the exact sizes', () => {
  const writer = createIntegerWav(path, { sampleRateHz: 44_100, wordLengthBits: 24 });
  const block = Int32Array.from({ length: 2 * 4096 }, (_, n) => n);
  for (let n = 0; n < 5; n++) writer.write(block, 4096);
  writer.write(block, 10);
  const { sizeBytes } = writer.close();
  const bytes = readFileSync(path);
  const dataBytes = (5 * 4096 + 10) * 6;
  expect(bytes.length).toBe(sizeBytes);
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8);
  expect(bytes.readUInt32LE(bytes.indexOf('data') + 4)).toBe(dataBytes);
  expect(bytes.length).toBe(bytes.indexOf('data') + 8 + dataBytes);
  expect(readBack().frames).toHaveLength(5 * 4096 + 10);
});

test('beyond the limit of RIFF the file becomes RF64', () => {
  const writer = createFloatWav(path, 44_100, { riffLimitBytes: 10_000 });
  for (let n = 0; n < 3; n++) writer.write(createBlock(), 4096);
  writer.close();
  const { format, frames } = readBack();
  expect(format).toBe('rf64');
  expect(frames).toHaveLength(3 * 4096);
  expect(readFileSync(path).readUInt32LE(4)).toBe(0xffff_ffff);
});

test.skipIf(!existsSync('/dev/full'))('a full disk is an error', () => {
  const writer = createFloatWav('/dev/full', 44_100);
  expect(() => {
    writer.write(createBlock(), 4096);
    writer.close();
  }).toThrow(/ENOSPC/);
  writer.abandon();
  writer.abandon();
});

test('the bytes of the samples are shown as they are written, and found again in the file', () => {
  const shown: Uint8Array[] = [];
  const onSamples = (bytes: Uint8Array): number => shown.push(bytes.slice());
  const writer = createIntegerWav(path, { sampleRateHz: 44_100, wordLengthBits: 16 }, { bextBytes: 700, onSamples });
  const block = Int32Array.from({ length: 2 * 4096 }, (_, n) => n);
  for (let n = 0; n < 20; n++) writer.write(block, 4096);
  writer.close();
  const { from, to } = wavSamples(path);
  expect(readFileSync(path).subarray(from, to).equals(Buffer.concat(shown))).toBe(true);
});
