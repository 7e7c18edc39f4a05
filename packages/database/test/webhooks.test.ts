import { type DeliveryAttempt, limits } from '@lathe/contracts';
import { describe, expect, test } from 'vitest';
import {
  type AttemptResult,
  type Database,
  type DueDelivery,
  deleteWebhookEndpoint,
  getWebhookEndpoint,
  insertEvent,
  insertWebhookEndpoint,
  inTransaction,
  listDeliveries,
  listEvents,
  listWebhookEndpoints,
  loadDelivery,
  recordAttempt,
  sendTestEvent,
  type Tx,
  updateWebhookEndpoint,
} from '../src/index.ts';
import { createTenant, drainOutbox, eachTenant, everything, listener, refusal, type Tenant } from './harness.ts';

let db: Database;
let tenant: Tenant;
let organisationId: string;
eachTenant(async (own) => {
  tenant = own;
  db = own.db;
  organisationId = tenant.organisationId;
  await drainOutbox(db);
});

const tell = (tx: Tx, id = 'one') => insertEvent(tx, { organisationId, type: 'webhook.test', data: { id } });
const attempt: DeliveryAttempt = { at: '2026-01-02T03:04:05.678Z', status: 503, error: 'Not now.', durationMs: 12 };
const inFuture = (seconds: number) => new Date(Date.now() + seconds * 1000);
const deliveriesOf = async (endpointId: string) =>
  (await listDeliveries(db, organisationId, endpointId, { limit: 100 }))?.data ?? [];

/** Deliveries to one new endpoint that were taken and wait for what came of them. */
async function taken(count = 1): Promise<{ endpointId: string; due: DueDelivery[] }> {
  const { id: endpointId } = await listener(tenant);
  for (let i = 0; i < count; i++) await inTransaction(db, (tx) => tell(tx, `${i}`));
  const due: DueDelivery[] = [];
  for (const { id } of await deliveriesOf(endpointId)) due.push(await load(id));
  return { endpointId, due };
}

async function load(id: string, leaseSeconds = 60): Promise<DueDelivery> {
  const due = await loadDelivery(db, id, leaseSeconds);
  if (!due) throw new Error(`delivery ${id} cannot be taken`);
  return due;
}

const record = (due: DueDelivery | undefined, result: AttemptResult) => {
  if (!due) throw new Error('there is no delivery');
  return recordAttempt(db, { ...due, attempt, result });
};

describe('an event', () => {
  test('is told to every endpoint of its organisation that listens and is enabled: one delivery, one job', async () => {
    const listening = [await listener(tenant), await listener(tenant)];
    const disabled = await listener(tenant);
    await updateWebhookEndpoint(db, organisationId, disabled.id, { enabled: false });
    const deaf = { organisationId, url: 'https://example.com', events: ['master.ready' as const] };
    await inTransaction(db, (tx) => insertWebhookEndpoint(tx, deaf));
    await listener(await createTenant(db));
    const event = await inTransaction(db, (tx) => tell(tx));
    const rows = await db.prisma.delivery.findMany({ where: { eventId: event.id } });
    expect(rows.map((row) => row.endpointId).sort()).toEqual(listening.map(({ id }) => id).sort());
    expect((await drainOutbox(db)).sort()).toEqual(rows.map(({ id }) => id).sort());
  });

  test('its deliveries and their jobs are there together, or none of them', async () => {
    await listener(tenant);
    const before = await everything(db);
    const rolledBack = inTransaction(db, async (tx) => {
      await tell(tx);
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    expect(await everything(db)).toEqual(before);
  });
});

describe('a delivery', () => {
  test('carries the event, where it goes, and the secret that signs it', async () => {
    const endpoint = await listener(tenant);
    const event = await inTransaction(db, (tx) => tell(tx));
    const [delivery] = await deliveriesOf(endpoint.id);
    const due = await load(delivery?.id ?? '');
    const { id, url, secret } = endpoint;
    expect(due).toMatchObject({ endpoint: { id, url, secret }, event, attempts: [] });
  });

  test('is taken by one of many at once, and again when the lease has ended', async () => {
    const { id: endpointId } = await listener(tenant);
    await inTransaction(db, (tx) => tell(tx));
    const id = (await deliveriesOf(endpointId))[0]?.id ?? '';
    const takers = await Promise.all(Array.from({ length: 6 }, () => loadDelivery(db, id)));
    expect(takers.filter((due) => due !== null)).toHaveLength(1);
    await db.prisma.$executeRaw`UPDATE delivery SET lease_until = now() - interval '1 second' WHERE id = ${id}`;
    expect(await loadDelivery(db, id)).not.toBeNull();
  });

  test('is put off while its endpoint has four at once, also when all are asked for together; another has its own', async () => {
    const endpoints = [await listener(tenant), await listener(tenant)];
    for (let i = 0; i < 9; i++) await inTransaction(db, (tx) => tell(tx, `${i}`));
    await drainOutbox(db);
    const heldBy = async (endpointId: string) => {
      const all = await deliveriesOf(endpointId);
      const due = await Promise.all(all.map(({ id }) => loadDelivery(db, id)));
      return due.filter((each) => each !== null);
    };
    const held = await heldBy(endpoints[0]?.id ?? '');
    expect(held).toHaveLength(4);
    expect(await heldBy(endpoints[1]?.id ?? '')).toHaveLength(4);
    expect(await drainOutbox(db)).toEqual([]);
    for (const due of held) await record(due, { kind: 'delivered' });
    await db.prisma.$executeRaw`UPDATE delivery SET next_attempt_at = now() WHERE state = 'pending'`;
    await db.prisma.$executeRaw`UPDATE outbox SET available_at = now()`;
    expect(await drainOutbox(db)).toHaveLength(10);
    expect(await heldBy(endpoints[0]?.id ?? '')).toHaveLength(4);
  });

  test('whose lease was lost to another worker is recorded by that worker alone', async () => {
    const { id: endpointId } = await listener(tenant);
    await inTransaction(db, (tx) => tell(tx));
    const id = (await deliveriesOf(endpointId))[0]?.id ?? '';
    const slow = await load(id, -1);
    const quick = await load(id);
    const before = await everything(db);
    expect(await record(slow, { kind: 'exhausted' })).toBe(false);
    expect(await everything(db)).toEqual(before);
    expect(await loadDelivery(db, id)).toBeNull();
    expect(await record(quick, { kind: 'delivered' })).toBe(true);
    expect((await deliveriesOf(endpointId))[0]).toMatchObject({ state: 'delivered', attempts: [attempt] });
  });

  test('waits after each failure as long as it is told to, keeps every attempt, and ends', async () => {
    const { endpointId, due } = await taken();
    let held = due[0];
    const pauses: number[] = [];
    for (const seconds of [100, 1_000, 10_000]) {
      await drainOutbox(db);
      expect(await record(held, { kind: 'retry', at: inFuture(seconds) })).toBe(true);
      expect(await drainOutbox(db)).toEqual([]);
      expect(await loadDelivery(db, held?.id ?? '')).toBeNull();
      const [delivery] = await deliveriesOf(endpointId);
      pauses.push(Date.parse(delivery?.nextAttemptAt ?? '') - Date.now());
      await db.prisma
        .$executeRaw`UPDATE delivery SET next_attempt_at = now() - interval '1 second' WHERE id = ${held?.id}`;
      held = await load(held?.id ?? '');
    }
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(held?.attempts).toEqual([attempt, attempt, attempt]);
    expect(await record(held, { kind: 'exhausted' })).toBe(true);
    const [over] = await deliveriesOf(endpointId);
    expect(over).toMatchObject({ state: 'exhausted', nextAttemptAt: null });
    expect(over?.attempts).toHaveLength(4);
  });

  test.each(['delivered', 'exhausted'] as const)('that is %s is over: nothing more is recorded', async (kind) => {
    const { due } = await taken();
    await record(due[0], { kind });
    const before = await everything(db);
    expect(await record(due[0], { kind: 'retry', at: inFuture(1) })).toBe(false);
    expect(await loadDelivery(db, due[0]?.id ?? '')).toBeNull();
    expect(await everything(db)).toEqual(before);
  });
});

describe('an endpoint', () => {
  const isDisabled = async (id: string) => (await getWebhookEndpoint(db, organisationId, id))?.disabledAt !== null;
  const failingFor = (id: string, days: number) =>
    db.prisma.webhookEndpoint.update({ where: { id }, data: { failingSince: inFuture(-days * 86_400) } });
  const retry = () => ({ kind: 'retry', at: inFuture(60) }) as const;

  test('is disabled after five days of nothing but failures, and what waits for it is over', async () => {
    const { endpointId, due } = await taken(3);
    await record(due[0], retry());
    expect(await isDisabled(endpointId)).toBe(false);
    await failingFor(endpointId, 4.9);
    await record(due[1], retry());
    expect(await isDisabled(endpointId)).toBe(false);
    await failingFor(endpointId, 5.1);
    await record(due[2], retry());
    expect(await isDisabled(endpointId)).toBe(true);
    expect(new Set((await deliveriesOf(endpointId)).map(({ state }) => state))).toEqual(new Set(['exhausted']));
  });

  test('is not disabled when one delivery succeeded meanwhile', async () => {
    const { endpointId, due } = await taken(3);
    await failingFor(endpointId, 6);
    await record(due[0], { kind: 'delivered' });
    await record(due[1], retry());
    expect(await isDisabled(endpointId)).toBe(false);
  });

  test('that asks for nothing more is disabled at once, also when many deliveries hear it at the same time', async () => {
    const { endpointId, due } = await taken(4);
    const recorded = await Promise.all(due.map((held) => record(held, { kind: 'gone' })));
    expect(recorded.filter(Boolean)).toHaveLength(1);
    expect(await isDisabled(endpointId)).toBe(true);
    expect(new Set((await deliveriesOf(endpointId)).map(({ state }) => state))).toEqual(new Set(['exhausted']));
  });

  test('that is enabled again has its failures forgotten', async () => {
    const { endpointId, due } = await taken(1);
    await failingFor(endpointId, 6);
    await updateWebhookEndpoint(db, organisationId, endpointId, { enabled: false });
    await updateWebhookEndpoint(db, organisationId, endpointId, { enabled: true });
    await record(due[0], retry());
    expect(await isDisabled(endpointId)).toBe(false);
  });

  test('changes only in what is given', async () => {
    const { id, secret, ...endpoint } = await listener(tenant);
    const events = ['mix.ready' as const, 'mix.ready' as const];
    const changed = await updateWebhookEndpoint(db, organisationId, id, { events });
    expect(changed).toEqual({ id, ...endpoint, events: ['mix.ready'] });
    expect(await updateWebhookEndpoint(db, organisationId, id, {})).toEqual(changed);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
  });

  test('gets a test event it never asked for, alone, and none while it is disabled', async () => {
    const { id } = await listener(tenant);
    const other = await listener(tenant);
    await updateWebhookEndpoint(db, organisationId, id, { events: ['mix.ready'] });
    const send = () => inTransaction(db, (tx) => sendTestEvent(tx, organisationId, id));
    const event = await send();
    expect((await deliveriesOf(id)).map(({ eventId }) => eventId)).toEqual([event?.id]);
    expect(await deliveriesOf(other.id)).toEqual([]);
    await updateWebhookEndpoint(db, organisationId, id, { enabled: false });
    await expect(send()).rejects.toEqual(refusal('wrong_state'));
  });

  test('is gone with its deliveries, while the events stay', async () => {
    const { endpointId, due } = await taken(2);
    expect(await deleteWebhookEndpoint(db, organisationId, endpointId)).toBe(true);
    expect(await deleteWebhookEndpoint(db, organisationId, endpointId)).toBe(false);
    expect(await record(due[0], { kind: 'delivered' })).toBe(false);
    expect(await db.prisma.delivery.count({ where: { endpointId } })).toBe(0);
    expect((await listEvents(db, organisationId, { limit: 10 })).data).toHaveLength(2);
  });

  test('is refused beyond the limit, also when all ask at once', async () => {
    const asked = await Promise.allSettled(
      Array.from({ length: limits.maxWebhookEndpoints + 4 }, () => listener(tenant)),
    );
    const refused = asked.filter((result) => result.status === 'rejected');
    expect(refused.map(({ reason }) => reason)).toEqual(Array(4).fill(refusal('limit_reached')));
    const { data } = await listWebhookEndpoints(db, organisationId, { limit: 100 });
    expect(data).toHaveLength(limits.maxWebhookEndpoints);
  });
});
