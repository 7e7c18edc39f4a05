import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Failure } from '@lathe/contracts';
import {
  type Claimed,
  claim,
  commitMasterFailed,
  commitMixFailed,
  release,
  type WorkKind,
  type WorkRun,
} from '@lathe/database';
import { MasteringError } from '@lathe/mastering';
import { StorageError } from '@lathe/storage';
import type { Deps } from './deps.ts';
import { keepLease, type Lease, leaseSeconds } from './lease.ts';
import { inWorkFolder } from './work-folder.ts';

/** Claimed work with its file at hand. */
export type HeldWork<K extends WorkKind> = {
  claimed: Claimed[K];
  /** Private, and removed afterwards. */
  folder: string;
  sourcePath: string;
  lease: Lease;
  /** Aborted when the lease is lost, and when the worker must stop. */
  signal: AbortSignal;
};

/** The work itself cannot succeed, whoever tries: its owner is told why. */
export class WorkFailure extends Error {
  readonly failure: Failure;
  constructor(failure: Failure, options?: ErrorOptions) {
    super(`${failure.code}: ${failure.detail}`, options);
    this.name = 'WorkFailure';
    this.failure = failure;
  }
}

/**
 * Claims work, fetches its file and does it, holding the lease all the while. Work that fails is ended with its code;
 * work that crashed, or was disturbed by something that is not its fault, is given back for another run. Nothing is done
 * if it has ended or somebody else has it.
 */
export async function holdWork<K extends WorkKind>(
  deps: Deps,
  work: { kind: K; id: string },
  stopping: AbortSignal,
  act: (held: HeldWork<K>) => Promise<void>,
): Promise<void> {
  const claimed = await claim(deps.db, { ...work, workerId: deps.instanceId, leaseSeconds });
  if (!claimed) return;
  const lease = keepLease(deps.db, deps.log, claimed);
  const signal = AbortSignal.any([lease.lost, stopping]);
  try {
    await inWorkFolder(deps.workFolder, async (folder) => {
      const sourcePath = await fetchSource(deps, claimed, folder, signal);
      await act({ claimed, folder, sourcePath, lease, signal });
    });
  } catch (error) {
    await settle(deps, claimed, error, { lost: lease.lost.aborted, stopped: stopping.aborted });
  } finally {
    lease.close();
  }
}

async function fetchSource(
  { storage }: Deps,
  { source }: Claimed[WorkKind],
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const path = join(folder, 'source');
  const detail = 'The uploaded file is no longer there: upload it again.';
  const bytes = await storage.read(source.storageKey).catch(sourceMissing(detail));
  await pipeline(bytes, createWriteStream(path), { signal });
  return path;
}

/** For what the storage does not have: no other run would find it either. */
export const sourceMissing =
  (detail: string) =>
  (error: unknown): never => {
    if (!(error instanceof StorageError && error.code === 'not_found')) throw error;
    throw new WorkFailure({ code: 'source_missing', detail }, { cause: error });
  };

const commitFailed = { mix: commitMixFailed, master: commitMasterFailed } as const;

async function settle(
  { db, log }: Deps,
  { kind, id, epoch }: WorkRun,
  error: unknown,
  cut: { lost: boolean; stopped: boolean },
): Promise<void> {
  const run = { id, epoch };
  const about = { kind, ...run, err: error };
  if (cut.lost) return log.info({ kind, ...run }, 'work was cancelled or taken over');
  const failure = cut.stopped ? null : failureOf(error);
  if (failure) {
    log.info({ kind, ...run, code: failure.code }, 'work failed');
    await commitFailed[kind](db, { ...run, error: failure });
    return;
  }
  const crashed = error instanceof MasteringError && error.crashed && !cut.stopped;
  const retryInSeconds = cut.stopped ? 0 : pauseSeconds(epoch);
  const outcome = await release(db, { kind, ...run, crashed, retryInSeconds });
  if (cut.stopped) log.info({ kind, ...run, outcome }, 'work was given back');
  else log.error({ ...about, crashed, outcome }, 'work was disturbed');
}

function failureOf(error: unknown): Failure | null {
  if (error instanceof WorkFailure) return error.failure;
  return error instanceof MasteringError && !error.crashed ? error.failure : null;
}

/** Each claim raises the epoch, so that pauses grow: 2, 4, 8 … 60 s. */
const pauseSeconds = (epoch: number): number => Math.min(60, 2 ** Math.min(epoch, 6));
