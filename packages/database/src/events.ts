import type { Event, EventType, Page } from '@lathe/contracts';
import { clientOf, type Session, type Tx } from './connect.ts';
import type { Event as EventRow } from './generated/client.ts';
import { newId } from './ids.ts';
import { fromJson, toJson } from './json.ts';
import { lockOrganisation } from './organisations.ts';
import { insertOutbox } from './outbox.ts';

export type NewEvent = { organisationId: string; type: EventType; data: Event['data'] };

/** Records what happened, and tells every endpoint that wants to know: one delivery and one outbox row for each. */
export async function insertEvent(tx: Tx, event: NewEvent): Promise<Event> {
  const recorded = await recordEvent(tx, event);
  const endpoints = await tx.webhookEndpoint.findMany({
    where: { organisationId: event.organisationId, disabledAt: null, events: { has: event.type } },
    select: { id: true },
  });
  for (const endpoint of endpoints) await insertDelivery(tx, event.organisationId, recorded.id, endpoint.id);
  return recorded;
}

/**
 * Writers of one organisation take turns here until their transactions end, so that `sequence` is the order of commit
 * and a reader who goes on after the last event it saw misses none.
 */
export async function recordEvent(tx: Tx, event: NewEvent): Promise<Event> {
  await lockOrganisation(tx, event.organisationId);
  const { organisationId, type, data } = event;
  const row = await tx.event.create({
    data: { id: newId('event'), organisationId, type, data: toJson(data), timestamp: new Date() },
  });
  return shapeEvent(row);
}

export async function insertDelivery(
  tx: Tx,
  organisationId: string,
  eventId: string,
  endpointId: string,
): Promise<string> {
  const id = newId('delivery');
  // Not by Prisma, which would write this process's time: a delivery is due by the database's clock.
  await tx.$executeRaw`
    INSERT INTO delivery (id, organisation_id, event_id, endpoint_id)
    VALUES (${id}, ${organisationId}, ${eventId}, ${endpointId})`;
  await insertOutbox(tx, { job: 'deliver-webhook', payload: { deliveryId: id } });
  return id;
}

/**
 * Events oldest first, those after the event `after`, or from the beginning. `nextCursor` is the last event's id when
 * there are more. An `after` that is not one of the organisation's events gives an empty page.
 */
export async function listEvents(
  session: Session,
  organisationId: string,
  query: { after?: string | undefined; limit: number },
): Promise<Page<Event>> {
  const client = clientOf(session);
  let sequence = -1n;
  if (query.after !== undefined) {
    const seen = await client.event.findFirst({ where: { id: query.after, organisationId } });
    if (!seen) return { data: [], nextCursor: null };
    sequence = seen.sequence;
  }
  const rows = await client.event.findMany({
    where: { organisationId, sequence: { gt: sequence } },
    orderBy: { sequence: 'asc' },
    take: query.limit + 1,
  });
  const data = rows.slice(0, query.limit).map(shapeEvent);
  return { data, nextCursor: rows.length > query.limit ? (data.at(-1)?.id ?? null) : null };
}

export function shapeEvent(row: EventRow): Event {
  return {
    id: row.id,
    type: row.type as EventType,
    timestamp: row.timestamp.toISOString(),
    data: fromJson<Event['data']>(row.data),
  };
}
