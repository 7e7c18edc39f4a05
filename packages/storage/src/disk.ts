import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { limits } from '@lathe/contracts';
import { type Download, openObject, openRange, safeHeaders } from './disk-download.ts';
import { createDiskMultiparts, wrongLength } from './disk-multipart.ts';
import { filesBelow, isMissing, removeEmptyFolders, writeNewFile } from './files.ts';
import { assertKey } from './keys.ts';
import { type ObjectInfo, type Storage, StorageError } from './port.ts';
import { createAddressSigner } from './signed-address.ts';

export type DiskStorageOptions = {
  /** Where the files lie; made when it is not there. All processes that share it must see the same file system. */
  folder: string;
  /** Address of the api, which serves `/storage/…` with {@link DiskStorage.acceptPart} and {@link DiskStorage.openDownload}. */
  publicUrl: string;
  /** Signs addresses; the same in all processes. */
  secret: string;
};

/** The disk adapter, and what the api needs to serve its signed addresses. */
export type DiskStorage = Storage & {
  /**
   * Takes the body of a signed `PUT /storage/parts/…`. The etag is quoted, for the `ETag` header. Rejects with
   * `signature_invalid`, `wrong_length`, `not_found` (completed or aborted meanwhile); nothing is left of a part that
   * did not arrive whole.
   */
  acceptPart(
    url: string,
    headers: { 'content-length'?: string | undefined },
    body: Readable,
  ): Promise<{ etag: string }>;
  /** Opens the object of a signed `GET /storage/objects/…`. Rejects with `signature_invalid` or `not_found`. */
  openDownload(url: string, rangeHeader?: string): Promise<Download>;
};

/** What the api adds to its answers under `/storage/`: signed addresses may be used from pages of any origin. */
export const signedAddressCorsHeaders = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, PUT',
  'access-control-allow-headers': 'content-type, range',
  'access-control-expose-headers': 'etag, content-range, accept-ranges, content-disposition',
  'access-control-max-age': '86400',
} as const;

/** Files in a local folder: `objects/{key}`, and on their way in under `parts/`. */
export function createDiskStorage({ folder, publicUrl, secret }: DiskStorageOptions): DiskStorage {
  const objects = resolve(folder, 'objects');
  const parts = resolve(folder, 'parts');
  const pathOf = (key: string) => join(objects, assertKey(key));
  const multiparts = createDiskMultiparts(parts);
  const addresses = createAddressSigner({ publicUrl, secret, lifetimeSeconds: limits.signedUrlSeconds });

  const storage: DiskStorage = {
    check: () => checkFolder(folder, [objects, parts]),
    createMultipart: async (key) => ({ multipartId: await multiparts.create(assertKey(key)) }),
    async signPart(part) {
      assertKey(part.key);
      return { partNumber: part.partNumber, url: addresses.part(part), headers: {}, sizeBytes: part.sizeBytes };
    },
    async completeMultipart(key, multipartId, completed) {
      try {
        await multiparts.complete({ key, multipartId }, completed, pathOf(key));
      } catch (error) {
        // Keys are written once: when the object is there, this or a concurrent call has completed it before.
        if ((await storage.head(key)) === null) throw asPartsMissing(error);
        await multiparts.abort(multipartId);
      }
    },
    abortMultipart: async (_key, multipartId) => multiparts.abort(multipartId),
    listMultiparts: () => multiparts.list(),
    head: async (key) => objectInfo(pathOf(key), key),
    read: async (key) => (await openObject(pathOf(key))).file.createReadStream(),
    putFile: async (key, path) => multiparts.put(key, path, pathOf(key)),
    async remove(key) {
      await rm(pathOf(key), { force: true });
      await removeEmptyFolders(dirname(pathOf(key)), objects);
    },
    list: (prefix) => listObjects(objects, prefix),
    signDownload: async (key, as) => addresses.object({ key: assertKey(key), ...as }),
    async acceptPart(url, headers, body) {
      const part = addresses.verifyPart(url);
      const announced = headers['content-length'];
      if (announced !== undefined && Number(announced) !== part.sizeBytes) throw wrongLength(part.sizeBytes);
      return multiparts.accept(part, body);
    },
    async openDownload(url, rangeHeader) {
      const { key, filename, contentType } = addresses.verifyObject(url);
      const download = await openRange(pathOf(key), rangeHeader);
      return { ...download, headers: { ...download.headers, ...safeHeaders(filename, contentType) } };
    },
  };
  return storage;
}

async function checkFolder(folder: string, parts: string[]): Promise<void> {
  const probe = join(folder, `.check-${process.pid}-${performance.now()}`);
  try {
    for (const part of parts) await mkdir(part, { recursive: true });
    await writeNewFile(probe, (file) => file.writeFile('written'));
    await rm(probe);
  } catch (error) {
    throw new StorageError('unavailable', `The folder ${folder} cannot be written.`, { cause: error });
  }
}

/** To a caller of complete, an upload that is not there (any more) and a part that is not there are the same. */
const asPartsMissing = (error: unknown) =>
  error instanceof StorageError && error.code === 'not_found'
    ? new StorageError('parts_missing', error.message, { cause: error })
    : error;

async function objectInfo(path: string, key: string): Promise<ObjectInfo | null> {
  try {
    const found = await stat(path);
    return found.isFile() ? { key, sizeBytes: found.size, modifiedAt: found.mtime } : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

async function* listObjects(root: string, prefix: string): AsyncGenerator<ObjectInfo> {
  const below = prefix.slice(0, prefix.lastIndexOf('/') + 1).replace(/\/$/, '');
  for await (const key of filesBelow(root, below === '' ? '' : assertKey(below))) {
    const info = key.startsWith(prefix) ? await objectInfo(join(root, key), key) : null;
    if (info) yield info;
  }
}
