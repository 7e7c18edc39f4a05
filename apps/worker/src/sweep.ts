import { setTimeout as sleep } from 'node:timers/promises';
import { limits } from '@lathe/contracts';
import { expireUploads, storageKeysInUse } from '@lathe/database';
import type { Deps } from './deps.ts';
import { removeLeftFolders } from './work-folder.ts';

type SweepDeps = Pick<Deps, 'db' | 'storage' | 'log' | 'metrics' | 'workFolder'>;
type Swept = { uploads: number; multiparts: number; objects: number; folders: number };

/** What is younger may be on its way into the database. */
const graceMs = 3_600_000;
const coverGraceMs = 1000 * limits.unnamedCoverSeconds;
const firstAfterMs = 30_000;
const everyMs = 3_600_000;
const batchSize = 500;

/**
 * Removes what nobody needs: uploads whose time is over, multiparts and objects that belong to nothing (cut off between
 * storage and database, or made by a run that had lost its lease), files of mixes that were refused a day ago, covers that no
 * order names, work folders of killed workers. Several workers may
 * sweep at once.
 */
export async function sweep(deps: SweepDeps, now: Date): Promise<Swept> {
  const youngest = { now, graceMs };
  const swept = {
    uploads: await sweepUploads(deps, now),
    multiparts: await sweepMultiparts(deps, now),
    objects:
      (await sweepObjects(deps, 'uploads/', youngest)) +
      (await sweepObjects(deps, 'masters/', youngest)) +
      (await sweepObjects(deps, 'covers/', { ...youngest, graceMs: coverGraceMs })),
    folders: await removeLeftFolders(deps.workFolder),
  };
  for (const [kind, count] of Object.entries(swept)) deps.metrics.sweptObjects.inc({ kind }, count);
  if (Object.values(swept).some((count) => count > 0)) deps.log.info(swept, 'swept');
  return swept;
}

/** Sweeps soon after the start, then every hour. */
export function startSweeper(deps: SweepDeps): { close(): Promise<void> } {
  const closing = new AbortController();
  const { signal } = closing;
  const run = async () => {
    for (let pauseMs = firstAfterMs; ; pauseMs = everyMs) {
      await sleep(pauseMs, undefined, { signal });
      await sweep(deps, new Date()).catch((error: unknown) => deps.log.error({ err: error }, 'a sweep failed'));
    }
  };
  const ended = run().catch(() => {});
  return {
    close: () => {
      closing.abort();
      return ended;
    },
  };
}

async function sweepUploads({ db, storage }: SweepDeps, now: Date): Promise<number> {
  const expired = await expireUploads(db, now);
  for (const { storageKey, multipartId } of expired) {
    await storage.abortMultipart(storageKey, multipartId);
    await storage.remove(storageKey);
  }
  return expired.length;
}

async function sweepMultiparts({ db, storage }: SweepDeps, now: Date): Promise<number> {
  const old = (await storage.listMultiparts()).filter(({ startedAt }) => isOld(startedAt, { now, graceMs }));
  const inUse = await storageKeysInUse(
    db,
    old.map(({ key }) => key),
    now,
  );
  const orphans = old.filter(({ key }) => !inUse.has(key));
  for (const { key, multipartId } of orphans) await storage.abortMultipart(key, multipartId);
  return orphans.length;
}

async function sweepObjects(deps: SweepDeps, prefix: string, age: Age): Promise<number> {
  let removed = 0;
  let batch: string[] = [];
  for await (const object of deps.storage.list(prefix)) {
    if (!isOld(object.modifiedAt, age)) continue;
    batch.push(object.key);
    if (batch.length < batchSize) continue;
    removed += await removeUnused(deps, batch, age);
    batch = [];
  }
  return removed + (await removeUnused(deps, batch, age));
}

async function removeUnused({ db, storage }: SweepDeps, keys: string[], age: Age): Promise<number> {
  const inUse = await storageKeysInUse(db, keys, age.now);
  let removed = 0;
  for (const key of keys.filter((each) => !inUse.has(each))) {
    // A cover may have been sent once more meanwhile.
    const object = await storage.head(key);
    if (!object || !isOld(object.modifiedAt, age)) continue;
    await storage.remove(key);
    removed++;
  }
  return removed;
}

type Age = { now: Date; graceMs: number };

const isOld = (time: Date, { now, graceMs }: Age): boolean => now.getTime() - time.getTime() > graceMs;
