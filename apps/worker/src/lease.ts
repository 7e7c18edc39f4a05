import { type Database, heartbeat, type WorkRun } from '@lathe/database';
import type { Log } from '@lathe/runtime';

/** So long may a worker be silent before another takes its work. */
export const leaseSeconds = 15;

/** The right to work on something, kept alive until it is closed or lost. */
export type Lease = {
  /** Aborted when the work was cancelled, has ended, or is another worker's now. */
  readonly lost: AbortSignal;
  lose(): void;
  close(): void;
};

/**
 * Renews the lease of claimed work every third of its length. While the database cannot be reached the lease is kept as
 * long as it would have lasted, for nobody else can have it before.
 */
export function keepLease(db: Database, log: Log, run: WorkRun): Lease {
  const lost = new AbortController();
  const lose = () => {
    clearInterval(timer);
    lost.abort(new Error('The lease of this work was lost.'));
  };
  let renewedAtMs = performance.now();
  const renew = async () => {
    const askedAtMs = performance.now();
    try {
      if (!(await heartbeat(db, { ...run, leaseSeconds }))) return lose();
      renewedAtMs = askedAtMs;
    } catch (error) {
      log.warn({ err: error, id: run.id }, 'a lease could not be renewed');
      if (performance.now() - renewedAtMs > leaseSeconds * 1000) lose();
    }
  };
  const timer = setInterval(renew, (leaseSeconds * 1000) / 3);
  return { lost: lost.signal, lose, close: () => clearInterval(timer) };
}
