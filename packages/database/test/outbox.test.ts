import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type Database,
  insertOutbox,
  inTransaction,
  listenOutbox,
  newId,
  type OutboxRow,
  takeOutbox,
} from '../src/index.ts';
import { type Bench, createBench, drainOutbox } from './harness.ts';

let bench: Bench;
let db: Database;
beforeEach(async () => {
  bench = await createBench();
  db = bench.db;
});
afterEach(() => bench.close());

/** Puts jobs into the outbox; returns what they are about, in their order. */
async function put(count: number, delaySeconds = 0): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId('mix'));
  await inTransaction(db, async (tx) => {
    for (const mixId of ids) await insertOutbox(tx, { job: 'analyse-mix', payload: { mixId } }, delaySeconds);
  });
  return ids;
}

const subjectsOf = (rows: OutboxRow[]) => rows.flatMap(({ payload }) => Object.values(payload));

describe('what leaves', () => {
  test('is oldest first, as many as asked for, and nothing twice', async () => {
    const ids = await put(5);
    const sent: OutboxRow[][] = [];
    const take = (limit: number) => takeOutbox(db, limit, async (rows) => void sent.push(rows));
    expect([await take(2), await take(9), await take(9)]).toEqual([2, 3, 0]);
    expect(sent.map(subjectsOf)).toEqual([ids.slice(0, 2), ids.slice(2)]);
    expect(sent.flat()[0]).toMatchObject({ job: 'analyse-mix', payload: { mixId: ids[0] } });
    expect(new Set(sent.flat().map(({ run }) => run)).size).toBe(5);
  });

  test('is never from a transaction that was rolled back', async () => {
    const rolledBack = inTransaction(db, async (tx) => {
      await insertOutbox(tx, { job: 'analyse-mix', payload: { mixId: newId('mix') } });
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    const ids = await put(1);
    expect(await drainOutbox(db)).toEqual(ids);
  });

  test('is not yet there while its transaction is open', async () => {
    await inTransaction(db, async (tx) => {
      await insertOutbox(tx, { job: 'analyse-mix', payload: { mixId: newId('mix') } });
      expect(await drainOutbox(db)).toEqual([]);
    });
    expect(await drainOutbox(db)).toHaveLength(1);
  });

  test('is shared without overlap by dispatchers that send at the same time', async () => {
    const ids = await put(40);
    const shares: string[][] = [];
    const all = Promise.withResolvers<void>();
    const dispatcher = () =>
      takeOutbox(db, 10, async (rows) => {
        shares.push(subjectsOf(rows));
        if (shares.length === 4) all.resolve();
        await all.promise;
      });
    expect(await Promise.all([dispatcher(), dispatcher(), dispatcher(), dispatcher()])).toEqual([10, 10, 10, 10]);
    expect(shares.flat().sort()).toEqual(ids.sort());
  });

  test('stays when it could not be sent', async () => {
    const ids = await put(3);
    const sending = takeOutbox(db, 10, () => Promise.reject(new Error('the queue is away')));
    await expect(sending).rejects.toThrow('the queue is away');
    expect(await drainOutbox(db)).toEqual(ids);
  });

  test('waits for its time', async () => {
    const [later] = await put(1, 3_600);
    const [now] = await put(1);
    expect(await drainOutbox(db)).toEqual([now]);
    await db.prisma
      .$executeRaw`UPDATE outbox SET available_at = now() - interval '1 second' WHERE dispatched_at IS NULL`;
    expect(await drainOutbox(db)).toEqual([later]);
  });
});

describe('a listener', () => {
  let wakes = 0;
  let listening: { close(): Promise<void> };
  beforeEach(async () => {
    wakes = 0;
    listening = listenOutbox(db, () => {
      wakes++;
    });
    await moreWakesThan(0);
  });
  afterEach(() => listening.close());
  const moreWakesThan = (before: number) => expect.poll(() => wakes, { timeout: 15_000 }).toBeGreaterThan(before);

  test('is woken by a commit with jobs', async () => {
    const before = wakes;
    await put(1);
    await moreWakesThan(before);
  });

  test('connects again when its connection is lost, and looks at once', async () => {
    const before = wakes;
    await db.prisma.$executeRaw`
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'lathe-outbox'`;
    await moreWakesThan(before);
    const afterwards = wakes;
    await put(1);
    await moreWakesThan(afterwards);
  });
});
