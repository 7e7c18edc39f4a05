/** A thread that does one job after the other. */
import { parentPort } from 'node:worker_threads';
import { type Job, performJob } from './jobs.ts';

/** An error loses its code on the way between threads, so that is told beside it. */
export type JobAnswer = { result: unknown } | { error: Error; code: unknown };

parentPort?.on('message', async (job: Job) => {
  const answer: JobAnswer = await performJob(job).then(
    (result) => ({ result }),
    (error: Error & { code?: unknown }) => ({ error, code: error.code }),
  );
  parentPort?.postMessage(answer);
});
