import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const onLinux = process.platform === 'linux';

/** Whether a process is there and at work; one that has ended and waits for its parent to notice is not. */
export async function isRunning(pid: number): Promise<boolean> {
  if (!canSignal(pid)) return false;
  if (!onLinux) return true;
  const [state = ''] = await statOf(pid);
  return state !== '' && state !== 'Z' && state !== 'X';
}

/**
 * When a process began, in digits that are only good for comparing; empty when there is none. Numbers of processes are
 * used again, in a container at every start: number and beginning together name one process.
 */
export async function beginningOf(pid: number): Promise<string> {
  if (onLinux) return (await statOf(pid))[19] ?? '';
  const ps = promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]);
  return ps.then(({ stdout }) => String(Date.parse(stdout.trim()))).catch(() => '');
}

/** The fields of proc_pid_stat(5) from the third on, the state: they follow the command, which may hold any character. */
async function statOf(pid: number): Promise<string[]> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function canSignal(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The command line of a process, words separated by spaces; empty when there is no such process. */
export async function commandOf(pid: number): Promise<string> {
  if (onLinux) return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
  const ps = promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]);
  return ps.then(({ stdout }) => stdout.trim()).catch(() => '');
}

/** Resolves to whether the process ended within the time. */
export async function hasEndedWithin(pid: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (await isRunning(pid)) {
    if (performance.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/** Sends one signal after another, waiting as long as each allows, until the process has ended. */
export async function endProcess(pid: number, steps: [signal: NodeJS.Signals, waitMs: number][]): Promise<void> {
  for (const [signal, waitMs] of steps) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    if (await hasEndedWithin(pid, waitMs)) return;
  }
}
