import type { JobName, JobPayload } from '@lathe/contracts';
import pg from 'pg';
import { type Database, inTransaction, type Tx } from './connect.ts';
import { toJson } from './json.ts';

/** A job to hand to the queue. */
export type OutboxJob = { [N in JobName]: { job: N; payload: JobPayload<N> } }[JobName];
/**
 * `run` names the run the job is for: its subject, and how often that was claimed or attempted. A row too many, as the
 * reconciler makes them while a queue is long, has the name of the job that waits already.
 */
export type OutboxRow = OutboxJob & { run: string };

const channel = 'lathe_outbox';
const reconnectMs = 1_000;

/** Adds a job to the transaction that makes it necessary. It leaves after the commit, `delaySeconds` later if given. */
export async function insertOutbox(tx: Tx, job: OutboxJob, delaySeconds = 0): Promise<void> {
  const [subjectId = ''] = Object.values(job.payload);
  await tx.$executeRaw`
    INSERT INTO outbox (job, subject_id, payload, available_at)
    VALUES (${job.job}, ${subjectId}, ${JSON.stringify(toJson(job.payload))}::json,
            now() + make_interval(secs => ${delaySeconds}::double precision))`;
  if (delaySeconds <= 0) await notifyDispatchers(tx);
}

/** Wakes whoever listens, when this transaction commits. */
export async function notifyDispatchers(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${channel}, '')`;
}

/**
 * Hands up to `limit` due jobs to `send`, oldest first, and marks them dispatched when it resolves; if it rejects, they
 * stay. Several dispatchers may run: no two get the same row. Returns how many were sent.
 */
export function takeOutbox(db: Database, limit: number, send: (rows: OutboxRow[]) => Promise<void>): Promise<number> {
  return inTransaction(db, async (tx) => {
    const found = await tx.$queryRaw<{ id: bigint; job: JobName; payload: unknown; run: string }[]>`
      SELECT id, job, payload, concat(subject_id, '-', coalesce(
        (SELECT epoch FROM master WHERE master.id = subject_id),
        (SELECT epoch FROM mix WHERE mix.id = subject_id),
        (SELECT count(*) FROM delivery_attempt WHERE delivery_id = subject_id))) AS run
      FROM outbox
      WHERE dispatched_at IS NULL AND available_at <= now()
      ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED`;
    if (found.length === 0) return 0;
    await send(found.map(({ job, payload, run }) => ({ job, payload, run }) as OutboxRow));
    const ids = found.map((row) => row.id);
    await tx.$executeRaw`UPDATE outbox SET dispatched_at = clock_timestamp() WHERE id = ANY(${ids}::bigint[])`;
    return found.length;
  });
}

/**
 * Calls `onWake` whenever a transaction that added jobs commits, and after every reconnection, since notices may have
 * been missed. A lost connection is replaced; polling each second remains the caller's fallback.
 */
export function listenOutbox(db: Database, onWake: () => void): { close(): Promise<void> } {
  let closed = false;
  let client: pg.Client | undefined;
  let retry: NodeJS.Timeout | undefined;

  const connect = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: db.url, application_name: 'lathe-outbox' });
    client = next;
    next.on('notification', onWake);
    next.on('error', () => {});
    next.on('end', reconnectLater);
    try {
      await next.connect();
      await next.query(`LISTEN ${channel}`);
      onWake();
    } catch {
      await next.end().catch(() => {});
      reconnectLater();
    }
  };
  const reconnectLater = (): void => {
    if (closed) return;
    clearTimeout(retry);
    retry = setTimeout(() => void connect(), reconnectMs);
  };

  const connected = connect();
  return {
    close: async () => {
      closed = true;
      clearTimeout(retry);
      await connected;
      await client?.end().catch(() => {});
    },
  };
}
