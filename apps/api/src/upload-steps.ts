import {
  type CompletedPart,
  type CreatedUpload,
  type CreateUpload,
  limits,
  type Mix,
  partsSignedAtOnce,
  type UploadPart,
} from '@lathe/contracts';
import {
  abortUpload,
  completeUpload,
  insertUpload,
  inTransaction,
  newId,
  type StoredUpload,
  type Tx,
} from '@lathe/database';
import type { Storage } from '@lathe/storage';
import type { Deps } from './deps.ts';
import { found, RequestProblem } from './problem.ts';

type Stores = Pick<Deps, 'db' | 'storage'>;

/** Begins a multipart upload in the storage and remembers it. If the memory fails, the sweeper finds the orphan. */
export async function openUpload(
  { storage }: Stores,
  tx: Tx,
  organisationId: string,
  request: CreateUpload,
): Promise<CreatedUpload> {
  const id = newId('upload');
  const storageKey = `uploads/${id}/source`;
  const partSizeBytes = limits.partSizeBytes;
  const partCount = Math.ceil(request.sizeBytes / partSizeBytes);
  const { multipartId } = await storage.createMultipart(storageKey, request.contentType);
  const size = { partSizeBytes, partCount };
  const upload = await insertUpload(tx, { id, organisationId, request, storageKey, multipartId, ...size });
  const first = Array.from({ length: Math.min(partCount, partsSignedAtOnce) }, (_, index) => index + 1);
  const parts = await signParts(storage, { upload, storageKey, multipartId, sha256: null }, first);
  return { ...upload, parts };
}

/** Signs parts of an open upload; each address takes exactly the bytes that belong there. */
export async function signParts(storage: Storage, stored: StoredUpload, partNumbers: number[]): Promise<UploadPart[]> {
  const { upload, storageKey: key, multipartId } = stored;
  if (upload.state !== 'open') throw new RequestProblem('wrong_state', `This upload is ${upload.state}.`);
  const beyond = partNumbers.find((partNumber) => partNumber > upload.partCount);
  if (beyond !== undefined) {
    throw new RequestProblem(
      'invalid_request',
      `This upload has ${upload.partCount} parts; there is no part ${beyond}.`,
    );
  }
  return Promise.all(
    partNumbers.map((partNumber) => {
      const sizeBytes = Math.min(upload.partSizeBytes, upload.sizeBytes - (partNumber - 1) * upload.partSizeBytes);
      return storage.signPart({ key, multipartId, partNumber, sizeBytes });
    }),
  );
}

/** Joins the parts and makes the mix. Until that is written the upload stays open, so that this may be tried again. */
export async function completeWhole(
  { db, storage }: Stores,
  organisationId: string,
  { upload, storageKey, multipartId }: StoredUpload,
  parts: CompletedPart[],
): Promise<Mix> {
  if (upload.state === 'open') {
    const named = new Set(parts.map(({ partNumber }) => partNumber)).size;
    if (named !== upload.partCount) throw incomplete(`${named} of ${upload.partCount} parts were named.`);
    await storage.completeMultipart(storageKey, multipartId, parts);
    const arrivedBytes = (await storage.head(storageKey))?.sizeBytes ?? 0;
    if (arrivedBytes !== upload.sizeBytes) {
      throw incomplete(`${arrivedBytes} bytes arrived; ${upload.sizeBytes} were announced.`);
    }
  }
  return found(await inTransaction(db, (tx) => completeUpload(tx, organisationId, upload.id)), 'upload');
}

const incomplete = (detail: string) => new RequestProblem('upload_incomplete', detail);

/** Gives the upload up, then its bytes; if the storage fails in between, repeating it or the sweeper removes them. */
export async function abortWhole({ db, storage }: Stores, organisationId: string, id: string): Promise<void> {
  const aborted = await inTransaction(db, (tx) => abortUpload(tx, organisationId, id));
  const { storageKey, multipartId } = found(aborted, 'upload');
  await storage.abortMultipart(storageKey, multipartId);
  await storage.remove(storageKey);
}
