import type {
  Analysis,
  Failure,
  Master,
  MasteringPlan,
  MasterOrder,
  MasterReport,
  Page,
  PageQuery,
} from '@lathe/contracts';
import {
  foreseenBreaches,
  isTerminalMasterState,
  masterOrderSchema,
  type Rendition,
  type RenditionReport,
} from '@lathe/contracts';
import { clientOf, type Database, type Session, type Tx } from './connect.ts';
import { insertEvent } from './events.ts';
import type { Prisma, Rendition as RenditionRow } from './generated/client.ts';
import { newId } from './ids.ts';
import { fromJson, jsonOrNull, timeOrNull, toJson } from './json.ts';
import { insertOutbox } from './outbox.ts';
import { readPage } from './paging.ts';
import { previewOf } from './previews.ts';
import { withProfiles } from './profiles.ts';
import { Refusal } from './refusal.ts';

const withRenditions = { renditions: { orderBy: { position: 'asc' } } } satisfies Prisma.MasterInclude;
// The report is large and asked for on its own.
const withoutReport = { report: true } satisfies Prisma.MasterOmit;
type MasterRow = Prisma.MasterGetPayload<{ include: typeof withRenditions; omit: typeof withoutReport }>;

export type NewMaster = { organisationId: string; mixId: string; order: MasterOrder };

/**
 * Takes an order: the master in state queued, with its event and its job.
 *
 * @throws {@link Refusal} `not_found` if there is no such mix or profile, `mix_not_ready` while it is probed, `wrong_state` if it
 *   cannot be mastered, `rules_not_kept` where a rule of a profile would be broken whatever is done; ZodError for too many files.
 */
export async function insertMaster(tx: Tx, master: NewMaster): Promise<Master> {
  const { organisationId, mixId, order } = master;
  for (const id of [mixId, ...order.references.map((reference) => reference.mixId)]) {
    await refuseUnlessReady(tx, organisationId, id);
  }
  // Once more, now that it is known which files the profiles want.
  const whole = masterOrderSchema.parse(await withProfiles(tx, organisationId, order));
  await refuseBreaches(tx, mixId, whole);
  const row = await tx.master.create({
    data: { id: newId('master'), organisationId, mixId, order: toJson(whole) },
    include: withRenditions,
  });
  await insertEvent(tx, { organisationId, type: 'master.queued', data: { id: row.id, state: row.state, mixId } });
  await insertOutbox(tx, { job: 'render-master', payload: { masterId: row.id } });
  return shapeMaster(row);
}

async function refuseUnlessReady(tx: Tx, organisationId: string, mixId: string): Promise<void> {
  const mix = await tx.mix.findFirst({ where: { id: mixId, organisationId }, select: { state: true } });
  if (!mix) throw new Refusal('not_found', `There is no mix ${mixId}.`);
  if (mix.state === 'probing') throw new Refusal('mix_not_ready', 'Wait until the mix is ready, then order again.');
  if (mix.state === 'failed') throw new Refusal('wrong_state', 'This mix could not be read, so it cannot be mastered.');
}

async function refuseBreaches(tx: Tx, mixId: string, order: MasterOrder): Promise<void> {
  const { analysis } = await tx.mix.findUniqueOrThrow({ where: { id: mixId }, select: { analysis: true } });
  const breaches = analysis === null ? [] : foreseenBreaches(order, fromJson<Analysis>(analysis));
  if (breaches.length > 0) throw new Refusal('rules_not_kept', breaches.join(' '));
}

export async function getMaster(session: Session, organisationId: string, id: string): Promise<Master | null> {
  const row = await clientOf(session).master.findFirst({
    where: { id, organisationId },
    include: withRenditions,
    omit: withoutReport,
  });
  return row && shapeMaster(row);
}

export function listMasters(db: Database, organisationId: string, query: PageQuery): Promise<Page<Master>> {
  return readPage(
    { list: 'masters', organisationId },
    query,
    ({ where, ...slice }) =>
      db.prisma.master.findMany({
        where: { ...where, organisationId },
        ...slice,
        include: withRenditions,
        omit: withoutReport,
      }),
    shapeMaster,
  );
}

/** Null if there is no such master; `report` is null until it is ready. */
export async function getMasterReport(
  db: Database,
  organisationId: string,
  id: string,
): Promise<{ report: MasterReport | null } | null> {
  const row = await db.prisma.master.findFirst({ where: { id, organisationId }, select: { report: true } });
  return row && { report: jsonOrNull<MasterReport>(row.report) };
}

export type RenditionAddress = { organisationId: string; masterId: string; renditionId: string };

/** A rendition and the key of its file in the storage. */
export async function getRendition(
  db: Database,
  address: RenditionAddress,
): Promise<{ rendition: Rendition; storageKey: string } | null> {
  const { organisationId, masterId, renditionId } = address;
  const row = await db.prisma.rendition.findFirst({
    where: { id: renditionId, masterId, master: { organisationId } },
  });
  return row && { rendition: shapeRendition(row), storageKey: row.storageKey };
}

export type MasterFile = Pick<RenditionReport, 'filename' | 'sizeBytes'> & { storageKey: string };

/** The report and the files of a finished master, whosever it is: for those who have a signed address of it. */
export async function getMasterFiles(
  db: Database,
  id: string,
): Promise<{ report: MasterReport; files: MasterFile[] } | null> {
  const row = await db.prisma.master.findUnique({ where: { id }, select: { report: true, ...withRenditions } });
  if (!row?.report) return null;
  const files = row.renditions.map(({ storageKey, report }) => {
    const { filename, sizeBytes } = fromJson<RenditionReport>(report);
    return { filename, sizeBytes, storageKey };
  });
  return { report: fromJson<MasterReport>(row.report), files };
}

/**
 * Ends a master that has not ended: a worker that has it loses it with its next heartbeat, and can commit nothing.
 * Cancelling a cancelled one is harmless; null if there is no such master.
 *
 * @throws {@link Refusal} `wrong_state` for a master that is ready or failed.
 */
export async function cancelMaster(tx: Tx, organisationId: string, id: string): Promise<Master | null> {
  await tx.$executeRaw`SELECT id FROM master WHERE id = ${id} AND organisation_id = ${organisationId} FOR UPDATE`;
  const row = await tx.master.findFirst({ where: { id, organisationId }, select: { state: true, mixId: true } });
  if (!row) return null;
  if (row.state === 'ready' || row.state === 'failed') {
    throw new Refusal('wrong_state', `This master is ${row.state} already.`);
  }
  if (!isTerminalMasterState(row.state)) await endAsCancelled(tx, { id, organisationId, mixId: row.mixId });
  return getMaster(tx, organisationId, id);
}

/** Ends every unfinished master of a mix that is about to go. All rows are locked before the first event is written. */
export async function cancelUnfinished(tx: Tx, organisationId: string, mixId: string): Promise<void> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM master WHERE mix_id = ${mixId} AND state NOT IN ('ready', 'failed', 'cancelled')
    ORDER BY id FOR UPDATE`;
  for (const { id } of rows) await endAsCancelled(tx, { id, organisationId, mixId });
}

async function endAsCancelled(tx: Tx, master: { id: string; organisationId: string; mixId: string }): Promise<void> {
  const { id, organisationId, mixId } = master;
  await tx.master.update({
    where: { id },
    data: { state: 'cancelled', finishedAt: new Date(), leaseUntil: null, workerId: null },
  });
  await insertEvent(tx, { organisationId, type: 'master.cancelled', data: { id, state: 'cancelled', mixId } });
}

function shapeRendition(row: RenditionRow): Rendition {
  return { ...fromJson<RenditionReport>(row.report), id: row.id, createdAt: row.createdAt.toISOString() };
}

function shapeMaster(row: MasterRow): Master {
  return {
    id: row.id,
    mixId: row.mixId,
    state: row.state,
    progress: row.progress,
    order: fromJson<MasterOrder>(row.order),
    plan: jsonOrNull<MasteringPlan>(row.plan),
    preview: previewOf(row)?.preview ?? null,
    renditions: row.renditions.map(shapeRendition),
    error: jsonOrNull<Failure>(row.error),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    finishedAt: timeOrNull(row.finishedAt),
  };
}
