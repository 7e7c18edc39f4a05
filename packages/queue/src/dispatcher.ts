import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, listenOutbox, takeOutbox } from '@lathe/database';
import type { QueueConnection, QueueLog } from './backend.ts';
import { createQueues } from './queues.ts';
import { within } from './within.ts';

export type Dispatcher = { close(): Promise<void> };

type DispatcherOptions = { db: Database; connection: QueueConnection; log: QueueLog };

const batchSize = 100;
/** Notices can be missed, and delayed rows come due without one. */
const pollMs = 1_000;
const longestPauseMs = 15_000;
const goodbyeMs = 500;

/**
 * Carries jobs from the outbox to the queue: at once when told of a commit, and every second. While database or queue
 * are away the rows stay where they are. Several dispatchers may run.
 */
export async function startDispatcher({ db, connection, log }: DispatcherOptions): Promise<Dispatcher> {
  const queues = await createQueues(connection);
  const closing = new AbortController();
  let wake = new AbortController();
  const listener = listenOutbox(db, () => wake.abort());

  const pause = async (ms: number): Promise<void> => {
    await sleep(ms, undefined, { signal: AbortSignal.any([wake.signal, closing.signal]) }).catch(() => {});
  };
  const drain = async (): Promise<void> => {
    while (!closing.signal.aborted && (await takeOutbox(db, batchSize, queues.send)) === batchSize);
  };
  const run = async (): Promise<void> => {
    let pauseMs = pollMs;
    while (!closing.signal.aborted) {
      wake = new AbortController();
      try {
        await drain();
        pauseMs = pollMs;
      } catch (error) {
        log.warn({ err: error }, 'jobs wait: the outbox could not be emptied into the queue');
        // A notice must not turn an outage into a busy loop.
        wake = new AbortController();
        pauseMs = Math.min(2 * pauseMs, longestPauseMs);
      }
      await pause(pauseMs);
    }
  };

  const ended = run();
  return {
    close: async () => {
      closing.abort();
      await within(goodbyeMs, ended);
      // Jobs that are just being sent to a queue that does not answer are given up, and stay in the outbox.
      await queues.close();
      await ended;
      await listener.close();
    },
  };
}
