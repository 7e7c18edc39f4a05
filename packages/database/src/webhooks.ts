import { randomBytes } from 'node:crypto';
import { type Event, type EventType, limits, type Page, type PageQuery, type WebhookEndpoint } from '@lathe/contracts';
import { clientOf, type Database, type Session, type Tx } from './connect.ts';
import { insertDelivery, recordEvent } from './events.ts';
import type { WebhookEndpoint as EndpointRow } from './generated/client.ts';
import { newId } from './ids.ts';
import { timeOrNull } from './json.ts';
import { lockOrganisation } from './organisations.ts';
import { readPage } from './paging.ts';
import { Refusal } from './refusal.ts';

export type NewEndpoint = { organisationId: string; url: string; events: EventType[] };

/**
 * A new endpoint with its secret (`whsec_…`), which is given out this once.
 *
 * @throws {@link Refusal} `limit_reached`.
 */
export async function insertWebhookEndpoint(
  tx: Tx,
  endpoint: NewEndpoint,
): Promise<WebhookEndpoint & { secret: string }> {
  const { organisationId, url, events } = endpoint;
  await lockOrganisation(tx, organisationId);
  if ((await tx.webhookEndpoint.count({ where: { organisationId } })) >= limits.maxWebhookEndpoints) {
    throw new Refusal(
      'limit_reached',
      `There can be ${limits.maxWebhookEndpoints} webhook endpoints; delete one first.`,
    );
  }
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const row = await tx.webhookEndpoint.create({
    data: { id: newId('webhookEndpoint'), organisationId, url, events: [...new Set(events)], secret },
  });
  return { ...shapeEndpoint(row), secret };
}

export async function getWebhookEndpoint(
  session: Session,
  organisationId: string,
  id: string,
): Promise<WebhookEndpoint | null> {
  const row = await clientOf(session).webhookEndpoint.findFirst({ where: { id, organisationId } });
  return row && shapeEndpoint(row);
}

export function listWebhookEndpoints(
  db: Database,
  organisationId: string,
  query: PageQuery,
): Promise<Page<WebhookEndpoint>> {
  return readPage(
    { list: 'webhook-endpoints', organisationId },
    query,
    ({ where, ...slice }) => db.prisma.webhookEndpoint.findMany({ where: { ...where, organisationId }, ...slice }),
    shapeEndpoint,
  );
}

export type EndpointChange = {
  url?: string | undefined;
  events?: EventType[] | undefined;
  enabled?: boolean | undefined;
};

/** Changes what is given. Enabling forgets earlier failures. Null if there is no such endpoint. */
export async function updateWebhookEndpoint(
  session: Session,
  organisationId: string,
  id: string,
  change: EndpointChange,
): Promise<WebhookEndpoint | null> {
  const { url, events, enabled } = change;
  const [row] = await clientOf(session).webhookEndpoint.updateManyAndReturn({
    where: { id, organisationId },
    data: {
      ...(url !== undefined && { url }),
      ...(events !== undefined && { events: [...new Set(events)] }),
      ...(enabled === true && { disabledAt: null, failingSince: null }),
      ...(enabled === false && { disabledAt: new Date() }),
    },
  });
  return row ? shapeEndpoint(row) : null;
}

/** Forgets an endpoint and its deliveries. False if there is no such endpoint. */
export async function deleteWebhookEndpoint(session: Session, organisationId: string, id: string): Promise<boolean> {
  const { count } = await clientOf(session).webhookEndpoint.deleteMany({ where: { id, organisationId } });
  return count === 1;
}

/**
 * Sends a `webhook.test` event to this endpoint alone, whatever it is subscribed to. Null if there is no such endpoint.
 *
 * @throws {@link Refusal} `wrong_state` if it is disabled.
 */
export async function sendTestEvent(tx: Tx, organisationId: string, endpointId: string): Promise<Event | null> {
  const endpoint = await getWebhookEndpoint(tx, organisationId, endpointId);
  if (!endpoint) return null;
  if (endpoint.disabledAt) throw new Refusal('wrong_state', 'This endpoint is disabled; enable it first.');
  const event = await recordEvent(tx, { organisationId, type: 'webhook.test', data: { id: endpointId } });
  await insertDelivery(tx, organisationId, event.id, endpointId);
  return event;
}

function shapeEndpoint(row: EndpointRow): WebhookEndpoint {
  return {
    id: row.id,
    url: row.url,
    events: row.events as EventType[],
    disabledAt: timeOrNull(row.disabledAt),
    createdAt: row.createdAt.toISOString(),
  };
}
