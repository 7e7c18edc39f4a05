import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describePeer } from '../../../test/support/peers.ts';
import { readers } from '../../../test/support/programs.ts';
import { bextBytes, coverOf, createIntegerWav, openWav, tagWav, untagWav } from '../src/index.ts';
import { temporaryFolder } from './build-wav.ts';

const folder = temporaryFolder();
const sound = { sampleRateHz: 48_000, wordLengthBits: 24 } as const;
const tags = { title: 'Nacht', artists: ['Eins'], isrc: 'DEA232600001' };
const loudness = {
  ...{ integratedLufs: -14.004, loudnessRangeLu: 5.1, truePeakDbtp: -1.006 },
  ...{ maxMomentaryLufs: -9, maxShortTermLufs: null },
};

/** A small file with a place for tags; `riffLimitBytes` makes it RF64. */
function written(name: string, riffLimitBytes?: number): string {
  const path = join(folder, name);
  const options = { bextBytes: bextBytes(sound), ...(riffLimitBytes !== undefined && { riffLimitBytes }) };
  const file = createIntegerWav(path, sound, options);
  file.write(
    Int32Array.from({ length: 2 * 1001 }, (_, n) => n * 1000),
    1001,
  );
  file.close();
  return path;
}

function frameCount(path: string): { frames: number; container: string } {
  const file = openWav(path);
  file.close();
  return { frames: file.info.frames, container: file.info.format };
}

test.each([
  ['RIFF', undefined, 'wav'],
  ['RF64', 10_000, 'rf64'],
] as const)('%s: tags leave the samples where they are, and the sizes are right', (name, limit, container) => {
  const path = written(`${name}.wav`, limit);
  const before = readFileSync(path);
  tagWav(path, sound, tags, loudness);
  const after = readFileSync(path);
  expect(frameCount(path)).toEqual({ frames: 1001, container });
  const data = before.indexOf('data');
  expect(after.subarray(data, before.length).equals(before.subarray(data))).toBe(true);
  const size = container === 'rf64' ? Number(after.readBigUInt64LE(20)) : after.readUInt32LE(4);
  expect(size).toBe(after.length - 8);
});

test('loudness stands in bext in hundredths, and what was not measured is said to be so', () => {
  const path = written('loud.wav');
  tagWav(path, sound, tags, loudness);
  const bytes = readFileSync(path);
  const bext = bytes.indexOf('bext') + 8;
  const values = [0, 1, 2, 3, 4].map((i) => bytes.readInt16LE(bext + 412 + 2 * i));
  expect(values).toEqual([-1400, 510, -101, -900, 0x7fff]);
  expect(bytes.readUInt16LE(bext + 346)).toBe(2);
  expect(bytes.readUInt32LE(bext - 4) % 2).toBe(0);
});

test('a place that is not used says nothing', () => {
  const path = written('plain.wav');
  untagWav(path);
  expect(readFileSync(path).includes('bext')).toBe(false);
  expect(frameCount(path).frames).toBe(1001);
});

test('a cover is a JPEG or a PNG, whatever its name', () => {
  expect(coverOf(Buffer.from('ffd8ffe000104a464946', 'hex'))?.mimeType).toBe('image/jpeg');
  expect(coverOf(Buffer.from('89504e470d0a1a0a0000', 'hex'))?.mimeType).toBe('image/png');
  expect(coverOf(Buffer.from('GIF89a'))).toBeNull();
});

describePeer('tagged RF64 read by libsndfile', readers, (peer) => {
  test('it opens, although such files with an odd bext do not', () => {
    const path = written('peer.wav', 10_000);
    tagWav(path, sound, tags, loudness);
    const told = peer.run('sndfile-info', path);
    expect(told).toMatch(/RF64/);
    expect(told).toMatch(/Frames\s*:\s*1001/);
    expect(peer.run('sndfile-metadata-get', '--all', path)).toMatch(/Loudness value\s*: -14\.00/);
  });
});
