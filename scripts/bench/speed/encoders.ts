import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createEncoded, type EncodingId, openWav } from '../../../packages/codec/src/index.ts';
import { BLOCK_FRAMES, createBlock, createQuantiser } from '../../../packages/engine/src/index.ts';

/** Each format of ours, and how ffmpeg is asked for the same; Debian's has no Fraunhofer encoder, so AAC is another one. */
const formats = {
  flac24: { extension: 'flac', ffmpeg: ['-c:a', 'flac'] },
  alac24: { extension: 'm4a', ffmpeg: ['-c:a', 'alac'] },
  'mp3-320': { extension: 'mp3', ffmpeg: ['-c:a', 'libmp3lame', '-b:a', '320k'] },
  'mp3-v0': { extension: 'mp3', ffmpeg: ['-c:a', 'libmp3lame', '-q:a', '0'] },
  'aac-256': { extension: 'm4a', ffmpeg: ['-c:a', 'aac', '-b:a', '256k'] },
  'vorbis-q9': { extension: 'ogg', ffmpeg: ['-c:a', 'libvorbis', '-q:a', '9'] },
} as const satisfies Partial<Record<EncodingId, { extension: string; ffmpeg: string[] }>>;

export type EncoderTime = { name: string; seconds: number; ffmpegSeconds: number; timesRealTime: number };

/** Processor time of encoding a file, ours and ffmpeg's with the start of its program. */
export async function timeEncoders(wav: string, folder: string, songSeconds: number): Promise<EncoderTime[]> {
  const times: EncoderTime[] = [];
  for (const [name, { extension, ffmpeg }] of Object.entries(formats)) {
    const path = join(folder, `encoded.${extension}`);
    const seconds = await ours(wav, path, name as keyof typeof formats);
    const ffmpegSeconds = theirs(wav, path, ffmpeg);
    times.push({ name, seconds, ffmpegSeconds, timesRealTime: songSeconds / seconds });
  }
  return times;
}

async function ours(wav: string, path: string, encoding: keyof typeof formats): Promise<number> {
  const before = process.cpuUsage();
  const source = openWav(wav);
  const stream = source.openStream();
  const { sampleRateHz } = stream;
  const file = await createEncoded({ path, encoding, sampleRateHz });
  const wordLengthBits = encoding === 'aac-256' ? 16 : 24;
  const quantise = createQuantiser({ wordLengthBits, seed: 1, dither: 'none', sampleRateHz });
  const isFloat = encoding.startsWith('mp3') || encoding.startsWith('vorbis');
  const block = createBlock();
  const samples = new Int32Array(2 * BLOCK_FRAMES);
  for (let frames = await stream.read(block); frames > 0; frames = await stream.read(block)) {
    if (isFloat) await file.write(block, frames);
    else {
      quantise(block, frames, samples);
      await file.writeIntegers(samples, frames);
    }
  }
  file.close();
  source.close();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function theirs(wav: string, path: string, options: readonly string[]): number {
  const args = ['-nostdin', '-y', '-threads', '1', '-benchmark', '-i', wav, ...options, path];
  const { stderr } = spawnSync('ffmpeg', args, { encoding: 'utf8' });
  const times = /utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr ?? '');
  return times ? Number(times[1]) + Number(times[2]) : Number.NaN;
}
