import { coverKey, limits, terminalMasterStates } from '@lathe/contracts';
import type { Database } from './connect.ts';
import { Prisma } from './generated/client.ts';

/**
 * Which of these storage keys belong to something: an upload that is open or has become a mix, a rendition, a cover that an order
 * names, or a master that is still being made (`masters/{masterId}/…`). The others may be removed, if they are not brand new. The
 * file of a mix that was refused belongs to nothing after `limits.refusedSourceSeconds`.
 */
export async function storageKeysInUse(db: Database, keys: string[], now: Date): Promise<Set<string>> {
  const refusedBefore = new Date(now.getTime() - 1000 * limits.refusedSourceSeconds);
  const [uploads, renditions, unfinished, covers] = await Promise.all([
    db.prisma.upload.findMany({
      where: {
        storageKey: { in: keys },
        state: { in: ['open', 'complete'] },
        NOT: { mix: { is: { state: 'failed', updatedAt: { lte: refusedBefore } } } },
      },
      select: { storageKey: true },
    }),
    db.prisma.rendition.findMany({ where: { storageKey: { in: keys } }, select: { storageKey: true } }),
    db.prisma.master.findMany({
      where: { id: { in: [...new Set(keys.map(masterIdOf))] }, state: { notIn: [...terminalMasterStates] } },
      select: { id: true },
    }),
    coversInUse(db, keys),
  ]);
  const known = new Set([...[...uploads, ...renditions].map((row) => row.storageKey), ...covers]);
  const inMaking = new Set(unfinished.map((row) => row.id));
  return new Set(keys.filter((key) => known.has(key) || inMaking.has(masterIdOf(key))));
}

const masterIdOf = (key: string): string => (key.startsWith('masters/') ? (key.split('/')[1] ?? '') : '');

/** The keys of covers that some order names: of a master that is being made, or one that may be ordered again. */
async function coversInUse(db: Database, keys: string[]): Promise<string[]> {
  const covers = keys.filter((key) => key.startsWith('covers/')).map((key) => key.split('/'));
  if (covers.length === 0) return [];
  const organisationIds = [...new Set(covers.map(([, organisationId = '']) => organisationId))];
  const hashes = covers.map(([, , sha256 = '']) => sha256);
  const rows = await db.prisma.$queryRaw<{ organisationId: string; sha256: string }[]>`
    SELECT DISTINCT organisation_id AS "organisationId", "order"->>'coverSha256' AS sha256 FROM master
    WHERE organisation_id IN (${Prisma.join(organisationIds)}) AND "order"->>'coverSha256' IN (${Prisma.join(hashes)})`;
  return rows.map(({ organisationId, sha256 }) => coverKey(organisationId, sha256));
}
