import { constants } from 'node:fs';
import { copyFile, type FileHandle, mkdir, open, readdir, rename, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Small acts on local files that survive a power cut: what has a name is whole. */

export const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException)?.code === 'ENOENT';

/** Lends a file and closes it whatever happens: `await using` would need Node 24. */
export async function withFile<T>(path: string, flags: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** Writes a new file through `fill` and onto the disk; on any error it is closed, and left to the caller to remove. */
export function writeNewFile(path: string, fill: (file: FileHandle) => Promise<void>): Promise<void> {
  return withFile(path, 'wx', async (file) => {
    await fill(file);
    await file.sync();
  });
}

/** Copies a file (a reflink where the file system knows how) and brings it onto the disk. */
export async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  await withFile(to, 'r+', (file) => file.sync());
}

/** Gives a finished file its name, making the folders it needs. */
export async function nameFile(from: string, to: string): Promise<void> {
  const folder = dirname(to);
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(folder, { recursive: true });
      await rename(from, to);
      break;
    } catch (error) {
      // Someone may have just removed the folder because it was empty.
      if (!isMissing(error) || attempt === 3) throw error;
    }
  }
  await syncFolder(folder);
}

const syncFolder = (folder: string): Promise<void> => withFile(folder, 'r', (handle) => handle.sync());

/** Removes the folder and those above it as long as they are empty, up to but not including `root`. */
export async function removeEmptyFolders(folder: string, root: string): Promise<void> {
  for (let current = folder; current.length > root.length; current = dirname(current)) {
    try {
      await rmdir(current);
    } catch {
      return;
    }
  }
}

/** Paths of all files below a folder, relative to it, with `/`; a folder that is not there has none. */
export async function* filesBelow(root: string, relative = ''): AsyncGenerator<string> {
  const entries = await readdir(join(root, relative), { withFileTypes: true }).catch((error) => {
    if (isMissing(error)) return [];
    throw error;
  });
  for (const entry of entries) {
    const path = relative === '' ? entry.name : `${relative}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(root, path);
    else yield path;
  }
}
