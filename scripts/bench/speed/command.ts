import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const lathe = fileURLToPath(new URL('../../../apps/cli/bin/lathe.mjs', import.meta.url));
export const targets = ['spotify', 'apple-music', 'youtube-music', 'deezer', 'amazon-music', 'aes-td1008'] as const;
const lookEveryMs = 50;
/** USER_HZ of Linux. */
const ticksPerSecond = 100;

/** How a master is asked for, and on how many cores; `look` is shown the folder of the masters before they go. */
export type Wanted = {
  name: string;
  path: string;
  seconds: number;
  folder: string;
  cores: string;
  options: string[];
} & {
  targets?: readonly string[];
  look?: (folder: string) => void;
};
export type CommandRun = {
  name: string;
  wallSeconds: number;
  /** Of all processes; tells more than the wall clock where others use the core as well. */
  cpuSeconds: number;
  /** By the processor time. */
  timesRealTime: number;
  peakMegabytes: number;
};

/** `lathe master` for six targets unless told otherwise, as an artist runs it: start of the programs and all. */
export async function runCommand(wanted: Wanted): Promise<CommandRun> {
  const { name, path, seconds, folder, cores } = wanted;
  const where = (wanted.targets ?? targets).join(',');
  const out = mkdtempSync(join(folder, 'out-'));
  const started = performance.now();
  const options = ['master', path, '--target', where, '--out', out, ...wanted.options];
  const child = spawn('taskset', ['-c', cores, process.execPath, lathe, ...options], { stdio: 'ignore' });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let peakMegabytes = 0;
  const used = new Map<number, number>();
  while (child.exitCode === null && child.signalCode === null) {
    const pids = family(child.pid ?? 0);
    peakMegabytes = Math.max(peakMegabytes, ...pids.map(peakOf));
    for (const pid of pids) used.set(pid, Math.max(used.get(pid) ?? 0, cpuOf(pid)));
    await Promise.race([sleep(lookEveryMs), ended]);
  }
  if ((await ended) !== 0) throw new Error(`lathe master ended with ${child.exitCode}.`);
  const wallSeconds = (performance.now() - started) / 1000;
  wanted.look?.(out);
  rmSync(out, { recursive: true });
  const cpuSeconds = [...used.values()].reduce((sum, each) => sum + each, 0);
  return { name, wallSeconds, cpuSeconds, timesRealTime: seconds / cpuSeconds, peakMegabytes };
}

/** A process and all below it. */
function family(pid: number): number[] {
  const children = text(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [pid, ...children.flatMap(family)];
}

/** The largest resident size that a process ever had, in MB. */
const peakOf = (pid: number): number =>
  Math.round(Number(/VmHWM:\s+(\d+)/.exec(text(`/proc/${pid}/status`))?.[1] ?? 0) / 1024);

/** Seconds in the program and in the kernel on its behalf, so far. */
function cpuOf(pid: number): number {
  const fields = text(`/proc/${pid}/stat`)
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) / ticksPerSecond;
}

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}
