import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { openLogFile, readyMessage } from '@lathe/runtime';

type ChildSpec = {
  /** As it is called in sentences. */
  name: string;
  /** The program's main.ts. */
  file: string;
  environment: Record<string, string | undefined>;
  logFile: string;
  /** Told whenever the process behind the name has changed. */
  onChange: () => void;
  /** Told, in a sentence, when it ended and will be started again. */
  onRestart: (sentence: string) => void;
};

export type SupervisedChild = {
  readonly pid: number | undefined;
  /** Asks it to stop, and insists when that takes too long. */
  stop(): Promise<void>;
  /** Ends it, and everything it started, at once. */
  kill(): void;
};

const firstPauseMs = 250;
const longestPauseMs = 30_000;
/** Having worked for so long, it is taken to be healthy again. */
const healthyAfterMs = 60_000;
const stopTimeoutMs = 20_000;

/**
 * Starts a child process and keeps it running: one that ends is started again, after pauses that grow. Resolves when it
 * is at work for the first time; rejects, with the end of its log, when it ends before that.
 */
export async function startChild(spec: ChildSpec): Promise<SupervisedChild> {
  let child = await launch(spec);
  let stopping = false;
  let restart: NodeJS.Timeout | undefined;
  let pauseMs = firstPauseMs;
  let startedAt = performance.now();

  const watch = () => {
    spec.onChange();
    child.once('exit', (code, signal) => {
      if (stopping) return;
      if (performance.now() - startedAt > healthyAfterMs) pauseMs = firstPauseMs;
      spec.onRestart(`The ${spec.name} ended (${signal ?? `exit ${code}`}); starting it again.`);
      restart = setTimeout(again, pauseMs);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    });
  };
  const again = async () => {
    const next = await launch(spec);
    startedAt = performance.now();
    child = next;
    if (stopping) killGroup(next);
    else watch();
  };

  await firstReady(child, spec);
  watch();
  return {
    get pid() {
      return child.pid;
    },
    stop: () => {
      stopping = true;
      clearTimeout(restart);
      return stopGently(child);
    },
    kill: () => {
      stopping = true;
      killGroup(child);
    },
  };
}

async function launch({ file, environment, logFile }: ChildSpec): Promise<ChildProcess> {
  const log = await openLogFile(logFile);
  // Detached: Ctrl-C in the terminal is for the launcher, which stops the others in order.
  const child = fork(file, { env: environment, stdio: ['ignore', log.fd, log.fd, 'ipc'], detached: true });
  await log.close();
  return child;
}

async function firstReady(child: ChildProcess, { name, logFile }: ChildSpec): Promise<void> {
  const ready = new Promise<true>((resolve) => {
    child.on('message', (message) => message === readyMessage && resolve(true));
  });
  const isReady = await Promise.race([ready, once(child, 'exit').then(() => false)]);
  if (!isReady) throw new Error(`The ${name} did not start. The end of ${logFile}:\n${await endOf(logFile)}`);
}

async function endOf(logFile: string): Promise<string> {
  return (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-12).join('\n');
}

async function stopGently(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const insist = setTimeout(() => killGroup(child), stopTimeoutMs);
  await exited;
  clearTimeout(insist);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
