import { type Database, inTransaction, type Tx } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { notifyDispatchers } from './outbox.ts';
import { workTables } from './work.ts';

/** A job that was handed out this long ago, and whose work nobody holds, may have been lost with the queue. */
const overdueSeconds = 15;
/** A long queue is not a lost one: what has waited longer is asked for less often, down to once in this time. */
const maxOverdueSeconds = 60;
const keepDispatchedHours = 24;

/** Deliveries to an endpoint that was disabled by hand wait until it is enabled. */
const enabled = Prisma.sql`EXISTS (
  SELECT FROM webhook_endpoint WHERE webhook_endpoint.id = work.endpoint_id AND disabled_at IS NULL)`;

export type Reconciled = { mixes: number; masters: number; deliveries: number };

/**
 * Puts unfinished work that nobody holds, and whose job may be lost, into the outbox again; so the queue may be emptied
 * at any moment. A job too many is harmless: the claim decides. Also removes what is no longer needed. Several
 * processes may call it: one at a time does the work, the others return zeros. The clock is the database's, as that of
 * leases is, unless a test says what time it is.
 */
export function reconcile(db: Database, pretendedNow?: Date): Promise<Reconciled> {
  return inTransaction(db, async (tx) => {
    const [turn] = await tx.$queryRaw<{ mine: boolean; now: Date }[]>`
      SELECT pg_try_advisory_xact_lock(hashtextextended('lathe reconcile', 0)) AS mine, now() AS now`;
    if (!turn?.mine) return { mixes: 0, masters: 0, deliveries: 0 };
    const now = pretendedNow ?? turn.now;
    const free = Prisma.sql`(work.lease_until IS NULL OR work.lease_until <= ${now})`;
    const { mix, master } = workTables;
    const mixes = await redispatch(tx, now, {
      ...mix,
      job: 'analyse-mix',
      payloadKey: 'mixId',
      due: Prisma.sql`${mix.unfinished} AND ${free}`,
    });
    const masters = await redispatch(tx, now, {
      ...master,
      job: 'render-master',
      payloadKey: 'masterId',
      due: Prisma.sql`${master.unfinished} AND ${free}`,
    });
    const deliveries = await redispatch(tx, now, {
      table: Prisma.sql`delivery`,
      job: 'deliver-webhook',
      payloadKey: 'deliveryId',
      due: Prisma.sql`state = 'pending' AND next_attempt_at <= ${now} AND ${free} AND ${enabled}`,
    });
    if (mixes + masters + deliveries > 0) await notifyDispatchers(tx);
    await purge(tx, now);
    return { mixes, masters, deliveries };
  });
}

type Redispatch = { table: Prisma.Sql; job: string; payloadKey: string; due: Prisma.Sql };

function redispatch(tx: Tx, now: Date, { table, job, payloadKey, due }: Redispatch): Promise<number> {
  return tx.$executeRaw`
    INSERT INTO outbox (job, subject_id, payload)
    SELECT ${job}, work.id, json_build_object(${payloadKey}::text, work.id)
    FROM ${table} AS work
    WHERE ${due} AND NOT EXISTS (
      SELECT FROM outbox WHERE outbox.subject_id = work.id AND (
        outbox.dispatched_at IS NULL
        OR outbox.dispatched_at + make_interval(secs => least(${maxOverdueSeconds}::double precision, greatest(
             ${overdueSeconds}::double precision,
             extract(epoch FROM outbox.dispatched_at - work.created_at) / 2))) > ${now}))`;
}

async function purge(tx: Tx, now: Date): Promise<void> {
  const dispatchedBefore = new Date(now.getTime() - keepDispatchedHours * 3_600_000);
  await tx.outboxRow.deleteMany({ where: { dispatchedAt: { lt: dispatchedBefore } } });
  await tx.idempotencyKey.deleteMany({ where: { expiresAt: { lte: now } } });
}
