import type { JobHandlers, JobName } from '@lathe/contracts';
import {
  completeUpload,
  connectDatabase,
  type Database,
  ensureOrganisation,
  insertUpload,
  inTransaction,
  newId,
} from '@lathe/database';
import { createTestDatabase } from '../../../test/support/postgres.ts';
import type { QueueLog } from '../src/index.ts';

export const silentLog: QueueLog = { warn: () => {}, error: () => {} };

export type Bench = { db: Database; url: string; organisationId: string; close(): Promise<void> };

export async function createBench(): Promise<Bench> {
  const database = await createTestDatabase();
  const db = connectDatabase({ url: database.url, poolSize: 4 });
  const { id: organisationId } = await ensureOrganisation(db, 'Test');
  const close = async () => {
    await db.close();
    await database.drop();
  };
  return { db, url: database.url, organisationId, close };
}

/** Handlers that note what they were given. */
export function noting(onJob: (job: JobName, id: string) => Promise<void> | void): JobHandlers {
  return {
    'analyse-mix': async ({ mixId }) => onJob('analyse-mix', mixId),
    'render-master': async ({ masterId }) => onJob('render-master', masterId),
    'deliver-webhook': async ({ deliveryId }) => onJob('deliver-webhook', deliveryId),
  };
}

/** A mix that waits for its analysis: the database put its job into the outbox. */
export async function insertMix({ db, organisationId }: Bench): Promise<string> {
  const id = newId('upload');
  const request = { filename: 'song.wav', sizeBytes: 8, contentType: 'audio/wav' };
  const mix = await inTransaction(db, async (tx) => {
    await insertUpload(tx, {
      id,
      organisationId,
      request,
      storageKey: `uploads/${id}/source`,
      multipartId: 'none',
      partSizeBytes: 8,
      partCount: 1,
    });
    return completeUpload(tx, organisationId, id);
  });
  if (!mix) throw new Error('the mix was not made');
  return mix.id;
}
