import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { reconcile } from '@lathe/database';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describePeer, redisUrl } from '../../../test/support/peers.ts';
import { createWorkers, type QueueConnection, startDispatcher, startReconciler } from '../src/index.ts';
import { type Bench, createBench, insertMix, noting, silentLog } from './harness.ts';

describe('on Postgres', () => suite((bench) => ({ kind: 'postgres', url: bench.url }), emptyPostgres));

describePeer('on Redis', redisUrl, (url) =>
  suite(
    () => ({ kind: 'redis', url }),
    () => emptyRedis(url),
  ),
);

describePeer('while Redis is away', redisUrl, (url) => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await createBench();
  });
  afterEach(() => bench.close());

  test.each(['refuses', 'is silent'] as const)(
    'a worker stops within five seconds, and loses no job: it %s',
    async (how) => {
      const proxy = await startProxy(url);
      const connection = { kind: 'redis', url: proxy.url } as const;
      const jobs: string[] = [];
      const workers = await createWorkers({
        connection,
        handlers: noting((_, id) => void jobs.push(id)),
        log: silentLog,
      });
      const dispatcher = await startDispatcher({ db: bench.db, connection, log: silentLog });
      const first = await insertMix(bench);
      await expect.poll(() => jobs, { timeout: 10_000 }).toEqual([first]);
      proxy.cut(how);
      const second = await insertMix(bench);
      await sleep(200);
      const stopped = (async () => {
        await workers.close();
        await dispatcher.close();
      })();
      expect(await Promise.race([stopped.then(() => 'stopped'), sleep(5_000, 'too late', { ref: false })])).toBe(
        'stopped',
      );
      proxy.close();
      const others = { connection: { kind: 'redis', url } as const, log: silentLog };
      const later = await createWorkers({ ...others, handlers: noting((_, id) => void jobs.push(id)) });
      const sender = await startDispatcher({ db: bench.db, ...others });
      await expect.poll(() => jobs, { timeout: 10_000 }).toContain(second);
      await later.close();
      await sender.close();
    },
  );
});

/** A Redis that can go away while it is used. */
async function startProxy(
  url: string,
): Promise<{ url: string; cut(how: 'refuses' | 'is silent'): void; close(): void }> {
  const { hostname, port } = new URL(url);
  const pairs = new Set<[Socket, Socket]>();
  let silent = false;
  const server = createServer((client) => {
    if (silent) return void client.resume();
    const redis = connect(Number(port), hostname);
    pairs.add([client, redis]);
    for (const socket of [client, redis]) socket.on('error', () => {});
    client.pipe(redis).pipe(client);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = (): void => {
    for (const socket of [...pairs].flat()) socket.destroy();
    server.close();
  };
  const cut = (how: 'refuses' | 'is silent'): void => {
    if (how === 'refuses') close();
    silent = true;
    for (const [client, redis] of pairs) {
      client.unpipe(redis);
      redis.unpipe(client);
      client.resume();
    }
  };
  return { url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`, cut, close };
}

async function emptyPostgres({ url }: Bench): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = 'lathe_queue' AND tablename !~ 'migration'",
  );
  expect(rows.length).toBeGreaterThan(0);
  await client.query(`TRUNCATE ${rows.map(({ name }) => name).join(', ')}`);
  await client.end();
}

async function emptyRedis(url: string): Promise<void> {
  const redis = new Redis(url);
  expect(await redis.dbsize()).toBeGreaterThan(0);
  await redis.flushall();
  redis.disconnect();
}

function suite(connectionOf: (bench: Bench) => QueueConnection, empty: (bench: Bench) => Promise<void>): void {
  let bench: Bench;
  let open: { close(): Promise<void> }[];

  beforeEach(async () => {
    bench = await createBench();
    open = [];
  });
  afterEach(async () => {
    for (const each of open.toReversed()) await each.close();
    await bench.close();
  });

  const opened = async <T extends { close(): Promise<void> }>(making: T | Promise<T>): Promise<T> => {
    const made = await making;
    open.push(made);
    return made;
  };
  const dispatch = () => opened(startDispatcher({ db: bench.db, connection: connectionOf(bench), log: silentLog }));
  const work = (onJob: Parameters<typeof noting>[0]) =>
    opened(createWorkers({ connection: connectionOf(bench), handlers: noting(onJob), log: silentLog }));

  test('a job committed with its mix reaches its handler, once', async () => {
    const jobs: [string, string][] = [];
    await work((...job) => void jobs.push(job));
    await dispatch();
    const mixIds = [];
    for (let i = 0; i < 20; i++) mixIds.push(await insertMix(bench));
    await expect.poll(() => jobs.length, { timeout: 15_000 }).toBe(20);
    expect(jobs.map(([, id]) => id).sort()).toEqual(mixIds.sort());
    expect(new Set(jobs.map(([name]) => name))).toEqual(new Set(['analyse-mix']));
  });

  test('two dispatchers send no job twice', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 20; i++) await insertMix(bench);
    await Promise.all([dispatch(), dispatch()]);
    await work((_name, id) => void ids.push(id));
    await expect.poll(() => ids.length, { timeout: 15_000 }).toBe(20);
    expect(new Set(ids).size).toBe(20);
  });

  test('emptying the queue loses nothing: the record sends the work again', async () => {
    const mixId = await insertMix(bench);
    await dispatch();
    const waiting = () => bench.db.prisma.outboxRow.count({ where: { dispatchedAt: null } });
    await expect.poll(waiting, { timeout: 10_000 }).toBe(0);
    await empty(bench);
    const ids: string[] = [];
    await work((_name, id) => void ids.push(id));
    const later = new Date(Date.now() + 120_000);
    expect(await reconcile(bench.db, later)).toMatchObject({ mixes: 1 });
    await expect.poll(() => ids, { timeout: 15_000 }).toEqual([mixId]);
  });

  test('work that waits in a long queue is not sent again and again', async () => {
    const held = Promise.withResolvers<void>();
    const ids: string[] = [];
    await work(async (_name, id) => {
      ids.push(id);
      if (ids.length === 1) await held.promise;
    });
    await dispatch();
    open.push({ close: async () => held.resolve() });
    const first = await insertMix(bench);
    await expect.poll(() => ids, { timeout: 15_000 }).toEqual([first]);
    const second = await insertMix(bench);
    const undispatched = () => bench.db.prisma.outboxRow.count({ where: { dispatchedAt: null } });
    for (let minutes = 2; minutes < 8; minutes += 2) {
      await expect.poll(undispatched, { timeout: 10_000 }).toBe(0);
      expect(await reconcile(bench.db, new Date(Date.now() + minutes * 60_000))).toMatchObject({ mixes: 2 });
    }
    const last = await insertMix(bench);
    held.resolve();
    await expect.poll(() => ids.at(-1), { timeout: 15_000 }).toBe(last);
    expect(ids).toEqual([first, second, last]);
  });

  test('a handler that fails does not stop the next job', async () => {
    const ids: string[] = [];
    await work((_name, id) => {
      ids.push(id);
      if (ids.length === 1) throw new Error('this one fails');
    });
    await dispatch();
    await insertMix(bench);
    await insertMix(bench);
    await expect.poll(() => ids.length, { timeout: 15_000 }).toBe(2);
  });

  test('closing waits for what is running', async () => {
    let ended = false;
    let begun: () => void = () => {};
    const started = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const workers = await createWorkers({
      connection: connectionOf(bench),
      log: silentLog,
      handlers: noting(async () => {
        begun();
        await new Promise((resolve) => setTimeout(resolve, 300));
        ended = true;
      }),
    });
    await dispatch();
    await insertMix(bench);
    await started;
    await workers.close();
    expect(ended).toBe(true);
  });

  test('the reconciler goes on after a failure of the database', async () => {
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (_fields: object, message: string) => void warnings.push(message) };
    const lost = await createBench();
    await opened(startReconciler({ db: lost.db, log, everyMs: 20 }));
    await lost.close();
    await expect.poll(() => warnings.length, { timeout: 10_000 }).toBeGreaterThan(1);
  });
}
