import type { CreateUpload, Mix, Upload } from '@lathe/contracts';
import { limits } from '@lathe/contracts';
import { clientOf, type Database, type Session, type Tx } from './connect.ts';
import { insertEvent } from './events.ts';
import type { Prisma } from './generated/client.ts';
import { newId } from './ids.ts';
import { findMix, shapeMix } from './mixes.ts';
import { insertOutbox } from './outbox.ts';
import { Refusal } from './refusal.ts';

export type NewUpload = {
  /** From {@link newId}: the storage key was made of it before. */
  id: string;
  organisationId: string;
  request: CreateUpload;
  storageKey: string;
  multipartId: string;
  partSizeBytes: number;
  partCount: number;
};

/** An upload, and where its bytes go. */
export type StoredUpload = { upload: Upload; storageKey: string; multipartId: string; sha256: string | null };

/** What to remove from the storage. */
export type AbandonedUpload = { id: string; storageKey: string; multipartId: string };

const withMix = { mix: { select: { id: true } } } satisfies Prisma.UploadInclude;
type UploadRow = Prisma.UploadGetPayload<{ include: typeof withMix }>;

export async function insertUpload(tx: Tx, upload: NewUpload): Promise<Upload> {
  const createdAt = new Date();
  const { filename, sizeBytes, contentType, sha256 } = upload.request;
  const row = await tx.upload.create({
    data: {
      id: upload.id,
      organisationId: upload.organisationId,
      filename,
      sizeBytes,
      contentType,
      sha256: sha256 ?? null,
      storageKey: upload.storageKey,
      multipartId: upload.multipartId,
      partSizeBytes: upload.partSizeBytes,
      partCount: upload.partCount,
      createdAt,
      expiresAt: new Date(createdAt.getTime() + limits.uploadLifetimeSeconds * 1000),
    },
    include: withMix,
  });
  return shapeUpload(row);
}

export async function getUpload(session: Session, organisationId: string, id: string): Promise<StoredUpload | null> {
  const row = await clientOf(session).upload.findFirst({ where: { id, organisationId }, include: withMix });
  return row && shapeStored(row);
}

/**
 * The bytes are there: makes the mix, in state probing, with its event and its job. Repeating gives the same mix; null
 * if there is no such upload.
 *
 * @throws {@link Refusal} `wrong_state` for an upload that has expired or was aborted.
 */
export async function completeUpload(tx: Tx, organisationId: string, id: string): Promise<Mix | null> {
  const row = await lockUpload(tx, organisationId, id);
  if (!row) return null;
  if (row.mix) return shapeMix(await findMix(tx, row.mix.id));
  refuseUnlessOpen(row);
  await tx.upload.update({ where: { id }, data: { state: 'complete' } });
  const mix = await tx.mix.create({ data: { id: newId('mix'), organisationId, uploadId: id } });
  await insertEvent(tx, { organisationId, type: 'mix.probing', data: { id: mix.id, state: mix.state } });
  await insertOutbox(tx, { job: 'analyse-mix', payload: { mixId: mix.id } });
  return shapeMix(await findMix(tx, mix.id));
}

/**
 * Gives an open upload up; the caller then removes its parts. Repeating is harmless; null if there is no such upload.
 *
 * @throws {@link Refusal} `wrong_state` for an upload that is complete.
 */
export async function abortUpload(tx: Tx, organisationId: string, id: string): Promise<StoredUpload | null> {
  const row = await lockUpload(tx, organisationId, id);
  if (!row) return null;
  if (row.state === 'complete') refuseUnlessOpen(row);
  if (row.state !== 'open') return shapeStored(row);
  return shapeStored(await tx.upload.update({ where: { id }, data: { state: 'aborted' }, include: withMix }));
}

/** Ends the uploads whose time is over, and names what to remove from the storage. */
export async function expireUploads(db: Database, now: Date): Promise<AbandonedUpload[]> {
  return db.prisma.upload.updateManyAndReturn({
    where: { state: 'open', expiresAt: { lte: now } },
    data: { state: 'expired' },
    select: { id: true, storageKey: true, multipartId: true },
  });
}

async function lockUpload(tx: Tx, organisationId: string, id: string): Promise<UploadRow | null> {
  await tx.$executeRaw`SELECT id FROM upload WHERE id = ${id} AND organisation_id = ${organisationId} FOR UPDATE`;
  return tx.upload.findFirst({ where: { id, organisationId }, include: withMix });
}

function refuseUnlessOpen(row: UploadRow): void {
  if (row.state !== 'open') throw new Refusal('wrong_state', `This upload is ${row.state}.`);
}

function shapeStored(row: UploadRow): StoredUpload {
  const { storageKey, multipartId, sha256 } = row;
  return { upload: shapeUpload(row), storageKey, multipartId, sha256 };
}

function shapeUpload(row: UploadRow): Upload {
  return {
    id: row.id,
    state: row.state,
    filename: row.filename,
    sizeBytes: Number(row.sizeBytes),
    contentType: row.contentType,
    partSizeBytes: row.partSizeBytes,
    partCount: row.partCount,
    mixId: row.mix?.id ?? null,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}
