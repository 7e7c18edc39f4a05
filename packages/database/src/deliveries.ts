import type { Delivery, DeliveryAttempt, Event, EventType, Page, PageQuery } from '@lathe/contracts';
import { type Database, inTransaction, type Tx } from './connect.ts';
import { shapeEvent } from './events.ts';
import { type DeliveryAttempt as AttemptRow, Prisma } from './generated/client.ts';
import { timeOrNull } from './json.ts';
import { insertOutbox } from './outbox.ts';
import { readPage } from './paging.ts';

/** An endpoint that has failed for this long, with no success, is told nothing more. */
const failingAllowedMs = 5 * 24 * 3_600_000;
const defaultLeaseSeconds = 60;
/** A quarter of what one worker attempts at once. */
const atOncePerEndpoint = 4;
const crowdedPauseSeconds = 5;

/** A delivery to make now. */
export type DueDelivery = {
  id: string;
  /** When the lease ends; it is what {@link recordAttempt} knows the holder by. */
  leaseUntil: Date;
  endpoint: { id: string; url: string; secret: string };
  event: Event;
  /** Those made before, oldest first. */
  attempts: DeliveryAttempt[];
};

/**
 * Takes a delivery that is due, for `leaseSeconds`: two workers never attempt it at once. Null if there is nothing to do
 * (done, not yet due, taken, endpoint disabled or gone), or as much of it as one endpoint may have at once: then it is due
 * again in a few seconds, so that an endpoint which does not answer holds up no other.
 */
export async function loadDelivery(
  db: Database,
  id: string,
  leaseSeconds: number = defaultLeaseSeconds,
): Promise<DueDelivery | null> {
  const leaseUntil = await inTransaction(db, async (tx) => {
    await lockEndpoint(tx, id);
    if (await isCrowded(tx, id)) return postpone(tx, id);
    return take(tx, id, leaseSeconds);
  });
  if (!leaseUntil) return null;
  const row = await db.prisma.delivery.findUnique({
    where: { id },
    select: {
      endpoint: { select: { id: true, url: true, secret: true } },
      event: true,
      attempts: { orderBy: { number: 'asc' } },
    },
  });
  if (!row) return null;
  const { endpoint, event, attempts } = row;
  return { id, leaseUntil, endpoint, event: shapeEvent(event), attempts: attempts.map(shapeAttempt) };
}

const isDue = Prisma.sql`delivery.state = 'pending' AND next_attempt_at <= now()
  AND (lease_until IS NULL OR lease_until <= now())`;

async function take(tx: Tx, id: string, leaseSeconds: number): Promise<Date | null> {
  const [taken] = await tx.$queryRaw<{ leaseUntil: Date }[]>`
    UPDATE delivery SET lease_until = now() + make_interval(secs => ${leaseSeconds}::double precision)
    FROM webhook_endpoint
    WHERE delivery.id = ${id} AND ${isDue} AND webhook_endpoint.id = endpoint_id AND disabled_at IS NULL
    RETURNING lease_until AS "leaseUntil"`;
  return taken?.leaseUntil ?? null;
}

async function isCrowded(tx: Tx, id: string): Promise<boolean> {
  const held = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM delivery
    WHERE endpoint_id = (SELECT endpoint_id FROM delivery WHERE id = ${id}) AND state = 'pending' AND lease_until > now()
    LIMIT ${atOncePerEndpoint}`;
  return held.length === atOncePerEndpoint;
}

async function postpone(tx: Tx, id: string): Promise<null> {
  const delaySeconds = crowdedPauseSeconds * (1 + Math.random());
  const postponed = await tx.$executeRaw`
    UPDATE delivery SET next_attempt_at = now() + make_interval(secs => ${delaySeconds}::double precision)
    WHERE id = ${id} AND ${isDue}`;
  if (postponed > 0) await insertOutbox(tx, { job: 'deliver-webhook', payload: { deliveryId: id } }, delaySeconds);
  return null;
}

export type AttemptResult =
  | { kind: 'delivered' }
  | { kind: 'retry'; at: Date }
  /** No attempt is left. */
  | { kind: 'exhausted' }
  /** The endpoint asked for nothing more (410): it is disabled. */
  | { kind: 'gone' };

/**
 * Appends an attempt and what follows from it. An endpoint that has only failed for five days is disabled, and its
 * pending deliveries are over. False if the delivery had ended already, or another worker took it after this one's lease
 * had run out: nothing is changed.
 */
export function recordAttempt(
  db: Database,
  made: Held & { attempt: DeliveryAttempt; result: AttemptResult },
): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    const { id, attempt, result } = made;
    const endpointId = await lockHeld(tx, made);
    if (endpointId === undefined) return false;
    const number = 1 + (await tx.deliveryAttempt.count({ where: { deliveryId: id } }));
    await tx.deliveryAttempt.create({ data: { ...attempt, deliveryId: id, number } });
    await tx.delivery.update({ where: { id }, data: { ...after(result), leaseUntil: null } });
    if (result.kind === 'retry') await retryLater(tx, id, result.at);
    await noteEndpointHealth(tx, endpointId, result);
    return true;
  });
}

type Held = Pick<DueDelivery, 'id' | 'leaseUntil'>;

/**
 * The fence: the endpoint's id if this lease is still the delivery's. The endpoint is locked before the delivery, so that
 * attempts at one endpoint wait for each other here and never in a circle when one of them ends all its deliveries.
 */
async function lockHeld(tx: Tx, { id, leaseUntil }: Held): Promise<string | undefined> {
  await lockEndpoint(tx, id);
  const [row] = await tx.$queryRaw<{ endpointId: string }[]>`
    SELECT endpoint_id AS "endpointId" FROM delivery
    WHERE id = ${id} AND state = 'pending' AND lease_until = ${leaseUntil} FOR UPDATE`;
  return row?.endpointId;
}

async function lockEndpoint(tx: Tx, deliveryId: string): Promise<void> {
  await tx.$executeRaw`
    SELECT id FROM webhook_endpoint
    WHERE id = (SELECT endpoint_id FROM delivery WHERE id = ${deliveryId}) FOR NO KEY UPDATE`;
}

function after(result: AttemptResult): Prisma.DeliveryUpdateInput {
  if (result.kind === 'retry') return {};
  return { state: result.kind === 'delivered' ? 'delivered' : 'exhausted', nextAttemptAt: null };
}

/** The pause is what counts: it begins now by the database's clock, for the delivery as for its job. */
async function retryLater(tx: Tx, deliveryId: string, at: Date): Promise<void> {
  const delaySeconds = Math.max(0, (at.getTime() - Date.now()) / 1000);
  await tx.$executeRaw`
    UPDATE delivery SET next_attempt_at = now() + make_interval(secs => ${delaySeconds}::double precision)
    WHERE id = ${deliveryId}`;
  await insertOutbox(tx, { job: 'deliver-webhook', payload: { deliveryId } }, delaySeconds);
}

async function noteEndpointHealth(tx: Tx, endpointId: string, result: AttemptResult): Promise<void> {
  if (result.kind === 'delivered') {
    await tx.webhookEndpoint.updateMany({
      where: { id: endpointId, failingSince: { not: null } },
      data: { failingSince: null },
    });
    return;
  }
  const now = new Date();
  await tx.webhookEndpoint.updateMany({ where: { id: endpointId, failingSince: null }, data: { failingSince: now } });
  const dead = result.kind === 'gone' ? {} : { failingSince: { lte: new Date(now.getTime() - failingAllowedMs) } };
  const { count } = await tx.webhookEndpoint.updateMany({
    where: { id: endpointId, disabledAt: null, ...dead },
    data: { disabledAt: now },
  });
  if (count > 0) await endPending(tx, endpointId);
}

async function endPending(tx: Tx, endpointId: string): Promise<void> {
  await tx.delivery.updateMany({
    where: { endpointId, state: 'pending' },
    data: { state: 'exhausted', nextAttemptAt: null },
  });
}

/** Null if there is no such endpoint. */
export async function listDeliveries(
  db: Database,
  organisationId: string,
  endpointId: string,
  query: PageQuery,
): Promise<Page<Delivery> | null> {
  const endpoint = await db.prisma.webhookEndpoint.findFirst({ where: { id: endpointId, organisationId } });
  if (!endpoint) return null;
  return readPage(
    { list: `deliveries ${endpointId}`, organisationId },
    query,
    ({ where, ...slice }) =>
      db.prisma.delivery.findMany({ where: { ...where, endpointId }, ...slice, include: withAttempts }),
    shapeDelivery,
  );
}

const withAttempts = {
  event: { select: { type: true } },
  attempts: { orderBy: { number: 'asc' } },
} satisfies Prisma.DeliveryInclude;

function shapeDelivery(row: Prisma.DeliveryGetPayload<{ include: typeof withAttempts }>): Delivery {
  return {
    id: row.id,
    eventId: row.eventId,
    eventType: row.event.type as EventType,
    state: row.state,
    attempts: row.attempts.map(shapeAttempt),
    nextAttemptAt: timeOrNull(row.nextAttemptAt),
    createdAt: row.createdAt.toISOString(),
  };
}

function shapeAttempt({ at, status, error, durationMs }: AttemptRow): DeliveryAttempt {
  return { at: at.toISOString(), status, error, durationMs };
}
