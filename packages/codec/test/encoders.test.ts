/** Files made by the encoders that people use: lossless ones come back bit by bit, lossy ones begin and end at the sample. */
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describePeer } from '../../../test/support/peers.ts';
import { type Encoding, save, seededRandom, temporaryFolder, wav } from './build-wav.ts';
import { offsetOf, readAll } from './reading-all.ts';

const folder = temporaryFolder();

type Source = { encoding: Encoding; sampleRateHz: number; channels: 1 | 2; frames: number };

/** Noise whose colour wanders: nothing repeats, and the encoders find it worth keeping. */
function sourceWav({ encoding, sampleRateHz, channels, frames }: Source): string {
  const random = seededRandom(frames + channels);
  const plane = (): Float64Array => {
    let low = 0;
    return Float64Array.from({ length: frames }, () => {
      low += 0.2 * (random() - 0.5 - low);
      return low;
    });
  };
  const planes = channels === 2 ? [plane(), plane()] : [plane()];
  return save(folder, wav({ encoding, sampleRateHz, planes, extensible: true }));
}

const program = (name: string): string | undefined =>
  spawnSync(name, ['-version']).error === undefined ? name : undefined;

let made = 0;
const target = (ending: string): string => join(folder, `made-${made++}.${ending}`);

const run = (name: string, args: string[]): void =>
  void execFileSync(name, args, { stdio: ['ignore', 'ignore', 'pipe'] });
const ffmpeg = (source: string, path: string, args: string[]): void =>
  run('ffmpeg', ['-nostdin', '-v', 'error', '-i', source, ...args, path]);

async function expectSame(path: string, source: string): Promise<void> {
  const [heard, wanted] = [await readAll(path), await readAll(source)];
  expect(heard.info.sampleRateHz).toBe(wanted.info.sampleRateHz);
  expect(heard.info.channels).toBe(wanted.info.channels);
  expect(heard.left).toEqual(wanted.left);
  expect(heard.right).toEqual(wanted.right);
}

async function expectAligned(path: string, source: string): Promise<void> {
  const [heard, wanted] = [await readAll(path), await readAll(source)];
  expect(heard.info).toMatchObject({ lossy: true, frames: wanted.info.frames });
  expect(offsetOf(heard.left, wanted.left)).toBe(0);
}

const stereo24: Source = { encoding: 'int24', sampleRateHz: 44_100, channels: 2, frames: 20_011 };

describePeer('files of flac', program('flac'), () => {
  test.each<[string, Partial<Source>, string[]]>([
    ['8 bits', { encoding: 'int8' }, []],
    ['16 bits', { encoding: 'int16' }, []],
    ['24 bits', {}, ['-8']],
    ['32 bits', { encoding: 'int32' }, []],
    ['mono, 8 kHz', { encoding: 'int16', channels: 1, sampleRateHz: 8000 }, []],
    ['192 kHz', { sampleRateHz: 192_000 }, []],
    ['in Ogg', {}, ['--ogg']],
    ['without a count of samples, an MD5 or a seek table', {}, ['--no-md5-sum', '--no-seektable']],
  ])('%s', async (_, change, options) => {
    const source = sourceWav({ ...stereo24, ...change });
    const path = target('flac');
    run('flac', ['-s', ...options, source, '-o', path]);
    await expectSame(path, source);
  });
});

describePeer('lossless files of ffmpeg', program('ffmpeg'), () => {
  test.each<[string, Encoding, string, string[]]>([
    ['ALAC in M4A', 'int24', 'm4a', ['-c:a', 'alac']],
    ['ALAC of 16 bits in M4A', 'int16', 'm4a', ['-c:a', 'alac', '-movflags', '+faststart']],
    ['ALAC in CAF', 'int24', 'caf', ['-c:a', 'alac']],
    ['FLAC', 'int24', 'flac', []],
    ['FLAC in Ogg', 'int16', 'oga', ['-c:a', 'flac']],
    ['RF64', 'int24', 'wav', ['-c:a', 'pcm_s24le', '-rf64', 'always']],
    ['BWF', 'int16', 'wav', ['-c:a', 'pcm_s16le', '-write_bext', '1', '-metadata', 'description=x']],
    ['WAV of 64-bit float', 'float64', 'wav', ['-c:a', 'pcm_f64le']],
    ['WAV of 32 bits', 'int32', 'wav', ['-c:a', 'pcm_s32le']],
    ['Wave64', 'float32', 'w64', ['-c:a', 'pcm_f32le']],
    ['AIFF', 'int24', 'aiff', ['-c:a', 'pcm_s24be']],
    ['AIFF-C of floating point', 'float32', 'aiff', ['-c:a', 'pcm_f32be']],
    ['AIFF-C, little-endian', 'int16', 'aiff', ['-c:a', 'pcm_s16le']],
    ['CAF', 'int24', 'caf', ['-c:a', 'pcm_s24le']],
    ['CAF of floating point', 'float32', 'caf', ['-c:a', 'pcm_f32be']],
  ])('%s', async (_, encoding, ending, args) => {
    const source = sourceWav({ ...stereo24, encoding });
    const path = target(ending);
    ffmpeg(source, path, args);
    await expectSame(path, source);
  });
});

describePeer('lossy files of ffmpeg', program('ffmpeg'), () => {
  const lengths = [20_011, 22_528];
  const ways: [string, string, string[]][] = [
    ['AAC in M4A', 'm4a', ['-c:a', 'aac', '-b:a', '192k']],
    ['AAC, its index first', 'm4a', ['-c:a', 'aac', '-movflags', '+faststart']],
    ['AAC, counted in 600ths of a second', 'm4a', ['-c:a', 'aac', '-movie_timescale', '600']],
    ['MP3', 'mp3', ['-c:a', 'libmp3lame', '-q:a', '0']],
    ['Vorbis', 'ogg', ['-c:a', 'libvorbis', '-q:a', '5']],
  ];
  test.each(ways.flatMap((way) => lengths.map((frames) => [...way, frames] as const)))(
    '%s (%s %j), %i frames',
    async (_, ending, args, frames) => {
      const source = sourceWav({ ...stereo24, frames });
      const path = target(ending);
      ffmpeg(source, path, args);
      await expectAligned(path, source);
    },
  );

  test('Opus', async () => {
    const source = sourceWav({ ...stereo24, sampleRateHz: 48_000 });
    const path = target('opus');
    ffmpeg(source, path, ['-c:a', 'libopus', '-b:a', '128k']);
    await expectAligned(path, source);
  });
});

describePeer('files of lame', program('lame'), () => {
  test.each<[string, Partial<Source>, string[]]>([
    ['320 kbit/s', {}, ['-b', '320']],
    ['V0', {}, ['-V0']],
    ['48 kHz', { sampleRateHz: 48_000 }, ['-b', '192']],
    ['mono, 22.05 kHz', { sampleRateHz: 22_050, channels: 1 }, ['-b', '64']],
  ])('%s', async (_, change, options) => {
    const source = sourceWav({ ...stereo24, ...change });
    const path = target('mp3');
    run('lame', ['--quiet', '--noreplaygain', ...options, source, path]);
    await expectAligned(path, source);
  });
});

describePeer('files of oggenc', program('oggenc'), () => {
  test.each([44_100, 96_000])('%i Hz', async (sampleRateHz) => {
    const source = sourceWav({ ...stereo24, encoding: 'int16', sampleRateHz });
    const path = target('ogg');
    run('oggenc', ['-Q', '-q', '6', source, '-o', path]);
    await expectAligned(path, source);
  });
});

describePeer('files of opusenc', program('opusenc'), () => {
  test('48 kHz begin and end at the sample', async () => {
    const source = sourceWav({ ...stereo24, sampleRateHz: 48_000 });
    const path = target('opus');
    run('opusenc', ['--quiet', '--bitrate', '160', source, path]);
    await expectAligned(path, source);
  });

  test('44.1 kHz are 48 kHz afterwards, and as long', async () => {
    const path = target('opus');
    run('opusenc', ['--quiet', sourceWav(stereo24), path]);
    expect((await readAll(path)).info).toMatchObject({ sampleRateHz: 48_000, frames: Math.ceil(20_011 / 0.91875) });
  });
});
