import { type JobName, jobNames } from '@lathe/contracts';
import type { OutboxRow } from '@lathe/database';
import { type JobQueue, openBackend, type QueueConnection } from './backend.ts';
import { within } from './within.ts';

/** A queue that is away is not waited for. */
const goodbyeMs = 500;

/** The sending side: one queue per kind of job. */
export type Queues = {
  /** Rejects when the queue does not take them. A job that waits for the same run already stays the only one. */
  send(rows: readonly OutboxRow[]): Promise<void>;
  close(): Promise<void>;
};

export async function createQueues(connection: QueueConnection): Promise<Queues> {
  const backend = await openBackend(connection);
  const queues = Object.fromEntries(jobNames.map((name) => [name, backend.createQueue(name)])) as Record<
    JobName,
    JobQueue
  >;
  return {
    send: async (rows) => {
      for (const name of jobNames) {
        const jobs = rows.filter(({ job }) => job === name);
        if (jobs.length === 0) continue;
        await queues[name].addBulk(jobs.map(({ run, payload }) => ({ name, data: payload, opts: { jobId: run } })));
      }
    },
    close: async () => {
      await within(goodbyeMs, Promise.all(jobNames.map((name) => queues[name].close())));
      await backend.close();
    },
  };
}
