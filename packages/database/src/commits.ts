import {
  type Analysis,
  type EventType,
  type Failure,
  type MasterReport,
  type MasterState,
  masterStates,
  type Peaks,
  type RenditionReport,
} from '@lathe/contracts';
import { type Database, inTransaction, type Tx } from './connect.ts';
import { insertEvent } from './events.ts';
import { newId } from './ids.ts';
import { toJson } from './json.ts';
import { insertOutbox } from './outbox.ts';
import type { StoredPreview } from './previews.ts';
import { holds, type Run, type WorkKind, type WorkRun, workTables } from './work.ts';

/** The states a worker goes through while it holds a master. */
export type MasterStage = Extract<MasterState, 'analysing' | 'rendering' | 'verifying'>;

/** A finished file: what was measured on it, and where it lies. */
export type StoredRendition = RenditionReport & { storageKey: string };

const crashesAllowed = 3;
const notHeld = { leaseUntil: null, workerId: null } as const;

/**
 * Every commit below is one transaction of { state, event, deliveries, outbox }, fenced by the run's epoch: false means
 * that the work was cancelled, ended, or taken over, and nothing was changed.
 */
async function fenced(db: Database, run: WorkRun, commit: (tx: Tx) => Promise<void>): Promise<boolean> {
  return inTransaction(db, async (tx) => {
    if (!(await holds(tx, run))) return false;
    await commit(tx);
    return true;
  });
}

/** Tells how far a master is. State and progress only go forward; an event tells each new state once. */
export function advanceMaster(db: Database, run: Run & { state: MasterStage; progress: number }): Promise<boolean> {
  return fenced(db, { ...run, kind: 'master' }, async (tx) => {
    const seen = await tx.master.findUniqueOrThrow({ where: { id: run.id }, select: { state: true, progress: true } });
    const moves = masterStates.indexOf(run.state) > masterStates.indexOf(seen.state);
    const progress = Math.max(seen.progress, Math.min(1, run.progress));
    if (!moves && progress === seen.progress) return;
    await tx.master.update({ where: { id: run.id }, data: { progress, ...(moves && { state: run.state }) } });
    if (moves) await tellMaster(tx, run.id);
  });
}

/** Something can be heard of a master; an event tells it once, however many runs it takes. */
export function commitPreview(db: Database, run: Run & { preview: StoredPreview }): Promise<boolean> {
  return fenced(db, { ...run, kind: 'master' }, async (tx) => {
    const seen = await tx.master.findUniqueOrThrow({ where: { id: run.id }, select: { preview: true } });
    await tx.master.update({ where: { id: run.id }, data: { preview: toJson(run.preview) } });
    if (seen.preview === null) await tellMaster(tx, run.id, 'master.preview');
  });
}

export function commitMixReady(
  db: Database,
  run: Run & { sha256: string; analysis: Analysis; peaks: Peaks },
): Promise<boolean> {
  return fenced(db, { ...run, kind: 'mix' }, async (tx) => {
    const { sha256, analysis, peaks } = run;
    await tx.mix.update({
      where: { id: run.id },
      data: { state: 'ready', sha256, analysis: toJson(analysis), peaks: toJson(peaks), ...notHeld },
    });
    await tellMix(tx, run.id);
  });
}

export function commitMixFailed(db: Database, run: Run & { error: Failure }): Promise<boolean> {
  return fenced(db, { ...run, kind: 'mix' }, (tx) => fail.mix(tx, run.id, run.error));
}

export function commitMasterReady(
  db: Database,
  run: Run & { report: MasterReport; renditions: StoredRendition[] },
): Promise<boolean> {
  return fenced(db, { ...run, kind: 'master' }, async (tx) => {
    const finishedAt = new Date();
    await tx.rendition.createMany({
      data: run.renditions.map(({ storageKey, ...report }, position) => ({
        id: newId('rendition'),
        masterId: run.id,
        position,
        format: report.format,
        storageKey,
        report: toJson(report),
        createdAt: finishedAt,
      })),
    });
    const { report } = run;
    await tx.master.update({
      where: { id: run.id },
      data: { state: 'ready', progress: 1, plan: toJson(report.plan), report: toJson(report), finishedAt, ...notHeld },
    });
    await tellMaster(tx, run.id);
  });
}

export function commitMasterFailed(db: Database, run: Run & { error: Failure }): Promise<boolean> {
  return fenced(db, { ...run, kind: 'master' }, (tx) => fail.master(tx, run.id, run.error));
}

export type Release = WorkRun & {
  /** The child process died on the file, as opposed to a lack of storage, database or time to stop. */
  crashed: boolean;
  retryInSeconds: number;
};

/**
 * Gives work back so that another run may take it, after `retryInSeconds`. A third crash ends it as `quarantined`:
 * a hostile file fails its own order only. `lost`: this run did not hold it any more.
 */
export async function release(db: Database, run: Release): Promise<'retrying' | 'quarantined' | 'lost'> {
  let quarantined = false;
  const held = await fenced(db, run, async (tx) => {
    const crashes = await freeLease(tx, run);
    quarantined = run.crashed && crashes >= crashesAllowed;
    if (quarantined) await fail[run.kind](tx, run.id, quarantine);
    else await insertOutbox(tx, workTables[run.kind].job(run.id), run.retryInSeconds);
  });
  if (!held) return 'lost';
  return quarantined ? 'quarantined' : 'retrying';
}

const quarantine: Failure = {
  code: 'quarantined',
  detail: `Working on this file stopped unexpectedly ${crashesAllowed} times, so it is set aside.`,
};

/** Returns how often the file has crashed. */
async function freeLease(tx: Tx, run: Release): Promise<number> {
  const { table } = workTables[run.kind];
  const [row] = await tx.$queryRaw<{ crashes: number }[]>`
    UPDATE ${table} SET lease_until = NULL, worker_id = NULL, crashes = crashes + ${run.crashed ? 1 : 0}::int
    WHERE id = ${run.id} RETURNING crashes`;
  return row?.crashes ?? 0;
}

const fail: Record<WorkKind, (tx: Tx, id: string, error: Failure) => Promise<void>> = {
  mix: async (tx, id, error) => {
    await tx.mix.update({ where: { id }, data: { state: 'failed', error: toJson(error), ...notHeld } });
    await tellMix(tx, id);
  },
  master: async (tx, id, error) => {
    const ended = { state: 'failed', error: toJson(error), finishedAt: new Date() } as const;
    await tx.master.update({ where: { id }, data: { ...ended, ...notHeld } });
    await tellMaster(tx, id);
  },
};

/** The event of the state a mix has just entered. */
async function tellMix(tx: Tx, id: string): Promise<void> {
  const { organisationId, state } = await tx.mix.findUniqueOrThrow({
    where: { id },
    select: { organisationId: true, state: true },
  });
  await insertEvent(tx, { organisationId, type: `mix.${state}` satisfies EventType, data: { id, state } });
}

/** The event of the state a master has just entered, or of something else. */
async function tellMaster(tx: Tx, id: string, told?: EventType): Promise<void> {
  const { organisationId, state, mixId } = await tx.master.findUniqueOrThrow({
    where: { id },
    select: { organisationId: true, state: true, mixId: true },
  });
  const type = told ?? (`master.${state}` satisfies EventType);
  await insertEvent(tx, { organisationId, type, data: { id, state, mixId } });
}
