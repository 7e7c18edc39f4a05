import { randomUUID } from 'node:crypto';
import { link, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readKept, writeKept } from './kept.ts';
import { beginningOf, endProcess, hasEndedWithin, isRunning } from './processes.ts';

/** The beginning tells a process from a later one with its number. */
const processSchema = z.object({ pid: z.int(), beginning: z.string() });
type Process = z.infer<typeof processSchema>;

const lockSchema = processSchema.extend({
  startedAt: z.iso.datetime(),
  /** Null while it is starting. */
  url: z.string().nullable(),
  /** Its child processes, to clear away should it be killed. */
  children: z.array(processSchema),
  token: z.string(),
});
export type LockHolder = z.infer<typeof lockSchema>;

/** The right to be the only Lathe on a data folder. */
export type Lock = {
  /** `children`: process numbers. */
  update(changes: { url?: string; children?: number[] }): Promise<void>;
  release(): Promise<void>;
};

const ownExitMs = 5_000;

/**
 * Takes the lock of a data folder, or says who has it. A lock whose holder is dead is taken over, after the holder's
 * children have ended.
 */
export async function takeLock(dataFolder: string): Promise<{ lock: Lock } | { holder: LockHolder }> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const path = join(dataFolder, 'lathe.lock');
  const mine: LockHolder = {
    ...(await processOf(process.pid)),
    startedAt: new Date().toISOString(),
    url: null,
    children: [],
    token: randomUUID(),
  };
  while (!(await created(path, mine))) {
    const holder = await readKept(path, lockSchema);
    if (holder && (await isThere(holder))) return { holder };
    if (holder) await endOrphans(holder.children);
    await discard(path, holder?.token);
  }
  return { lock: lockOf(path, mine) };
}

function lockOf(path: string, mine: LockHolder): Lock {
  let held = mine;
  let written = Promise.resolve();
  // One after another, each with all that is known by then: what was said last is what stands there.
  const afterOthers = (act: () => Promise<void>) => {
    written = written.catch(() => {}).then(act);
    return written;
  };
  return {
    update: ({ url, children }) =>
      afterOthers(async () => {
        if (url !== undefined) held = { ...held, url };
        if (children) held = { ...held, children: await Promise.all(children.map(processOf)) };
        await writeKept(path, held);
      }),
    release: () => afterOthers(() => rm(path, { force: true })),
  };
}

/** Puts the file in place whole, unless there is one. */
async function created(path: string, holder: LockHolder): Promise<boolean> {
  const unlinked = `${path}.${holder.token}`;
  await writeKept(unlinked, holder);
  try {
    await link(unlinked, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(unlinked, { force: true });
  }
}

/** Removes the lock of a dead holder, and gives it back should another start have replaced it in the meantime. */
async function discard(path: string, token: string | undefined): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  await rename(path, aside).catch(() => undefined);
  const moved = await readKept(aside, lockSchema);
  if (moved && moved.token !== token) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

const processOf = async (pid: number): Promise<Process> => ({ pid, beginning: await beginningOf(pid) });

/** A process number may belong to another program by now, even to this one. */
async function isThere({ pid, beginning }: Process): Promise<boolean> {
  return (await isRunning(pid)) && (await beginningOf(pid)) === beginning;
}

/** Children of a launcher that was killed notice and stop by themselves; those that do not are stopped. */
async function endOrphans(children: Process[]): Promise<void> {
  for (const child of children) {
    if (!(await isThere(child))) continue;
    if (!(await hasEndedWithin(child.pid, ownExitMs))) await endProcess(child.pid, [['SIGKILL', ownExitMs]]);
  }
}
