import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beginningOf, isRunning } from '@lathe/runtime';

const prefix = 'lathe-work-';

/** A private folder for one piece of work, below `parent`; removed with everything in it when `work` has ended. */
export async function inWorkFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, `${prefix}${process.pid}-${await beginningOf(process.pid)}-`));
  await chmod(folder, 0o700);
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Removes the folders of workers that were killed: their names tell whose they were. Returns how many. */
export async function removeLeftFolders(parent: string): Promise<number> {
  const names = await readdir(parent).catch(() => []);
  const left = await Promise.all(names.map(async (name) => (await isLeft(name)) && name));
  const folders = left.filter((name) => name !== false);
  for (const name of folders) await rm(join(parent, name), { recursive: true, force: true });
  return folders.length;
}

async function isLeft(name: string): Promise<boolean> {
  if (!name.startsWith(prefix)) return false;
  const [pid, beginning] = name.slice(prefix.length).split('-');
  return !(await isRunning(Number(pid))) || (await beginningOf(Number(pid))) !== beginning;
}
