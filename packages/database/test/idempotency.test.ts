import { expect, test } from 'vitest';
import {
  type Answer,
  createApiKey,
  type Database,
  type IdempotentAnswer,
  type IdempotentRequest,
  insertEvent,
  reconcile,
  type Tx,
  withIdempotency,
} from '../src/index.ts';
import { createTenant, eachTenant, eventsOf, refusal, type Tenant } from './harness.ts';

let db: Database;
let tenant: Tenant;
let request: IdempotentRequest;
eachTenant((own) => {
  tenant = own;
  db = own.db;
  request = { organisationId: tenant.organisationId, key: 'one', requestHash: 'POST /v1/x {}' };
});

/** Leaves one event about `id` for every time it ran. */
const leaving =
  (id: string, answer: Answer = { status: 201, body: { id }, headers: { location: `/v1/${id}` } }) =>
  async (tx: Tx): Promise<Answer> => {
    await insertEvent(tx, { organisationId: tenant.organisationId, type: 'webhook.test', data: { id } });
    return answer;
  };
const timesRun = async (id: string) => (await eventsOf(tenant, id)).length;

test('a repeat gets the same answer, headers and all, and the effect ran once', async () => {
  const first = await withIdempotency(db, request, leaving('a'));
  const again = await withIdempotency(db, request, leaving('a', { status: 500, body: 'never' }));
  expect(first).toEqual({ status: 201, body: { id: 'a' }, headers: { location: '/v1/a' }, replayed: false });
  expect(again).toEqual({ ...first, replayed: true });
  expect(await timesRun('a')).toBe(1);
});

test('a key that comes with another request is refused', async () => {
  await withIdempotency(db, request, leaving('a'));
  const other = withIdempotency(db, { ...request, requestHash: 'POST /v1/x {"other":1}' }, leaving('b'));
  await expect(other).rejects.toEqual(refusal('idempotency_key_reused'));
  expect(await timesRun('b')).toBe(0);
});

test('a twin that comes while the first is running is refused, and answered when it has ended', async () => {
  const begun = Promise.withResolvers<void>();
  const mayEnd = Promise.withResolvers<void>();
  const first = withIdempotency(db, request, async (tx) => {
    begun.resolve();
    await mayEnd.promise;
    return leaving('a')(tx);
  });
  await begun.promise;
  const twin = () => withIdempotency(db, request, leaving('a'));
  await expect(twin()).rejects.toEqual(refusal('idempotency_key_in_flight'));
  mayEnd.resolve();
  expect((await first).replayed).toBe(false);
  expect((await twin()).replayed).toBe(true);
  expect(await timesRun('a')).toBe(1);
});

test('of eight at once one runs the effect; whoever insists gets its answer', async () => {
  const insist = async (): Promise<IdempotentAnswer> => {
    for (;;) {
      try {
        return await withIdempotency(db, request, leaving('a'));
      } catch (error) {
        expect(error).toEqual(refusal('idempotency_key_in_flight'));
      }
    }
  };
  const answers = await Promise.all(Array.from({ length: 8 }, insist));
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect(new Set(answers.map(({ body }) => JSON.stringify(body)))).toEqual(new Set(['{"id":"a"}']));
  expect(await timesRun('a')).toBe(1);
});

test('the same key of another organisation is another key', async () => {
  await withIdempotency(db, request, leaving('a'));
  const { organisationId } = await createTenant(db);
  expect(await withIdempotency(db, { ...request, organisationId }, leaving('b'))).toMatchObject({
    body: { id: 'b' },
    replayed: false,
  });
});

test('an effect that fails leaves nothing behind, and its key free', async () => {
  const failing = withIdempotency(db, request, async (tx) => {
    await leaving('a')(tx);
    throw new Error('the disk is full');
  });
  await expect(failing).rejects.toThrow('the disk is full');
  expect(await timesRun('a')).toBe(0);
  expect((await withIdempotency(db, { ...request, requestHash: 'another' }, leaving('a'))).replayed).toBe(false);
});

test('a repeated order for an API key gives the same key, which cannot be read in the record', async () => {
  const order = () =>
    withIdempotency(db, request, async (tx) => {
      const { key } = await createApiKey(tx, { organisationId: tenant.organisationId, name: 'laptop' });
      return { status: 201, body: { key } };
    });
  const first = await order();
  expect(await order()).toEqual({ ...first, replayed: true });
  expect(await db.prisma.apiKey.count({ where: { organisationId: tenant.organisationId } })).toBe(1);
  const { key } = first.body as { key: string };
  const rows = await db.prisma.idempotencyKey.findMany({ where: { organisationId: tenant.organisationId } });
  for (const row of rows) expect(Buffer.from(row.sealedAnswer).includes(key)).toBe(false);
  expect(JSON.stringify(rows)).not.toContain(request.key);
});

test('after thirty days a key is free again, and forgotten', async () => {
  await withIdempotency(db, request, leaving('a'));
  const where = { organisationId: tenant.organisationId };
  const days = (n: number) => new Date(Date.now() + n * 86_400_000);
  await reconcile(db, days(29));
  expect(await db.prisma.idempotencyKey.count({ where })).toBe(1);
  await db.prisma.idempotencyKey.updateMany({ where, data: { expiresAt: new Date() } });
  expect((await withIdempotency(db, { ...request, requestHash: 'another' }, leaving('a'))).replayed).toBe(false);
  await reconcile(db, days(31));
  expect(await db.prisma.idempotencyKey.count({ where })).toBe(0);
});
