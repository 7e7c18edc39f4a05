import { spawn } from 'node:child_process';
import { readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { openLogFile } from '../log-file.ts';
import { commandOf, endProcess, isRunning } from '../processes.ts';
import type { Account } from './account.ts';
import { clusterArgument, postgresEnvironment, spawnAs } from './cluster.ts';

export type Server = { pid: number; stop(): Promise<void>; kill(): void; exited: Promise<void> };

type ServerOptions = {
  clusterFolder: string;
  account: Account;
  /** Path of the `postgres` program. */
  program: string;
  logFile: string;
  port: number;
  durable: boolean;
};

/** SIGINT: end all sessions, write everything down, stop. SIGQUIT: stop now and recover at the next start. */
const stopSteps: [NodeJS.Signals, number][] = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];

/** Starts the server and waits until it takes connections; a server that ends before says why in its log. */
export async function startServer(
  options: ServerOptions,
): Promise<{ started: true; server: Server } | { started: false; reason: string }> {
  const { clusterFolder, logFile } = options;
  const output = await openLogFile(logFile);
  const { size: logOffset } = await output.stat();
  const child = spawn(options.program, serverArguments(options), {
    cwd: clusterFolder,
    env: postgresEnvironment,
    stdio: ['ignore', output.fd, output.fd],
    // In a session of its own: Ctrl-C in the terminal is for us, who stop Postgres last.
    detached: true,
    ...spawnAs(options.account),
  });
  await output.close();
  let hasExited = false;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', resolve).once('error', resolve);
  }).then(() => {
    hasExited = true;
  });
  const { pid } = child;
  while (!hasExited && pid !== undefined) {
    if (await isReady(clusterFolder, pid)) {
      const stop = async () => {
        if (!hasExited) await endProcess(pid, stopSteps);
        await exited;
      };
      return { started: true, server: { pid, exited, stop, kill: () => void child.kill('SIGQUIT') } };
    }
    await sleep(15);
  }
  const said = (await readFile(logFile)).subarray(logOffset).toString();
  return { started: false, reason: said.trim().split('\n').slice(-5).join(' ') };
}

function serverArguments({ clusterFolder, port, durable }: ServerOptions): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return ['-D', clusterArgument(clusterFolder), '-p', String(port), ...flags];
}

/** The pid file: process id, cluster, time, port, socket, address, memory key, and a status that ends as `ready`. */
async function readPidFile(clusterFolder: string): Promise<string[]> {
  const text = await readFile(join(clusterFolder, 'postmaster.pid'), 'utf8').catch(() => '');
  return text.split('\n').map((line) => line.trim());
}

async function isReady(clusterFolder: string, pid: number): Promise<boolean> {
  const lines = await readPidFile(clusterFolder);
  return lines[0] === String(pid) && lines[7] === 'ready';
}

/**
 * Stops a server that outlived the process that started it, and removes a pid file that nobody stands behind (its number
 * may long belong to another process, for which Postgres would take it to be running).
 */
export async function stopSurvivor(clusterFolder: string, log: Log): Promise<void> {
  const pid = Number((await readPidFile(clusterFolder))[0]);
  if (Number.isSafeInteger(pid) && pid > 0 && (await isServerOf(clusterFolder, pid))) {
    log.warn({ postgresPid: pid }, 'a postgres of an earlier start was still running; stopping it');
    await endProcess(pid, stopSteps);
  }
  await rm(join(clusterFolder, 'postmaster.pid'), { force: true });
}

async function isServerOf(clusterFolder: string, pid: number): Promise<boolean> {
  if (!(await isRunning(pid))) return false;
  // A server works inside its cluster.
  if (process.platform === 'linux') {
    const workingFolder = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    return workingFolder === (await realpath(clusterFolder));
  }
  return (await commandOf(pid)).includes(clusterFolder);
}
