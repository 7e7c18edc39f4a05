import { createPostgresBackend, Queue, runMigrations, Worker, withBackend } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';

/** Where jobs wait: in the database that is there anyway, or in Redis. */
export type QueueConnection = { kind: 'postgres' | 'redis'; url: string };

/** What this package says on its way; a pino log is one. */
export type QueueLog = {
  warn(fields: Record<string, unknown>, message: string): void;
  error(fields: Record<string, unknown>, message: string): void;
};

/** What is used of BullMQ's queue and worker, whatever lies behind them. */
export type JobQueue = {
  addBulk(jobs: { name: string; data: unknown; opts: { jobId: string } }[]): Promise<unknown>;
  close(): Promise<void>;
};
type JobWorker = { close(): Promise<void> };

type Run = (job: { data: unknown }) => Promise<void>;
type WorkOptions = { concurrency: number; onFailed(error: Error): void; onTrouble(error: Error): void };

/** BullMQ on one backend, with the connections that its queues and workers share. */
export type Backend = {
  createQueue(name: string): JobQueue;
  createWorker(name: string, run: Run, options: WorkOptions): JobWorker;
  close(): Promise<void>;
};

/** A queue's names in Redis begin with this; in Postgres they have a schema of their own. */
const namespace = 'lathe_queue';
const poolSize = 4;
const connectTimeoutMs = 5_000;
/** Well within the transaction that empties the outbox. */
const commandTimeoutMs = 10_000;

/** What a lost run leaves is found by the record, not by the queue: jobs are tried once and forgotten. */
const defaultJobOptions = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;
const workOptions = { maxStalledCount: 0, lockDuration: 30_000, stalledInterval: 15_000 } as const;

export const openBackend = (connection: QueueConnection): Promise<Backend> =>
  connection.kind === 'redis' ? openRedis(connection.url) : openPostgres(connection.url);

async function openPostgres(url: string): Promise<Backend> {
  await migrate(url);
  const connection = { connectionString: url, schema: namespace, max: poolSize };
  const OnPostgres = withBackend(createPostgresBackend);
  return {
    createQueue: (name) => quiet(new OnPostgres.Queue(name, { connection, defaultJobOptions })),
    createWorker: (name, run, { concurrency, ...listeners }) =>
      heard(new OnPostgres.Worker(name, run, { connection, concurrency, ...workOptions }), listeners),
    close: async () => {},
  };
}

/** Brings BullMQ's own tables up to date; several processes may do so at once. */
async function migrate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });
  await client.connect();
  try {
    await runMigrations(client, namespace);
  } finally {
    await client.end();
  }
}

/**
 * Producers fail at once while Redis is away, and after a while when it does not answer, since the outbox keeps the job;
 * workers wait for it.
 */
async function openRedis(url: string): Promise<Backend> {
  const producer = new Redis(url, {
    maxRetriesPerRequest: 1,
    connectTimeout: connectTimeoutMs,
    commandTimeout: commandTimeoutMs,
  });
  const consumer = new Redis(url, { maxRetriesPerRequest: null });
  for (const redis of [producer, consumer]) redis.on('error', () => {});
  const shared = { prefix: namespace };
  return {
    createQueue: (name) => quiet(new Queue(name, { connection: producer, ...shared, defaultJobOptions })),
    createWorker: (name, run, { concurrency, ...listeners }) =>
      heard(new Worker(name, run, { connection: consumer, concurrency, ...shared, ...workOptions }), listeners),
    close: async () => {
      producer.disconnect();
      consumer.disconnect();
    },
  };
}

type Emitter = { on(event: string, listener: (...args: never[]) => void): unknown };

/** Errors of a sender's connection are met where it is used. */
function quiet<Q extends JobQueue>(queue: Q): Q {
  (queue as unknown as Emitter).on('error', () => {});
  return queue;
}

function heard<W extends JobWorker>(worker: W, { onFailed, onTrouble }: Omit<WorkOptions, 'concurrency'>): W {
  const emitter = worker as unknown as Emitter;
  emitter.on('failed', (_job: unknown, error: Error) => onFailed(error));
  emitter.on('error', onTrouble);
  return worker;
}
