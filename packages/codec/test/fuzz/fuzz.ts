/** Gives damaged files to a process that reads them, starts another when it dies or does not answer, and keeps count. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { mutants } from './mutants.ts';
import type { ReaderTold } from './reader.ts';

export type Fuzzed = {
  outcomes: Record<string, number>;
  /** What is no stable code: the file it happened with is kept here. */
  strange: { number: number; name: string; outcome: string }[];
  /** By the processor's time. */
  slowest: { number: number; name: string; cpuMs: number };
  peakMegabytes: number;
};

export type FuzzOptions = {
  count: number;
  seed: number;
  /** Mutants before this one are made but not read. */
  from?: number;
  limitMs: number;
  onProgress?: (done: number) => void;
};

const codes = /^(read|not_audio|(malformed|truncated)_audio|audio_\w+|unsupported_\w+)$/;

export async function fuzz({ count, seed, from = 0, limitMs, onProgress }: FuzzOptions): Promise<Fuzzed> {
  const folder = mkdtempSync(join(tmpdir(), 'lathe-fuzz-'));
  const path = join(folder, 'mutant');
  const result: Fuzzed = {
    outcomes: {},
    strange: [],
    slowest: { number: -1, name: '', cpuMs: 0 },
    peakMegabytes: 0,
  };
  let reader: ChildProcess | undefined;
  try {
    let number = -1;
    for (const { name, bytes } of mutants(seed)) {
      if (++number < from) continue;
      if (number >= from + count) break;
      writeFileSync(path, bytes);
      if (!reader?.connected) reader = fork(new URL('./reader.ts', import.meta.url), { env: {} });
      const { outcome, cpuMs, peakMegabytes } = await ask(reader, path, limitMs);
      if (cpuMs > result.slowest.cpuMs) result.slowest = { number, name, cpuMs };
      result.peakMegabytes = Math.max(result.peakMegabytes, peakMegabytes);
      result.outcomes[outcome] = (result.outcomes[outcome] ?? 0) + 1;
      if (!codes.test(outcome)) result.strange.push({ number, name, outcome });
      onProgress?.(number + 1 - from);
    }
    return result;
  } finally {
    reader?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ask(reader: ChildProcess, path: string, limitMs: number): Promise<ReaderTold> {
  const ended = new AbortController();
  const { signal } = ended;
  const told = once(reader, 'message', { signal }).then(([message]) => message as ReaderTold);
  const died = once(reader, 'exit', { signal }).then(([code, by]) => silent(`died: ${by ?? code}`));
  const late = pause(limitMs, undefined, { signal }).then(() => silent('no answer in time'));
  // The two that lose are told to stop, and say so.
  const all = [told, died, late];
  for (const each of all) each.catch(() => {});
  reader.send(path, () => {});
  const answer = await Promise.race(all);
  ended.abort();
  if (answer.outcome === 'no answer in time') {
    reader.kill('SIGKILL');
    await once(reader, 'exit');
  }
  return answer;
}

const silent = (outcome: string): ReaderTold => ({ outcome, cpuMs: 0, peakMegabytes: 0 });
