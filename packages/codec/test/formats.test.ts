/** Every format in, without any program but Node: uncompressed ones as built here, compressed ones as kept in `fixtures`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { CodecError, openAudio } from '../src/index.ts';
import { aiff, caf, type PcmEncoding, w64 } from './build-pcm.ts';
import { save, temporaryFolder } from './build-wav.ts';
import { fixtureFrames, fixturePlanes } from './fixtures/signal.ts';
import { offsetOf, type Read, readAll } from './reading-all.ts';

const folder = temporaryFolder();
const kept = (name: string): Buffer => readFileSync(join(import.meta.dirname, 'fixtures', name));

const read = (bytes: Buffer): Promise<Read> => readAll(save(folder, bytes));

async function refused(bytes: Buffer): Promise<string> {
  try {
    await read(bytes);
    return 'read';
  } catch (error) {
    if (error instanceof CodecError) return error.code;
    throw error;
  }
}

describe('uncompressed files are read exactly', () => {
  const half = [0, 0.5, -0.5, -1, 0.25, -0.125];
  const planes = [half, half.map((x) => x / 2)];
  const kinds: [string, PcmEncoding, 'BE' | 'LE'][] = [
    ['NONE', 'int8', 'BE'],
    ['NONE', 'int16', 'BE'],
    ['twos', 'int24', 'BE'],
    ['sowt', 'int16', 'LE'],
    ['sowt', 'int24', 'LE'],
    ['in24', 'int24', 'BE'],
    ['in32', 'int32', 'BE'],
    ['fl32', 'float32', 'BE'],
    ['FL64', 'float64', 'BE'],
  ];
  const files: [string, Buffer, string][] = [
    ['AIFF of 8 bits', aiff({ planes, encoding: 'int8' }), 'aiff'],
    ['AIFF of 16 bits', aiff({ planes, encoding: 'int16' }), 'aiff'],
    ['AIFF of 24 bits, the audio first', aiff({ planes, encoding: 'int24', soundFirst: true }), 'aiff'],
    ['AIFF of 32 bits, the audio at an offset', aiff({ planes, encoding: 'int32', offset: 10 }), 'aiff'],
    ['AIFF that counts no frames', aiff({ planes, encoding: 'int16', frames: 0 }), 'aiff'],
    ...kinds.map(([kind, encoding, order]): [string, Buffer, string] => [
      `AIFF-C ${kind}, ${encoding}`,
      aiff({ planes, encoding, kind, order }),
      'aifc',
    ]),
    ...(['int16', 'int24', 'float32', 'float64'] as const).flatMap((encoding): [string, Buffer, string][] => [
      [`Wave64 ${encoding}`, w64({ planes, encoding }), 'w64'],
      [`CAF ${encoding}, big-endian`, caf({ planes, encoding }), 'caf'],
      [`CAF ${encoding}, little-endian`, caf({ planes, encoding, order: 'LE' }), 'caf'],
    ]),
    ['CAF of unknown length', caf({ planes, encoding: 'int24', size: -1 }), 'caf'],
    ['Wave64 of unknown length', w64({ planes, encoding: 'int24', dataSize: 0 }), 'w64'],
  ];
  test.each(files)('%s', async (_, bytes, format) => {
    const { info, left, right } = await read(bytes);
    expect(info).toMatchObject({ format, lossy: false, sampleRateHz: 44_100, channels: 2 });
    expect(left).toEqual(half);
    expect(right).toEqual(planes[1]);
  });
});

describe('uncompressed files that lie', () => {
  const planes = [new Float64Array(9), new Float64Array(9)];
  test.each<[string, Buffer, string]>([
    ['AIFF that counts more frames', aiff({ planes, encoding: 'int16', frames: 10 }), 'truncated_audio'],
    ['AIFF cut off', aiff({ planes, encoding: 'int16' }).subarray(0, -8), 'truncated_audio'],
    ['AIFF-C of a compressed kind', aiff({ planes, encoding: 'int16', kind: 'ulaw' }), 'unsupported_encoding'],
    [
      'AIFF-C of a kind that JavaScript knows',
      aiff({ planes, encoding: 'int16', kind: '__pr' }),
      'unsupported_encoding',
    ],
    ['AIFF of no channels', aiff({ planes: [], encoding: 'int16' }), 'malformed_audio'],
    ['AIFF of six channels', aiff({ planes: Array(6).fill([0]), encoding: 'int16' }), 'unsupported_channels'],
    [
      'Wave64 of 8 bits, whose padding may be counted as audio',
      w64({ planes, encoding: 'int8' }),
      'unsupported_encoding',
    ],
    ['Wave64 cut off', w64({ planes, encoding: 'int24' }).subarray(0, -8), 'truncated_audio'],
    ['Wave64 of negative size', w64({ planes, encoding: 'int24', dataSize: 7 }), 'audio_empty'],
    ['CAF cut off', caf({ planes, encoding: 'float64' }).subarray(0, -8), 'truncated_audio'],
    ['CAF of three channels', caf({ planes: [[0], [0], [0]], encoding: 'int16' }), 'unsupported_channels'],
  ])('%s', async (_, bytes, code) => {
    expect(await refused(bytes)).toBe(code);
  });
});

describe('lossless codecs give back the very numbers', () => {
  test.each([
    ['signal.flac', 'flac', 'flac'],
    ['signal-flac.oga', 'ogg', 'flac'],
    ['alac.m4a', 'm4a', 'alac'],
    ['alac.caf', 'caf', 'alac'],
  ])('%s', async (name, format, codec) => {
    const { info, left, right } = await read(kept(name));
    expect(info).toMatchObject({ format, codec, lossy: false, wordBits: 24, frames: fixtureFrames });
    const [wantedLeft, wantedRight] = fixturePlanes();
    expect(left).toEqual([...wantedLeft]);
    expect(right).toEqual([...wantedRight]);
  });

  test('a tag before a FLAC is passed over', async () => {
    const tag = Buffer.from('ID3\x04\0\0\0\0\0\x05.....', 'latin1');
    expect((await read(Buffer.concat([tag, kept('signal.flac')]))).left).toHaveLength(fixtureFrames);
  });
});

describe('lossy codecs begin and end at the sample', () => {
  test.each([
    ['lame.mp3', 'mp3', 'mp3', fixtureFrames],
    ['vorbis.ogg', 'ogg', 'vorbis', fixtureFrames],
    ['aac.m4a', 'm4a', 'aac', fixtureFrames],
    ['opus.opus', 'ogg', 'opus', Math.ceil((fixtureFrames * 48_000) / 44_100)],
  ])('%s', async (name, format, codec, frames) => {
    const { info, left } = await read(kept(name));
    expect(info).toMatchObject({ format, codec, lossy: true, wordBits: null, frames });
    if (codec !== 'opus') expect(offsetOf(left, [...fixturePlanes()[0]])).toBe(0);
  });

  test('nothing is invented where the file says nothing', async () => {
    expect((await read(kept('untagged.mp3'))).info.frames % 1152).toBe(0);
    expect((await read(kept('adts.aac'))).info.frames % 1024).toBe(0);
  });
});

describe('a file that is not what it was is refused', () => {
  test.each([
    'signal.flac',
    'signal-flac.oga',
    'alac.m4a',
    'alac.caf',
    'lame.mp3',
    'vorbis.ogg',
    'opus.opus',
    'aac.m4a',
  ])('%s, cut off after 60 %%', async (name) => {
    const bytes = kept(name);
    expect(await refused(bytes.subarray(0, bytes.length * 0.6))).toBe('truncated_audio');
  });

  test('one sample of a FLAC that changed, with its frame still in order, is told by the MD5', async () => {
    const bytes = kept('signal.flac');
    // The MD5 is the last thing in STREAMINFO, which follows four letters and four bytes of head.
    bytes[8 + 33] ^= 1;
    expect(await refused(bytes)).toBe('audio_checksum_mismatch');
  });

  test('a FLAC that announces fewer samples than it holds', async () => {
    const bytes = kept('signal.flac');
    bytes.writeUInt32BE(9000, 8 + 14);
    expect(await refused(bytes)).toBe('malformed_audio');
  });
});

test('decoding stops at the longest duration, whatever the header says', async () => {
  const path = save(folder, kept('signal.flac'));
  const limits = { minSampleRateHz: 8000, maxSampleRateHz: 192_000, minDurationSeconds: 0.1, maxDurationSeconds: 0.2 };
  const opening = openAudio(path, { limits, spoolPath: `${path}.pcm` });
  await expect(opening).rejects.toMatchObject({ code: 'audio_too_long' });
});
