import type { Failure, Mix, Page, PageQuery, Peaks } from '@lathe/contracts';
import { clientOf, type Database, type Session, type Tx } from './connect.ts';
import type { Prisma } from './generated/client.ts';
import { analysisOrNull, jsonOrNull } from './json.ts';
import { cancelUnfinished } from './masters.ts';
import { readPage } from './paging.ts';
import { previewKeysOf } from './previews.ts';

const withSource = {
  upload: { select: { filename: true, sizeBytes: true, contentType: true, sha256: true, storageKey: true } },
} satisfies Prisma.MixInclude;
// The peaks are large and asked for on their own.
const withoutPeaks = { peaks: true } satisfies Prisma.MixOmit;
type MixRow = Prisma.MixGetPayload<{ include: typeof withSource; omit: typeof withoutPeaks }>;

/** The file of a mix in the storage. */
export type Source = { storageKey: string; filename: string; contentType: string; sizeBytes: number };

export async function getMix(session: Session, organisationId: string, id: string): Promise<Mix | null> {
  const row = await clientOf(session).mix.findFirst({
    where: { id, organisationId },
    include: withSource,
    omit: withoutPeaks,
  });
  return row && shapeMix(row);
}

export function listMixes(db: Database, organisationId: string, query: PageQuery): Promise<Page<Mix>> {
  return readPage(
    { list: 'mixes', organisationId },
    query,
    ({ where, ...slice }) =>
      db.prisma.mix.findMany({
        where: { ...where, organisationId },
        ...slice,
        include: withSource,
        omit: withoutPeaks,
      }),
    shapeMix,
  );
}

/** Null if there is no such mix; `peaks` is null until the mix is ready. */
export async function getMixPeaks(
  db: Database,
  organisationId: string,
  id: string,
): Promise<{ peaks: Peaks | null } | null> {
  const row = await db.prisma.mix.findFirst({ where: { id, organisationId }, select: { peaks: true } });
  return row && { peaks: jsonOrNull<Peaks>(row.peaks) };
}

export async function getMixSource(db: Database, organisationId: string, id: string): Promise<Source | null> {
  const row = await db.prisma.mix.findFirst({ where: { id, organisationId }, select: withSource });
  return row && { ...row.upload, sizeBytes: Number(row.upload.sizeBytes) };
}

/**
 * Forgets a mix, its upload and its masters; unfinished masters are cancelled first. Returns the storage keys that the
 * caller removes after the commit, or null if there is no such mix.
 */
export async function deleteMix(tx: Tx, organisationId: string, id: string): Promise<{ storageKeys: string[] } | null> {
  await tx.$executeRaw`SELECT id FROM mix WHERE id = ${id} AND organisation_id = ${organisationId} FOR UPDATE`;
  const row = await tx.mix.findFirst({
    where: { id, organisationId },
    select: { uploadId: true, ...withSource },
  });
  if (!row) return null;
  // First: a master that is just being finished is waited for, and its files are among those to remove.
  await cancelUnfinished(tx, organisationId, id);
  const renditions = await tx.rendition.findMany({ where: { master: { mixId: id } }, select: { storageKey: true } });
  const previews = await previewKeysOf(tx, id);
  await tx.upload.delete({ where: { id: row.uploadId } });
  return { storageKeys: [row.upload.storageKey, ...renditions.map(({ storageKey }) => storageKey), ...previews] };
}

/** @internal Of a mix that is known to be there. */
export function findMix(tx: Tx, id: string): Promise<MixRow> {
  return tx.mix.findUniqueOrThrow({ where: { id }, include: withSource, omit: withoutPeaks });
}

/** @internal */
export function shapeMix(row: MixRow): Mix {
  return {
    id: row.id,
    uploadId: row.uploadId,
    state: row.state,
    filename: row.upload.filename,
    sizeBytes: Number(row.upload.sizeBytes),
    sha256: row.sha256 ?? row.upload.sha256,
    analysis: analysisOrNull(row.analysis),
    error: jsonOrNull<Failure>(row.error),
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
