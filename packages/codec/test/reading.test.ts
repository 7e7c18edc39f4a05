import { closeSync, ftruncateSync, mkdirSync, openSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BLOCK_FRAMES, createBlock } from '../../engine/src/audio.ts';
import { type AudioLimits, CodecError, openAudio, openWav } from '../src/index.ts';
import { chunk, type Encoding, save, temporaryFolder, tone, wav } from './build-wav.ts';

const folder = temporaryFolder();
const limits: AudioLimits = {
  minSampleRateHz: 8000,
  maxSampleRateHz: 192_000,
  minDurationSeconds: 0.4,
  maxDurationSeconds: 10_800,
};

async function readAll(path: string, blockFrames = BLOCK_FRAMES) {
  const file = openWav(path);
  const stream = file.openStream();
  const block = createBlock(blockFrames);
  const planes: [number[], number[]] = [[], []];
  for (let n = await stream.read(block); n > 0; n = await stream.read(block)) {
    planes[0].push(...block.left.subarray(0, n));
    planes[1].push(...block.right.subarray(0, n));
  }
  file.close();
  return { info: file.info, left: planes[0], right: planes[1] };
}

async function refusal(bytes: Buffer, accepted: AudioLimits): Promise<CodecError> {
  const path = save(folder, bytes);
  try {
    (await openAudio(path, { limits: accepted, spoolPath: `${path}.pcm` })).close();
  } catch (error) {
    if (error instanceof CodecError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

const half = Float64Array.from([0, 0.5, -0.5, -1, 0.25]);
const encodings: Encoding[] = ['int8', 'int16', 'int24', 'int32', 'float32', 'float64'];
const resolution: Record<Encoding, number> = {
  int8: 2 ** -7,
  int16: 2 ** -15,
  int24: 2 ** -23,
  int32: 2 ** -31,
  float32: 2 ** -24,
  float64: 0,
};

describe('every encoding is read exactly', () => {
  test.each(encodings.flatMap((e) => [[e, false] as const, [e, true] as const]))(
    '%s, extensible %s',
    async (encoding, extensible) => {
      const path = save(folder, wav({ encoding, extensible, planes: [half, half.map((v) => v / 2)] }));
      const { info, left, right } = await readAll(path);
      const wordBits = encoding.startsWith('float') ? null : Number(encoding.slice(3));
      const said = { format: 'wav', codec: wordBits === null ? 'float' : 'pcm', wordBits, lossy: false };
      expect(info).toMatchObject({ ...said, channels: 2, sampleRateHz: 44_100, frames: 5 });
      expect(left).toEqual([...half]);
      expect(right).toEqual([...half.map((v) => v / 2)]);
    },
  );

  test('any samples come back within half a step, in blocks of any size', async () => {
    const sample = fc.double({ min: -1, max: 0.9999, noNaN: true });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(sample, sample), { minLength: 1, maxLength: 300 }),
        fc.constantFrom(...encodings),
        fc.integer({ min: 1, max: 97 }),
        async (frames, encoding, blockFrames) => {
          const planes = [frames.map(([l]) => l), frames.map(([, r]) => r)];
          const { left, right } = await readAll(save(folder, wav({ encoding, planes }), 'any.wav'), blockFrames);
          expect(left).toHaveLength(frames.length);
          frames.forEach(([l, r], n) => {
            expect(Math.abs((left[n] ?? 9) - l)).toBeLessThanOrEqual(resolution[encoding]);
            expect(Math.abs((right[n] ?? 9) - r)).toBeLessThanOrEqual(resolution[encoding]);
          });
        },
      ),
      { numRuns: 60, seed: 1 },
    );
  });

  test('mono fills both planes alike and says that it is mono', async () => {
    const { info, left, right } = await readAll(save(folder, wav({ planes: [half] })));
    expect(info.channels).toBe(1);
    expect(right).toEqual(left);
  });

  test('20 bits, left-justified in three bytes, are read as 24', async () => {
    const bytes = wav({ encoding: 'int24', planes: [half, half] });
    bytes.writeUInt16LE(20, 34);
    expect((await readAll(save(folder, bytes))).left).toEqual([...half]);
  });

  test('several streams of one file do not disturb each other', async () => {
    const file = openWav(save(folder, wav({ planes: [tone(0.5), tone(0.5)] })));
    const [first, second] = [file.openStream(), file.openStream()];
    const [a, b] = [createBlock(), createBlock()];
    await first.read(a);
    await second.read(b);
    expect(b.left).toEqual(a.left);
    file.close();
  });
});

describe('containers', () => {
  const audio = { planes: [tone(0.5), tone(0.5)] };
  const list = chunk('LIST', Buffer.from('INFOISFT\x03\0\0\0abc\0', 'latin1'));
  const odd = chunk('junk', Buffer.from('odd'));

  test('RF64 takes its size from ds64', async () => {
    const { info, left } = await readAll(save(folder, wav({ ...audio, wide: true })));
    expect(info).toMatchObject({ format: 'rf64', frames: 22_050 });
    expect(left).toHaveLength(22_050);
  });

  test('BW64 is RF64 by another name', async () => {
    const bytes = wav({ ...audio, wide: true });
    bytes.write('BW64', 0, 'latin1');
    expect((await readAll(save(folder, bytes))).info.frames).toBe(22_050);
  });

  test('an RF64 file beyond 4 GB has all its frames', () => {
    const path = join(folder, 'sparse.wav');
    const header = wav({ planes: [[0], [0]], wide: true }).subarray(0, -4);
    const frames = 1_500_000_000;
    header.writeBigUInt64LE(BigInt(4 * frames), 12 + 8 + 8);
    const file = openSync(path, 'w');
    writeSync(file, header);
    ftruncateSync(file, header.length + 4 * frames);
    closeSync(file);
    const { info, close } = openWav(path);
    expect(info.frames).toBe(frames);
    close();
  });

  test.each([
    ['unknown chunks before and after', { before: [list, odd], after: [list, odd] }],
    ['a streaming writer left 0xFFFFFFFF', { dataSize: 0xffff_ffff, riffSize: 0xffff_ffff }],
    ['a streaming writer left 0', { dataSize: 0, riffSize: 0 }],
    ['the outer size is wrong', { riffSize: 17 }],
    ['a short tag without a chunk of its own follows', { after: [Buffer.from('TAG and some padding\0\0\0')] }],
  ] satisfies [string, object][])('%s: all the audio is read', async (_, parts) => {
    expect((await readAll(save(folder, wav({ ...audio, ...parts })))).info.frames).toBe(22_050);
  });

  test('a wrong byte rate does not matter', async () => {
    const bytes = wav(audio);
    bytes.writeUInt32LE(1, 28);
    expect((await readAll(save(folder, bytes))).info.frames).toBe(22_050);
  });

  test('an incomplete last frame is dropped', async () => {
    const bytes = wav({ planes: [half, half], dataSize: 19 }).subarray(0, -1);
    expect((await readAll(save(folder, bytes))).info.frames).toBe(4);
  });
});

describe('refusals have a stable code and a sentence with the numbers', () => {
  const good = wav({ planes: [tone(1), tone(1)] });
  const changed = (offset: number, value: number, of = good): Buffer => {
    const bytes = Buffer.from(of);
    bytes.writeUInt16LE(value, offset);
    return bytes;
  };
  const planes = (count: number) => Array.from({ length: count }, () => tone(1));
  const named = (text: string): Buffer => Buffer.from(`${text}${'.'.repeat(60)}`, 'latin1');

  test.each<[string, Buffer, string, RegExp]>([
    ['zero length', Buffer.alloc(0), 'audio_empty', /0 bytes/],
    ['text', Buffer.from('this is no audio at all, only words'), 'not_audio', /not audio/],
    ['one byte', Buffer.from('R'), 'not_audio', /not audio/],
    ['a playlist named .wav', Buffer.from('#EXTM3U\nhttp://example.com/a.ts'), 'not_audio', /not audio/],
    ['RIFF that is not WAVE', Buffer.from('RIFF\x10\0\0\0AVI LIST'), 'not_audio', /not audio/],
    ['WavPack', named('wvpk'), 'unsupported_encoding', /WavPack/],
    ['Windows Media', named('\x30\x26\xb2\x75\x8e\x66\xcf\x11'), 'unsupported_encoding', /Windows Media/],
    ['big-endian WAV', named('RIFX\0\0\0\0WAVE'), 'unsupported_encoding', /RIFX/],
    ['MPEG audio of layer II', named('\xff\xfd\x90\x64'), 'unsupported_encoding', /layer/],
    ['nothing but the first letters of FLAC', named('fLaC'), 'malformed_audio', /begins like audio/],
    ['nothing but the first letters of Ogg', named('OggS'), 'truncated_audio', /last/],
    ['nothing but the first letters of MP3', named('\xff\xfb\x90\x64'), 'malformed_audio', /begins like audio/],
    ['nothing but the first letters of M4A', named('\0\0\0\x20ftypM4A '), 'truncated_audio', /where its audio/],
    ['a tag and nothing else', named('ID3\x04'), 'not_audio', /not audio/],
    ['64 bits', changed(34, 64, changed(32, 16)), 'unsupported_encoding', /64 bits/],
    ['A-law', changed(20, 6), 'unsupported_encoding', /A-law/],
    ['an encoding nobody knows', changed(20, 4711), 'unsupported_encoding', /4711/],
    ['16-bit float', changed(20, 3), 'unsupported_encoding', /16 bits/],
    ['three channels', wav({ planes: planes(3) }), 'unsupported_channels', /3 channels/],
    ['65 channels', wav({ planes: planes(65) }), 'unsupported_channels', /65 channels/],
    ['no channels', changed(22, 0), 'malformed_audio', /0 channels/],
    ['block align that lies', changed(32, 6), 'malformed_audio', /6 bytes/],
    ['sample rate 0', changed(24, 0), 'malformed_audio', /0 Hz/],
    ['4 kHz', wav({ sampleRateHz: 4000, planes: [tone(1)] }), 'unsupported_sample_rate', /4 kHz/],
    ['384 kHz', wav({ sampleRateHz: 384_000, planes: [tone(9)] }), 'unsupported_sample_rate', /384 kHz/],
    ['one sample', wav({ planes: [[0.5], [0.5]] }), 'audio_too_short', /one sample/],
    ['0.39 s', wav({ planes: [tone(0.39)] }), 'audio_too_short', /0.39 s/],
    ['no samples', wav({ planes: [[], []] }), 'audio_empty', /holds no audio/],
    ['no data chunk', good.subarray(0, 36), 'audio_empty', /holds no audio/],
    ['nothing but RIFF WAVE', good.subarray(0, 12), 'malformed_audio', /encoded/],
    [
      'data before format',
      Buffer.concat([good.subarray(0, 12), chunk('data', Buffer.alloc(80))]),
      'malformed_audio',
      /before/,
    ],
    ['cut inside the header', good.subarray(0, 30), 'truncated_audio', /header/],
    ['cut inside the audio', good.subarray(0, good.length / 2), 'truncated_audio', /1 s of audio.*0\.5 s/],
    ['a data size that is too large', wav({ planes: planes(2), dataSize: 0x7fff_fff0 }), 'truncated_audio', /min/],
    ['a data size that is too small', wav({ planes: [tone(3)], dataSize: 16 }), 'malformed_audio', /lies/],
    [
      'billions of empty chunks',
      Buffer.concat([good.subarray(0, 36), Buffer.alloc(50_000)]),
      'malformed_audio',
      /4096/,
    ],
  ])('%s', async (_, bytes, code, sentence) => {
    const error = await refusal(bytes, limits);
    expect(error.code).toBe(code);
    expect(error.message).toMatch(sentence);
  });

  test('four hours', () => {
    const path = join(folder, 'long.wav');
    const header = wav({ planes: [[0]], sampleRateHz: 8000, dataSize: 0xffff_ffff }).subarray(0, -2);
    const file = openSync(path, 'w');
    writeSync(file, header);
    ftruncateSync(file, header.length + 2 * 8000 * 4 * 3600);
    closeSync(file);
    expect(() => openWav(path, limits)).toThrow(/4\.0 hours/);
  });

  test('a folder', () => {
    const path = join(folder, 'folder.wav');
    mkdirSync(path);
    expect(() => openWav(path)).toThrow(CodecError);
  });

  test('a file that is not there is an error of the file system', () => {
    expect(() => openWav(join(folder, 'nowhere.wav'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });

  test('a file that shrinks while it is read', () => {
    const path = save(folder, good);
    const file = openWav(path);
    truncateSync(path, 1000);
    expect(() => file.openStream().read(createBlock())).toThrow(CodecError);
    file.close();
  });
});
