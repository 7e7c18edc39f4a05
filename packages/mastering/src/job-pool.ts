/** Jobs beside each other: one thread for each processor, at most as many as there is memory for. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { JobAnswer } from './job-thread.ts';
import { type Job, type JobResult, performJob } from './jobs.ts';

const mostThreads = 4;
/** Without them a thread sets 600 MB of address space aside for itself, which counts against the limit of the process. */
const resourceLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 16, codeRangeSizeMb: 8 };
const threadFile = new URL('./job-thread.ts', import.meta.url);

export type JobPool = {
  /** Resolves when the job is done; jobs begin in the order they are given. */
  run<J extends Job>(job: J): Promise<JobResult<J>>;
  close(): Promise<void>;
};

type Waiting = { job: Job; resolve: (result: unknown) => void; reject: (error: unknown) => void };

/** The same, one after the other and without threads: for work that is done before a thread has started. */
export function createJobQueue(): JobPool {
  let last: Promise<unknown> = Promise.resolve();
  return {
    run<J extends Job>(job: J) {
      const result = last.then(() => performJob(job));
      last = result.catch(() => {});
      return result;
    },
    close: async () => {},
  };
}

/** Threads start when the first jobs need them. */
export function createJobPool(): JobPool {
  const threads: Thread[] = [];
  const waiting: Waiting[] = [];
  const most = Math.min(mostThreads, availableParallelism());
  const next = (): void => {
    if (waiting.length === 0) return;
    const idle = threads.find((thread) => thread.isIdle()) ?? (threads.length < most ? startThread(next) : undefined);
    if (!idle) return;
    if (!threads.includes(idle)) threads.push(idle);
    const task = waiting.shift();
    if (task) idle.begin(task);
  };
  return {
    run: <J extends Job>(job: J) =>
      new Promise<JobResult<J>>((resolve, reject) => {
        waiting.push({ job, resolve: resolve as (result: unknown) => void, reject });
        next();
      }),
    close: async () => {
      await Promise.all(threads.map(({ end }) => end()));
    },
  };
}

type Thread = { isIdle(): boolean; begin(task: Waiting): void; end(): Promise<unknown> };

function startThread(onFree: () => void): Thread {
  const worker = new Worker(threadFile, { resourceLimits });
  let task: Waiting | null = null;
  let broken: Error | null = null;
  const settle = (end: (task: Waiting) => void): void => {
    const ended = task;
    task = null;
    if (ended) end(ended);
    onFree();
  };
  worker.on('message', (answer: JobAnswer) =>
    settle(({ resolve, reject }) =>
      'error' in answer ? reject(Object.assign(answer.error, { code: answer.code })) : resolve(answer.result),
    ),
  );
  worker.on('error', (error: Error) => {
    broken = error;
    settle(({ reject }) => reject(error));
  });
  worker.on('exit', (code) => {
    broken ??= new Error(`a thread ended with ${code}`);
    const error = broken;
    settle(({ reject }) => reject(error));
  });
  return {
    isIdle: () => task === null,
    begin(next) {
      if (broken) return next.reject(broken);
      task = next;
      worker.postMessage(next.job);
    },
    end: () => worker.terminate(),
  };
}
