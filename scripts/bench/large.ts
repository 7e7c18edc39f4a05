/**
 * `npm run bench:large`: files beyond the 4 GB that RIFF can hold. A mix of 6 GB, RF64 of 32-bit float at 96 kHz, is synthesised, mastered as 32-bit
 * float and as 24 bits, and every file is asked for its length by ffprobe and by libsndfile, and its ds64 chunk held against
 * the size of the file. What is left behind is nothing.
 *
 *   npm run bench:large -- [--seconds N] [--memory MB]
 *
 * Takes about 25 GB below the temporary folder while it runs. Needs taskset, ffprobe and sndfile-info. Ends with 1 where a size is
 * wrong, or where a process held more than `--memory` (400 MB).
 */
import { execFileSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createFloatWav } from '../../packages/codec/src/index.ts';
import { BLOCK_FRAMES } from '../../packages/engine/src/index.ts';
import { runCommand } from './speed/command.ts';

const sampleRateHz = 96_000;
/** 6.1 GB. */
const defaultSeconds = 7920;
const defaultMegabytes = 400;
/** A bar of 17 s, played again and again. */
const loopBlocks = 400;

const { values } = parseArgs({ options: { seconds: { type: 'string' }, memory: { type: 'string' } } });
const seconds = Number(values.seconds ?? defaultSeconds);
const mostMegabytes = Number(values.memory ?? defaultMegabytes);

const folder = mkdtempSync(join(tmpdir(), 'lathe-large-'));
try {
  const frames = seconds * sampleRateHz;
  const path = join(folder, 'mix.wav');
  synthesise(path, frames);
  const faults = faultsOf(path, frames);
  const options = ['--proofs', 'own', '--format', 'wav32f,wav24'];
  const look = (out: string): void => {
    for (const name of readdirSync(out)) faults.push(...faultsOf(join(out, name), frames));
  };
  const wanted = { name: 'large', path, seconds, folder, cores: '0,1', options, targets: ['spotify'], look };
  const { wallSeconds, cpuSeconds, timesRealTime, peakMegabytes } = await runCommand(wanted);
  const times = `${wallSeconds.toFixed(0)} s, ${cpuSeconds.toFixed(0)} s of CPU, ${timesRealTime.toFixed(0)} × real time`;
  console.log(`${times}, ${peakMegabytes} MB in the largest process`);
  if (peakMegabytes > mostMegabytes) faults.push(`More than ${mostMegabytes} MB were held.`);
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}

/** A chord struck every half second under a little noise, at −18 dBFS or so. */
function synthesise(path: string, frames: number): void {
  const loop = Array.from({ length: loopBlocks }, (_, k) => blockAt(k * BLOCK_FRAMES));
  const file = createFloatWav(path, sampleRateHz);
  for (let at = 0, k = 0; at < frames; at += BLOCK_FRAMES, k = (k + 1) % loopBlocks) {
    const block = loop[k];
    if (block) file.write(block, Math.min(BLOCK_FRAMES, frames - at));
  }
  file.close();
}

function blockAt(from: number): { left: Float64Array; right: Float64Array } {
  const block = { left: new Float64Array(BLOCK_FRAMES), right: new Float64Array(BLOCK_FRAMES) };
  let state = from + 1;
  const noise = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state / 2 ** 31;
  };
  for (let i = 0; i < BLOCK_FRAMES; i++) {
    const time = (from + i) / sampleRateHz;
    const decay = Math.exp(-6 * (time % 0.5));
    const chord = [55, 220, 277.2, 329.6, 1760].map((hz, n) => Math.sin(2 * Math.PI * hz * time) / (1 + n));
    const struck = 0.2 * decay * chord.reduce((sum, each) => sum + each, 0);
    block.left[i] = struck + 0.02 * decay * noise();
    block.right[i] = struck + 0.02 * decay * noise();
  }
  return block;
}

/** Sentences on what is wrong with the sizes a file gives, and a line on what it is. */
function faultsOf(path: string, frames: number): string[] {
  const sizeBytes = statSync(path).size;
  const ds64 = ds64Of(path);
  const counts = { ffprobe: framesByFfprobe(path), 'sndfile-info': framesBySndfile(path) };
  console.log(`${path}: ${(sizeBytes / 1e9).toFixed(2)} GB, ${JSON.stringify({ ...ds64, ...counts })}`);
  const faults = Object.entries(counts)
    .filter(([, count]) => count !== frames)
    .map(([reader, count]) => `${path}: ${reader} finds ${count} frames, not ${frames}.`);
  if (ds64 === null) {
    return sizeBytes > 2 ** 32 ? [...faults, `${path}: ${sizeBytes} bytes without a ds64 chunk.`] : faults;
  }
  if (ds64.riffBytes + 8 !== sizeBytes)
    faults.push(`${path}: ds64 gives ${ds64.riffBytes + 8} bytes, not ${sizeBytes}.`);
  if (ds64.frames !== frames) faults.push(`${path}: ds64 gives ${ds64.frames} frames, not ${frames}.`);
  if (ds64.dataBytes % frames !== 0) faults.push(`${path}: ds64 gives ${ds64.dataBytes} bytes of audio.`);
  return faults;
}

function ds64Of(path: string): { riffBytes: number; dataBytes: number; frames: number } | null {
  const head = Buffer.alloc(44);
  const file = openSync(path, 'r');
  readSync(file, head, 0, head.length, 0);
  closeSync(file);
  if (head.toString('latin1', 0, 4) !== 'RF64' || head.toString('latin1', 12, 16) !== 'ds64') return null;
  const [riffBytes, dataBytes, frames] = [20, 28, 36].map((at) => Number(head.readBigUInt64LE(at)));
  return { riffBytes: riffBytes ?? 0, dataBytes: dataBytes ?? 0, frames: frames ?? 0 };
}

function framesByFfprobe(path: string): number {
  const wanted = ['-v', 'error', '-show_entries', 'stream=duration_ts', '-of', 'csv=p=0', path];
  return Number(execFileSync('ffprobe', wanted, { encoding: 'utf8' }).trim());
}

function framesBySndfile(path: string): number {
  const said = execFileSync('sndfile-info', [path], { encoding: 'utf8' });
  return Number(/^Frames\s*:\s*(\d+)/m.exec(said)?.[1]);
}
