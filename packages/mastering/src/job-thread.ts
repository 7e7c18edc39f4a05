/** A thread that does one job after the other. */
import { parentPort } from 'node:worker_threads';
import { type Job, performJob } from './jobs.ts';

export type JobAnswer = { result: unknown } | { error: unknown };

parentPort?.on('message', async (job: Job) => {
  const answer: JobAnswer = await performJob(job).then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  parentPort?.postMessage(answer);
});
