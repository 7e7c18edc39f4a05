/**
 * Finished music for the benches: files of Debian's packages, fetched for the run, or of a folder that is given. Decoded by
 * ffmpeg to two planes of 64-bit float at 44.1 kHz.
 */
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { AudioStream, StereoBlock } from '../../packages/engine/src/audio.ts';

export const SAMPLE_RATE_HZ = 44100;
/** Packages whose music is of several kinds: rock, electronic, folk, orchestra, chip tunes. */
const PACKAGES = ['extremetuxracer-data', 'singularity-music', 'wesnoth-1.16-music', 'hedgewars-data'];
export const MUSIC = '**/*.{ogg,mp3,flac,opus}';
/** Shorter files are sounds, not music. */
const SHORTEST_SECONDS = 40;

export type Excerpt = { name: string; audio: StereoBlock };
export type ExcerptChoice = { folder: string | undefined; count: number; seconds: number };

/** Runs `work` on so many excerpts, taken evenly over all the music there is, from 30 % of each song on. */
export const withExcerpts = async (
  { folder, count, seconds }: ExcerptChoice,
  work: (excerpts: readonly Excerpt[]) => Promise<void>,
): Promise<void> => {
  const scratch = mkdtempSync(join(tmpdir(), 'lathe-music-'));
  try {
    const found = folder ?? fetchPackages(scratch);
    const songs = globSync(MUSIC, { cwd: found })
      .sort()
      .map((file) => ({ path: join(found, file), seconds: lengthOf(join(found, file)) }))
      .filter((song) => song.seconds >= SHORTEST_SECONDS);
    if (songs.length === 0) throw new Error(`There is no music in ${found}.`);
    const chosen = songs.filter((_, i) => Math.floor((i * count) / songs.length) !== Math.floor(((i - 1) * count) / songs.length));
    await work(
      chosen.map((song) => ({
        name: basename(song.path),
        audio: decode(song.path, Math.min(0.3 * song.seconds, song.seconds - seconds), seconds),
      })),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

const fetchPackages = (scratch: string): string => {
  const found = join(scratch, 'music');
  for (const name of PACKAGES) {
    const folder = join(scratch, name);
    mkdirSync(folder, { recursive: true, mode: 0o755 });
    execFileSync('apt-get', ['download', '-qq', name], { cwd: folder, stdio: 'ignore' });
    const [archive = ''] = globSync('*.deb', { cwd: folder });
    execFileSync('dpkg-deb', ['-x', join(folder, archive), join(found, name)]);
    rmSync(folder, { recursive: true });
  }
  return found;
};

export const lengthOf = (path: string): number => {
  const query = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path];
  return Number(execFileSync('ffprobe', query, { encoding: 'utf8' })) || 0;
};

export const decode = (path: string, fromSeconds: number, seconds: number): StereoBlock => {
  const range = ['-ss', String(Math.max(0, fromSeconds)), '-i', path, '-t', String(seconds)];
  const form = ['-ac', '2', '-ar', String(SAMPLE_RATE_HZ), '-f', 'f64le', '-'];
  const bytes = execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...range, ...form], { maxBuffer: 2 ** 30 });
  const samples = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const frames = samples.length / 2;
  return {
    left: Float64Array.from({ length: frames }, (_, i) => samples[2 * i]),
    right: Float64Array.from({ length: frames }, (_, i) => samples[2 * i + 1]),
  };
};

/** What was decoded, as the engine reads it. */
export const streamOf = (audio: StereoBlock): AudioStream => {
  let at = 0;
  return {
    sampleRateHz: SAMPLE_RATE_HZ,
    channels: 2,
    frames: audio.left.length,
    read: ({ left, right }) => {
      const frames = Math.min(left.length, audio.left.length - at);
      left.set(audio.left.subarray(at, at + frames));
      right.set(audio.right.subarray(at, at + frames));
      at += frames;
      return frames;
    },
  };
};
