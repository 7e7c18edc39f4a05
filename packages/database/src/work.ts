import type { Analysis, MasterOrder } from '@lathe/contracts';
import type { Database, Tx } from './connect.ts';
import { Prisma } from './generated/client.ts';
import { analysisOrNull, fromJson } from './json.ts';
import type { OutboxJob } from './outbox.ts';

/** What a worker can hold. The same code claims both. */
export type WorkKind = 'mix' | 'master';

/** One run of one piece of work: whoever carries a smaller epoch than the row has lost it. */
export type Run = { id: string; epoch: number };
export type WorkRun = Run & { kind: WorkKind };

/** Where the file of the claimed work lies. `sha256` is announced for a mix, measured for a master. */
export type WorkSource = { storageKey: string; filename: string; sizeBytes: number; sha256: string | null };
export type ClaimedMix = Run & { kind: 'mix'; organisationId: string; source: WorkSource };
export type ClaimedMaster = Run & {
  kind: 'master';
  organisationId: string;
  mixId: string;
  source: WorkSource;
  order: MasterOrder;
  analysis: Analysis | null;
  /** What was heard of the order's references; one that was deleted since counts no more. */
  references: { analysis: Analysis; weight: number }[];
};
export type Claimed = { mix: ClaimedMix; master: ClaimedMaster };

export type ClaimRequest<K extends WorkKind> = { kind: K; id: string; workerId: string; leaseSeconds: number };

type WorkTable = { table: Prisma.Sql; unfinished: Prisma.Sql; job: (id: string) => OutboxJob };

export const workTables: Record<WorkKind, WorkTable> = {
  mix: {
    table: Prisma.sql`mix`,
    unfinished: Prisma.sql`state = 'probing'`,
    job: (id) => ({ job: 'analyse-mix', payload: { mixId: id } }),
  },
  master: {
    table: Prisma.sql`master`,
    unfinished: Prisma.sql`state IN ('queued', 'analysing', 'rendering', 'verifying')`,
    job: (id) => ({ job: 'render-master', payload: { masterId: id } }),
  },
};

/**
 * Takes unfinished work that nobody holds and raises its epoch. Null if it has ended, is gone, or is held: then there is
 * nothing to do. The clock of leases is the database's.
 */
export async function claim<K extends WorkKind>(db: Database, request: ClaimRequest<K>): Promise<Claimed[K] | null> {
  const { table, unfinished } = workTables[request.kind];
  const [row] = await db.prisma.$queryRaw<{ epoch: number }[]>`
    UPDATE ${table}
    SET epoch = epoch + 1, worker_id = ${request.workerId}, lease_until = ${leaseEnd(request.leaseSeconds)}
    WHERE id = ${request.id} AND ${unfinished} AND (lease_until IS NULL OR lease_until <= now())
    RETURNING epoch`;
  if (!row) return null;
  return loaders[request.kind](db, { id: request.id, epoch: row.epoch });
}

/** Keeps the work for another `leaseSeconds`. False: it has ended, was cancelled, or another worker has it; stop. */
export async function heartbeat(db: Database, run: WorkRun & { leaseSeconds: number }): Promise<boolean> {
  const { table, unfinished } = workTables[run.kind];
  const kept = await db.prisma.$executeRaw`
    UPDATE ${table} SET lease_until = ${leaseEnd(run.leaseSeconds)}
    WHERE id = ${run.id} AND epoch = ${run.epoch} AND ${unfinished}`;
  return kept === 1;
}

const leaseEnd = (seconds: number) => Prisma.sql`now() + make_interval(secs => ${seconds}::double precision)`;

/**
 * The fence. Locks the row for the rest of the transaction if this run still holds it: same epoch, not ended.
 * Everything a worker commits goes through here.
 */
export async function holds(tx: Tx, run: WorkRun): Promise<boolean> {
  const { table, unfinished } = workTables[run.kind];
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT id FROM ${table} WHERE id = ${run.id} AND epoch = ${run.epoch} AND ${unfinished} FOR UPDATE`;
  return rows.length === 1;
}

const sourceColumns = {
  upload: { select: { storageKey: true, filename: true, sizeBytes: true, sha256: true } },
} satisfies Prisma.MixSelect;

const loaders: { [K in WorkKind]: (db: Database, run: Run) => Promise<Claimed[K] | null> } = {
  mix: async (db, run) => {
    const row = await db.prisma.mix.findUnique({
      where: { id: run.id },
      select: { organisationId: true, ...sourceColumns },
    });
    if (!row) return null;
    const source = { ...row.upload, sizeBytes: Number(row.upload.sizeBytes) };
    return { kind: 'mix', ...run, organisationId: row.organisationId, source };
  },
  master: async (db, run) => {
    const row = await db.prisma.master.findUnique({
      where: { id: run.id },
      select: {
        organisationId: true,
        mixId: true,
        order: true,
        mix: { select: { sha256: true, analysis: true, ...sourceColumns } },
      },
    });
    if (!row) return null;
    const { organisationId, mixId, mix } = row;
    const order = fromJson<MasterOrder>(row.order);
    return {
      kind: 'master',
      ...run,
      organisationId,
      mixId,
      source: { ...mix.upload, sizeBytes: Number(mix.upload.sizeBytes), sha256: mix.sha256 },
      order,
      references: await referencesOf(db, order),
      analysis: analysisOrNull(mix.analysis),
    };
  },
};

async function referencesOf(db: Database, { references }: MasterOrder): Promise<ClaimedMaster['references']> {
  const ids = references.map(({ mixId }) => mixId);
  const rows = await db.prisma.mix.findMany({ where: { id: { in: ids } }, select: { id: true, analysis: true } });
  return references.flatMap(({ mixId, weight }) => {
    const analysis = analysisOrNull(rows.find(({ id }) => id === mixId)?.analysis ?? null);
    return analysis ? [{ analysis, weight }] : [];
  });
}
