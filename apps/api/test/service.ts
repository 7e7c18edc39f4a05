import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Caller, connectDatabase, createApiKey, type Database, ensureOrganisation } from '@lathe/database';
import { createLog, createMetrics, freePort } from '@lathe/runtime';
import { createDiskStorage, type DiskStorage } from '@lathe/storage';
import type { FastifyInstance } from 'fastify';
import { createTestDatabase } from '../../../test/support/postgres.ts';
import { createApp, type Deps } from '../src/index.ts';

export type Service = {
  app: FastifyInstance;
  db: Database;
  storage: DiskStorage;
  /** Where the storage keeps its files. */
  folder: string;
  baseUrl: string;
  key: string;
  organisationId: Caller['organisationId'];
  /** The key of another organisation. */
  strangersKey: string;
  close(): Promise<void>;
};

/** The real api on a port of its own, with a real database and a disk; no worker. */
export async function startService(changes: Partial<Deps> = {}): Promise<Service> {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'lathe-api-'));
  const db = connectDatabase({ url: database.url });
  // Signed addresses name the port, so it is chosen before the app is made.
  const port = await freePort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const secret = 'a secret of at least 32 characters';
  const storage = createDiskStorage({ folder, publicUrl: baseUrl, secret });
  const app = await createApp({
    db,
    storage,
    log: createLog({ level: 'silent', name: 'test' }),
    metrics: createMetrics(),
    queueHealth: async () => undefined,
    publicUrl: baseUrl,
    secret,
    storageOrigin: baseUrl,
    allowPrivateWebhooks: false,
    websiteFolder: join(folder, 'no-website'),
    metricsHere: true,
    requestsPerMinutePerKey: 10_000,
    ...changes,
  });
  await app.listen({ host: '127.0.0.1', port });
  const ours = await ensureOrganisation(db, 'Ours');
  const { key } = await createApiKey(db, { organisationId: ours.id, name: 'test' });
  const stranger = await ensureOrganisation(db, 'Stranger');
  const { key: strangersKey } = await createApiKey(db, { organisationId: stranger.id, name: 'test' });
  const close = async () => {
    await app.close();
    await db.close();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  };
  return { app, db, storage, folder, baseUrl, key, organisationId: ours.id, strangersKey, close };
}
