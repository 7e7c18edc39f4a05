import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { getCompileCacheDir } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { confine, filesOf, type SandboxMode } from './sandbox.ts';
import {
  DisturbedError,
  type MadePreview,
  MasteringError,
  type Order,
  type Progress,
  type Report,
  type Task,
  type TaskLimits,
  type TaskResult,
} from './task.ts';

export type RunOptions = {
  onProgress?: (progress: Progress) => void;
  /** The files are there until the promise resolves. */
  onPreview?: (made: MadePreview) => void;
  /** Aborting kills the child at once; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
  limits?: TaskLimits;
  /** Where the task gets a private folder, removed after it; may come to hold some hundred bytes per millisecond of audio. */
  workFolder?: string;
  /** `off` does without the walls that the machine may have. */
  sandbox?: SandboxMode;
};

const defaultLimits: TaskLimits = { memoryMegabytes: 1024, wallClockSeconds: 7200 };
const childFile = fileURLToPath(new URL('./child.ts', import.meta.url));
/** The end of what a dying child says, for the log. */
const keptErrorCharacters = 4000;

/**
 * Does a task in a short-lived child process that knows nothing of this one's environment: a hostile file can crash or
 * hang only that. The caller removes whatever a killed child left in its output folder.
 * @throws MasteringError with `crashed` when the child was killed or died, without when the audio was refused;
 *   DisturbedError when the machine stood in the way
 */
export async function runTask<T extends Task>(task: T, options: RunOptions = {}): Promise<TaskResult<T>> {
  options.signal?.throwIfAborted();
  const workFolder = mkdtempSync(join(resolve(options.workFolder ?? tmpdir()), 'lathe-work-'));
  try {
    return await runIn(workFolder, withAbsolutePaths(task), options);
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

async function runIn<T extends Task>(workFolder: string, task: T, options: RunOptions): Promise<TaskResult<T>> {
  const { signal, limits = defaultLimits, sandbox = 'auto' } = options;
  const child = await start(limits, sandbox, { ...filesOf(task), workFolder });
  const timeLimit = AbortSignal.timeout(limits.wallClockSeconds * 1000);
  const kill = () => void child.kill('SIGKILL');
  for (const each of [signal, timeLimit]) each?.addEventListener('abort', kill);
  try {
    const order = { task, memoryMegabytes: limits.memoryMegabytes, workFolder };
    const report = await converse(child, order, options);
    if ('disturbance' in report) throw new DisturbedError(report.disturbance);
    if ('failure' in report) throw new MasteringError(report.failure, report.crashed);
    return report.result as TaskResult<T>;
  } catch (error) {
    signal?.throwIfAborted();
    throw timeLimit.aborted ? timedOut(limits) : error;
  } finally {
    for (const each of [signal, timeLimit]) each?.removeEventListener('abort', kill);
    kill();
    // Nothing is written into the folder any more, then.
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) await once(child, 'exit');
  }
}

type Files = ReturnType<typeof filesOf> & { workFolder: string };

async function start(limits: TaskLimits, sandbox: SandboxMode, files: Files): Promise<ChildProcess> {
  const heap = `--max-old-space-size=${limits.memoryMegabytes}`;
  const flags = process.execArgv.filter((argument) => argument.includes('strip-types'));
  const node = { program: process.execPath, args: [...flags, heap, childFile] };
  const writable = [...files.writable, files.workFolder];
  const { program, args } = await confine(node, sandbox, { limits, readable: files.readable, writable });
  return spawn(program, args, { env: sharedCache(), stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
}

/** The child works in another folder. */
function withAbsolutePaths<T extends Task>(task: T): T {
  const cover = 'coverPath' in task && task.coverPath !== undefined ? { coverPath: resolve(task.coverPath) } : {};
  const folder = 'outputFolder' in task ? { outputFolder: resolve(task.outputFolder) } : {};
  const paths = { sourcePath: resolve(task.sourcePath), ...cover, ...folder };
  if (!('references' in task)) return { ...task, ...paths };
  const references = task.references?.map((reference) =>
    'sourcePath' in reference ? { ...reference, sourcePath: resolve(reference.sourcePath) } : reference,
  );
  return { ...task, ...paths, references };
}

/** Of compiled modules: where this process has such a cache, the child starts by it, too. */
function sharedCache(): Record<string, string> {
  const folder = getCompileCacheDir();
  return folder === undefined ? {} : { NODE_COMPILE_CACHE: dirname(folder) };
}

type Answer = Exclude<Report, { progress: Progress } | { preview: MadePreview }>;

/** Resolves to the child's answer; rejects when it ends without one. */
function converse(child: ChildProcess, order: Order, { onProgress, onPreview }: RunOptions): Promise<Answer> {
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-keptErrorCharacters);
  });
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      const report = message as Report;
      if ('progress' in report) onProgress?.(report.progress);
      else if ('preview' in report) onPreview?.(report.preview);
      else resolve(report);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => reject(diedOf(signal ?? `exit ${code}`, errors)));
    // A child that is gone before it hears the order is told of by `close`.
    child.send(order, () => {});
  });
}

function diedOf(end: string, errors: string): MasteringError {
  const memory = /heap out of memory|Array buffer allocation failed/.test(errors);
  const code = memory ? 'mastering_out_of_memory' : 'mastering_crashed';
  const detail = memory ? 'Mastering ran out of memory and was stopped.' : `Mastering stopped unexpectedly (${end}).`;
  return new MasteringError({ code, detail }, true, { cause: new Error(errors) });
}

function timedOut({ wallClockSeconds }: TaskLimits): MasteringError {
  const detail = `Mastering took longer than ${wallClockSeconds} s and was stopped.`;
  return new MasteringError({ code: 'mastering_timeout', detail }, true);
}
