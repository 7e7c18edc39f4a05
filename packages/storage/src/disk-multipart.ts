import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { CompletedPart } from '@lathe/contracts';
import { copyDurably, isMissing, nameFile, writeNewFile } from './files.ts';
import { bareEtag, orderedParts } from './keys.ts';
import { StorageError } from './port.ts';

/**
 * Files on their way in. Each has a folder of its own, `{multipartId}/`, holding `about.json`, the parts that arrived
 * whole, named `{partNumber}-{md5}`, and unfinished ones, named `unfinished-…`. The folder goes when the object has its
 * key, or when the upload is given up; until then it is what {@link DiskMultiparts.list} lists.
 */
export type DiskMultiparts = {
  create(key: string): Promise<string>;
  /** Takes one part of exactly `sizeBytes`; it is there whole or not at all. */
  accept(part: PartToAccept, body: Readable): Promise<{ etag: string }>;
  /** Makes the object at `path` of the parts. */
  complete(multipart: Multipart, parts: CompletedPart[], path: string): Promise<void>;
  /** Makes the object at `path` a copy of the local file `from`. */
  put(key: string, from: string, path: string): Promise<void>;
  abort(multipartId: string): Promise<void>;
  list(): Promise<(Multipart & { startedAt: Date })[]>;
};
type Multipart = { key: string; multipartId: string };
type PartToAccept = Multipart & { partNumber: number; sizeBytes: number };
type About = { key: string; startedAt: string };

export function createDiskMultiparts(root: string): DiskMultiparts {
  const folderOf = (multipartId: string) => {
    if (!/^[0-9a-f]{32}$/.test(multipartId)) throw new StorageError('not_found', 'There is no such upload.');
    return join(root, multipartId);
  };
  const unfinished = (folder: string) => join(folder, `unfinished-${randomBytes(8).toString('hex')}`);
  const remove = (folder: string) => rm(folder, { recursive: true, force: true });

  async function openFolder({ key, multipartId }: Multipart): Promise<string> {
    const folder = folderOf(multipartId);
    if ((await readAbout(folder))?.key !== key) throw new StorageError('not_found', 'There is no such upload.');
    return folder;
  }

  async function create(key: string): Promise<string> {
    const multipartId = randomBytes(16).toString('hex');
    const about: About = { key, startedAt: new Date().toISOString() };
    await mkdir(folderOf(multipartId), { recursive: true });
    await writeNewFile(join(folderOf(multipartId), 'about.json'), (file) => file.writeFile(JSON.stringify(about)));
    return multipartId;
  }

  return {
    create,

    async accept(part, body) {
      const folder = await openFolder(part);
      const arriving = unfinished(folder);
      try {
        const md5 = await receive(arriving, body, part.sizeBytes);
        await nameFile(arriving, join(folder, `${part.partNumber}-${md5}`));
        await removeOlder(folder, part.partNumber, md5);
        return { etag: `"${md5}"` };
      } catch (error) {
        await rm(arriving, { force: true });
        throw error;
      }
    },

    async complete(multipart, parts, path) {
      const folder = await openFolder(multipart);
      const files = orderedParts(parts).map((part) => join(folder, `${part.partNumber}-${md5Of(part)}`));
      await assertAllThere(files);
      const assembled = files.length === 1 ? (files[0] as string) : unfinished(folder);
      if (files.length > 1) await assemble(files, assembled);
      await nameFile(assembled, path);
      await remove(folder);
    },

    async put(key, from, path) {
      const folder = folderOf(await create(key));
      try {
        const copy = unfinished(folder);
        await copyDurably(from, copy);
        await nameFile(copy, path);
      } finally {
        await remove(folder);
      }
    },

    abort: (multipartId) => remove(folderOf(multipartId)),

    async list() {
      const folders = await readdir(root).catch((error) => (isMissing(error) ? [] : Promise.reject(error)));
      const found = await Promise.all(folders.map((multipartId) => describe(join(root, multipartId), multipartId)));
      return found.filter((multipart) => multipart !== null);
    },
  };
}

/** The etag of a part becomes part of a file name: it must be an MD5 and nothing else. */
function md5Of(part: CompletedPart): string {
  const md5 = bareEtag(part.etag);
  if (!/^[0-9a-f]{32}$/.test(md5)) throw new StorageError('parts_missing', `Part ${part.partNumber} has no such etag.`);
  return md5;
}

async function describe(folder: string, multipartId: string) {
  const about = await readAbout(folder);
  if (about) return { key: about.key, multipartId, startedAt: new Date(about.startedAt) };
  // Whoever began it died at once; it is listed all the same, so that it can be aborted.
  const found = await stat(folder).catch((error) => (isMissing(error) ? null : Promise.reject(error)));
  return found && { key: '', multipartId, startedAt: found.mtime };
}

/** What a folder is about; null when it is not there (any more) or was never finished. */
async function readAbout(folder: string): Promise<About | null> {
  try {
    return JSON.parse(await readFile(join(folder, 'about.json'), 'utf8'));
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Writes what arrives, cut off as soon as it is too long, and resolves to its MD5. */
async function receive(path: string, body: Readable, sizeBytes: number): Promise<string> {
  const hash = createHash('md5');
  let receivedBytes = 0;
  async function* checked() {
    // Whoever sends too much still gets an answer: the connection stays.
    for await (const chunk of body.iterator({ destroyOnReturn: false })) {
      receivedBytes += chunk.length;
      if (receivedBytes > sizeBytes) throw wrongLength(sizeBytes);
      hash.update(chunk);
      yield chunk;
    }
    if (receivedBytes < sizeBytes) throw wrongLength(sizeBytes);
  }
  await writeNewFile(path, (file) => file.writeFile(checked()));
  return hash.digest('hex');
}

export const wrongLength = (sizeBytes: number) =>
  new StorageError('wrong_length', `This part must be exactly ${sizeBytes} bytes long.`);

/** A part sent again replaces what it was before. */
async function removeOlder(folder: string, partNumber: number, md5: string): Promise<void> {
  const older = (await readdir(folder)).filter(
    (name) => name.startsWith(`${partNumber}-`) && name !== `${partNumber}-${md5}`,
  );
  await Promise.all(older.map((name) => rm(join(folder, name), { force: true })));
}

async function assertAllThere(files: string[]): Promise<void> {
  for (const file of files) {
    const there = await stat(file).catch((error) => isMissing(error) || Promise.reject(error));
    if (there === true) throw new StorageError('parts_missing', 'A part did not arrive, or is not the one named.');
  }
}

async function assemble(files: string[], to: string): Promise<void> {
  async function* parts() {
    for (const file of files) yield* createReadStream(file, { highWaterMark: 1024 * 1024 });
  }
  await writeNewFile(to, (whole) => whole.writeFile(parts()));
}
