/**
 * Finished music for the benches: files of a folder that is given, or of Debian's packages, fetched for the run. Decoded by
 * ffmpeg to two planes of 64-bit float at 44.1 kHz.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { AudioStream, StereoBlock } from '../../packages/engine/src/audio.ts';

export const SAMPLE_RATE_HZ = 44_100;
/** The package with the song that the bench of speed masters. */
export const ONE_PACKAGE = ['extremetuxracer-data'];
/** Packages whose music is of several kinds: rock, electronic, folk, orchestra, chip tunes. */
const PACKAGES = [...ONE_PACKAGE, 'singularity-music', 'wesnoth-1.16-music', 'hedgewars-data'];
/** Shorter files are sounds, not music. */
const SHORTEST_SECONDS = 40;

export type Excerpt = { name: string; audio: StereoBlock };
export type ExcerptChoice = {
  folder: string | undefined;
  count: number;
  seconds: number;
  /** What is fetched where no folder is given. */
  packages?: readonly string[];
  /** Where in a song of so many seconds the excerpt begins; at 30 % unless told. */
  fromSeconds?: (songSeconds: number) => number;
  shortestSeconds?: number;
};

/** Runs `work` on so many excerpts, taken evenly over all the music there is. */
export const withExcerpts = (
  { folder, count, seconds, packages, fromSeconds, shortestSeconds = SHORTEST_SECONDS }: ExcerptChoice,
  work: (excerpts: readonly Excerpt[]) => Promise<void>,
): Promise<void> =>
  withMusic({ folder, packages }, async (found) => {
    const songs = filesIn(found)
      .map((file) => ({ path: join(found, file), length: lengthOf(join(found, file)) }))
      .filter(({ length }) => length >= shortestSeconds);
    if (songs.length === 0) throw new Error(`There is no music in ${found}.`);
    const chosen = songs.filter(
      (_, i) => Math.floor((i * count) / songs.length) !== Math.floor(((i - 1) * count) / songs.length),
    );
    const start = fromSeconds ?? ((length: number) => Math.min(0.3 * length, length - seconds));
    await work(
      chosen.map(({ path, length }) => ({ name: basename(path), audio: decode(path, start(length), seconds) })),
    );
  });

/** Runs `work` on the folder that holds the music: the one that is given, or one that lasts as long as the work. */
export const withMusic = async (
  { folder, packages }: { folder: string | undefined; packages?: readonly string[] | undefined },
  work: (folder: string) => Promise<void>,
): Promise<void> => {
  if (folder !== undefined) return work(folder);
  const scratch = mkdtempSync(join(tmpdir(), 'lathe-music-'));
  try {
    await work(fetchPackages(scratch, packages));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

/** Unpacks packages below a folder, and says where. */
export const fetchPackages = (scratch: string, names: readonly string[] = PACKAGES): string => {
  const found = join(scratch, 'music');
  // apt-get drops its rights, and must be able to enter.
  chmodSync(scratch, 0o755);
  for (const name of names) {
    const folder = join(scratch, name);
    mkdirSync(folder, { mode: 0o755 });
    execFileSync('apt-get', ['download', '-qq', name], { cwd: folder, stdio: 'ignore' });
    const [archive = ''] = globSync('*.deb', { cwd: folder });
    mkdirSync(join(found, name), { recursive: true });
    execFileSync('dpkg-deb', ['-x', join(folder, archive), join(found, name)]);
    rmSync(folder, { recursive: true });
  }
  return found;
};

/** All that may be music below a folder, relative to it, in order. */
export const filesIn = (folder: string): string[] => globSync('**/*.{ogg,opus,mp3,flac,wav}', { cwd: folder }).sort();

/** In seconds; 0 where it cannot be told. */
export const lengthOf = (path: string): number => {
  const query = ['-v', 'error', '-show_entries', 'format=duration', '-of', 'csv=p=0', path];
  return Number(execFileSync('ffprobe', query, { encoding: 'utf8' })) || 0;
};

export const decode = (path: string, fromSeconds: number, seconds: number): StereoBlock =>
  ffmpeg(['-ss', String(Math.max(0, fromSeconds)), '-i', path, '-t', String(seconds)]);

/** What ffmpeg's filters make of a signal. */
export const filtered = (audio: StereoBlock, filters: string): StereoBlock =>
  ffmpeg([...RAW, '-i', '-', '-af', filters], rawOf(audio));

/** Raw stereo in 64-bit float. */
const RAW = ['-ac', '2', '-ar', String(SAMPLE_RATE_HZ), '-f', 'f64le'];

const ffmpeg = (job: readonly string[], input?: Uint8Array): StereoBlock => {
  const options = { ...(input && { input }), maxBuffer: 2 ** 30 };
  const bytes = execFileSync('ffmpeg', ['-nostdin', '-v', 'error', ...job, ...RAW, '-'], options);
  const samples = new Float64Array(Uint8Array.from(bytes).buffer);
  const plane = (channel: number) =>
    Float64Array.from({ length: samples.length / 2 }, (_, i) => samples[2 * i + channel]);
  return { left: plane(0), right: plane(1) };
};

const rawOf = ({ left, right }: StereoBlock): Uint8Array => {
  const samples = Float64Array.from({ length: 2 * left.length }, (_, i) => (i % 2 === 0 ? left : right)[i >> 1]);
  return new Uint8Array(samples.buffer);
};

/** What was decoded, as the engine reads it. */
export const streamOf = (audio: StereoBlock, sampleRateHz = SAMPLE_RATE_HZ): AudioStream => {
  let at = 0;
  return {
    sampleRateHz,
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
