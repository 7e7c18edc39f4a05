// Real music to measure on: excerpts of 20 s from the files of a folder, or from a Debian package fetched for the run.
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { StereoBlock } from '../../packages/engine/src/audio.ts';

/** The same song that scripts/measure-song.sh times. */
const PACKAGE = 'extremetuxracer-data';
export const SAMPLE_RATE_HZ = 44_100;
const SECONDS = 20;
/** Smaller files are sound effects. */
const LEAST_BYTES = 500_000;
/** Past the intro. */
const START_SECONDS = 30;

export type Excerpt = StereoBlock & { name: string };

/** Runs a program to its end, with bytes in and out. */
export const run = (program: string, args: readonly string[], input?: Uint8Array): Buffer => {
  const { status, stdout, stderr } = spawnSync(program, args, { ...(input && { input }), maxBuffer: 2 ** 30 });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}`);
  return stdout;
};

/** What raw stereo in 32-bit float is called in ffmpeg. */
export const RAW = ['-f', 'f32le', '-ar', String(SAMPLE_RATE_HZ), '-ac', '2'];

export const fromRaw = (bytes: Buffer): StereoBlock => {
  const frames = Math.floor(bytes.length / 8);
  const plane = (channel: number) =>
    Float64Array.from({ length: frames }, (_, i) => bytes.readFloatLE(8 * i + 4 * channel));
  return { left: plane(0), right: plane(1) };
};

export const toRaw = ({ left, right }: StereoBlock): Float32Array => {
  const samples = new Float32Array(2 * left.length);
  for (let i = 0; i < left.length; i++) {
    samples[2 * i] = left[i];
    samples[2 * i + 1] = right[i];
  }
  return samples;
};

const excerptOf = (path: string): Excerpt => {
  const decode = (start: number) =>
    run('ffmpeg', ['-nostdin', '-v', 'error', '-ss', String(start), '-t', String(SECONDS), '-i', path, ...RAW, '-']);
  const late = decode(START_SECONDS);
  const isWhole = late.length >= (8 * SECONDS * SAMPLE_RATE_HZ) / 2;
  return { name: basename(path), ...fromRaw(isWhole ? late : decode(0)) };
};

const fetchPackage = (folder: string): void => {
  // apt-get drops its rights to fetch, and must be able to enter.
  run('chmod', ['755', folder]);
  run('sh', ['-c', `cd '${folder}' && apt-get download -qq ${PACKAGE} && dpkg-deb -x ${PACKAGE}_*.deb .`]);
};

/** At most `count` excerpts, spread evenly over the files of the folder. */
export const findExcerpts = (folder: string | undefined, count: number): Excerpt[] => {
  const temporary = folder ? undefined : mkdtempSync(join(tmpdir(), 'lathe-music-'));
  try {
    if (temporary) fetchPackage(temporary);
    const root = folder ?? temporary ?? '.';
    const files = globSync('**/*.{ogg,opus,flac,mp3,wav}', { cwd: root })
      .sort()
      .filter((file) => statSync(join(root, file)).size >= LEAST_BYTES);
    if (files.length === 0) throw new Error(`there is no music in ${root}`);
    const stride = Math.max(1, files.length / count);
    const chosen = Array.from({ length: Math.min(count, files.length) }, (_, i) => files[Math.floor(i * stride)]);
    return chosen.map((file) => excerptOf(join(root, file)));
  } finally {
    if (temporary) rmSync(temporary, { recursive: true });
  }
};
