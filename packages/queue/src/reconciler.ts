import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, reconcile } from '@lathe/database';
import type { QueueLog } from './backend.ts';

const defaultEveryMs = 5_000;

type ReconcilerOptions = { db: Database; log: QueueLog; everyMs?: number };

/** Compares the record with the queue every few seconds and sends again what may have been lost. Several may run. */
export function startReconciler({ db, log, everyMs = defaultEveryMs }: ReconcilerOptions): { close(): Promise<void> } {
  const closing = new AbortController();
  const { signal } = closing;
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        const { mixes, masters, deliveries } = await reconcile(db);
        if (mixes + masters + deliveries > 0) log.warn({ mixes, masters, deliveries }, 'lost jobs were sent again');
      } catch (error) {
        log.warn({ err: error }, 'the record could not be compared with the queue');
      }
      await sleep(everyMs, undefined, { signal }).catch(() => {});
    }
  };
  const ended = run();
  return {
    close: () => {
      closing.abort();
      return ended;
    },
  };
}
