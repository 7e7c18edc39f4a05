/** A worker's dependencies for tests: a database of its own, files on disk, and a mastering the test decides on. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MasterOrder } from '@lathe/contracts';
import {
  completeUpload,
  connectDatabase,
  type Database,
  ensureOrganisation,
  insertMaster,
  insertUpload,
  inTransaction,
  newId,
} from '@lathe/database';
import { createLog, createMetrics } from '@lathe/runtime';
import { createDiskStorage, type Storage } from '@lathe/storage';
import { createTestDatabase } from '../../../test/support/postgres.ts';
import type { Deps } from '../src/deps.ts';

export type Bench = { deps: Deps; db: Database; storage: Storage; organisationId: string; close(): Promise<void> };

export async function createBench(): Promise<Bench> {
  const database = await createTestDatabase();
  const db = connectDatabase({ url: database.url, poolSize: 4 });
  const folder = await mkdtemp(join(tmpdir(), 'lathe-worker-test-'));
  const storage = createDiskStorage({ folder: join(folder, 'storage'), publicUrl: 'http://127.0.0.1', secret: 's' });
  await storage.check();
  const deps: Deps = {
    db,
    storage,
    log: createLog({ level: 'silent', name: 'test' }),
    metrics: createMetrics(),
    instanceId: 'worker-under-test',
    workFolder: join(folder, 'work'),
    allowPrivateWebhooks: true,
    runTask: () => Promise.reject(new Error('this test masters nothing')),
  };
  const { id: organisationId } = await ensureOrganisation(db, 'Test');
  const close = async () => {
    await db.close();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  };
  return { deps, db, storage, organisationId, close };
}

/** A mix in state probing, its file in the storage. */
export async function insertMix({ db, storage, organisationId, deps }: Bench, bytes: Uint8Array, sha256?: string) {
  const id = newId('upload');
  const storageKey = `uploads/${id}/source`;
  const path = join(deps.workFolder, '..', id);
  await writeFile(path, bytes);
  await storage.putFile(storageKey, path, 'audio/wav');
  const request = { filename: 'Mein Lied.wav', sizeBytes: bytes.length, contentType: 'audio/wav' };
  const mix = await inTransaction(db, async (tx) => {
    await insertUpload(tx, {
      id,
      organisationId,
      request: { ...request, ...(sha256 !== undefined && { sha256 }) },
      storageKey,
      multipartId: 'none',
      partSizeBytes: bytes.length,
      partCount: 1,
    });
    return completeUpload(tx, organisationId, id);
  });
  if (!mix) throw new Error('the mix was not made');
  return { mixId: mix.id, storageKey };
}

const plainOrder: MasterOrder = {
  targets: ['spotify'],
  style: 'natural',
  intensity: 50,
  loudness: 'platform',
  formats: ['wav24'],
  sampleRateHz: 'source',
  dither: 'tpdf',
  amounts: { repair: 100, tone: 100, compression: 100, width: 100 },
  phase: 'minimum',
  references: [],
  metadata: {},
  tags: 'all',
  proofs: 'all',
};

/** An order for a mix that is ready. */
export const insertOrder = ({ db, organisationId }: Bench, mixId: string, change: Partial<MasterOrder> = {}) =>
  inTransaction(db, (tx) => insertMaster(tx, { organisationId, mixId, order: { ...plainOrder, ...change } }));
