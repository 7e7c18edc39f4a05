import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  cancelMaster,
  claim,
  type Database,
  inTransaction,
  listDeliveries,
  loadDelivery,
  reconcile,
  recordAttempt,
  sendTestEvent,
  updateWebhookEndpoint,
} from '../src/index.ts';
import {
  type Bench,
  createBench,
  createTenant,
  drainOutbox,
  listener,
  oneHourMs,
  probingMix,
  queuedMaster,
  type Tenant,
  take,
} from './harness.ts';

let bench: Bench;
let db: Database;
let tenant: Tenant;
beforeEach(async () => {
  bench = await createBench();
  db = bench.db;
  tenant = await createTenant(db);
});
afterEach(async () => {
  vi.useRealTimers();
  await bench.close();
});

const nothing = { mixes: 0, masters: 0, deliveries: 0 };
const inOneHour = () => new Date(Date.now() + oneHourMs);
/** The queue took every job so far, an hour ago. */
async function dispatchedLongAgo(): Promise<void> {
  await drainOutbox(db);
  await db.prisma.$executeRaw`UPDATE outbox SET dispatched_at = now() - interval '1 hour'`;
}

async function pendingDelivery(): Promise<{ id: string; endpointId: string }> {
  const { organisationId } = tenant;
  const { id: endpointId } = await listener(tenant);
  await inTransaction(db, (tx) => sendTestEvent(tx, organisationId, endpointId));
  const page = await listDeliveries(db, organisationId, endpointId, { limit: 1 });
  return { id: page?.data[0]?.id ?? '', endpointId };
}

describe('jobs that were handed out and lost', () => {
  test('are sent again, each once', async () => {
    const mixId = await probingMix(tenant);
    const masterId = await queuedMaster(tenant);
    const { id } = await pendingDelivery();
    await dispatchedLongAgo();
    expect(await reconcile(db)).toEqual({ mixes: 1, masters: 1, deliveries: 1 });
    expect(await reconcile(db)).toEqual(nothing);
    expect((await drainOutbox(db)).sort()).toEqual([id, mixId, masterId].sort());
    expect(await reconcile(db)).toEqual(nothing);
    expect(await reconcile(db, inOneHour())).toEqual({ mixes: 1, masters: 1, deliveries: 1 });
  });

  test('are sent again once when several processes look at the same time', async () => {
    for (let i = 0; i < 5; i++) await probingMix(tenant);
    await dispatchedLongAgo();
    const found = await Promise.all([reconcile(db), reconcile(db), reconcile(db)]);
    expect(found.reduce((sum, { mixes }) => sum + mixes, 0)).toBe(5);
    expect(await drainOutbox(db)).toHaveLength(5);
  });

  test('are let be while their work is held, and when it has ended', async () => {
    const held = await queuedMaster(tenant);
    const cancelled = await queuedMaster(tenant);
    await take(db, 'master', held);
    await inTransaction(db, (tx) => cancelMaster(tx, tenant.organisationId, cancelled));
    await dispatchedLongAgo();
    expect(await reconcile(db)).toEqual(nothing);
    await db.prisma.$executeRaw`UPDATE master SET lease_until = now() - interval '1 second'`;
    expect(await reconcile(db)).toEqual({ ...nothing, masters: 1 });
    expect(await drainOutbox(db)).toEqual([held]);
  });

  test('wait while their endpoint is disabled', async () => {
    const { id, endpointId } = await pendingDelivery();
    const enable = (enabled: boolean) => updateWebhookEndpoint(db, tenant.organisationId, endpointId, { enabled });
    await enable(false);
    await dispatchedLongAgo();
    expect(await reconcile(db)).toEqual(nothing);
    expect(await loadDelivery(db, id)).toBeNull();
    await enable(true);
    expect(await reconcile(db)).toEqual({ ...nothing, deliveries: 1 });
    expect(await loadDelivery(db, id)).toMatchObject({ id });
  });
});

test('what was dispatched a day ago is forgotten', async () => {
  await probingMix(tenant);
  await drainOutbox(db);
  await reconcile(db, new Date(Date.now() + 23 * oneHourMs));
  const dispatched = () => db.prisma.outboxRow.count({ where: { dispatchedAt: { not: null } } });
  expect(await dispatched()).toBe(1);
  await reconcile(db, new Date(Date.now() + 25 * oneHourMs));
  expect(await dispatched()).toBe(0);
});

describe.each([-oneHourMs, oneHourMs])('a process whose clock is %i ms wrong', (errorMs) => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + errorMs });
  });

  test('neither takes work that is held nor misses work that is free', async () => {
    const id = await queuedMaster(tenant);
    await drainOutbox(db);
    expect(await reconcile(db)).toEqual(nothing);
    await take(db, 'master', id);
    await dispatchedLongAgo();
    expect(await reconcile(db)).toEqual(nothing);
    expect(await claim(db, { kind: 'master', id, workerId: 'other', leaseSeconds: 60 })).toBeNull();
    await db.prisma.$executeRaw`UPDATE master SET lease_until = now() - interval '1 second'`;
    expect(await reconcile(db)).toEqual({ ...nothing, masters: 1 });
  });

  test('makes deliveries that are due at once, and again when their pause is over', async () => {
    const { id } = await pendingDelivery();
    const due = await loadDelivery(db, id);
    if (!due) throw new Error('the delivery is not due');
    const attempt = { at: new Date().toISOString(), status: 500, error: null, durationMs: 1 };
    await recordAttempt(db, { ...due, attempt, result: { kind: 'retry', at: new Date(Date.now() + 60_000) } });
    expect(await loadDelivery(db, id)).toBeNull();
    const [pause] = await db.prisma.$queryRaw<{ seconds: number; sameForItsJob: boolean }[]>`
      SELECT extract(epoch FROM next_attempt_at - now())::float AS seconds,
             next_attempt_at = (SELECT max(available_at) FROM outbox) AS "sameForItsJob"
      FROM delivery`;
    expect(pause?.sameForItsJob).toBe(true);
    expect(Math.abs((pause?.seconds ?? 0) - 60)).toBeLessThan(30);
  });
});
