import { terminalMasterStates } from '@lathe/contracts';
import type { Database } from './connect.ts';

/**
 * Which of these storage keys belong to something: an upload that is open or has become a mix, a rendition, or a
 * master that is still being made (`masters/{masterId}/…`). The others may be removed, if they are not brand new.
 */
export async function storageKeysInUse(db: Database, keys: string[]): Promise<Set<string>> {
  const [uploads, renditions, unfinished] = await Promise.all([
    db.prisma.upload.findMany({
      where: { storageKey: { in: keys }, state: { in: ['open', 'complete'] } },
      select: { storageKey: true },
    }),
    db.prisma.rendition.findMany({ where: { storageKey: { in: keys } }, select: { storageKey: true } }),
    db.prisma.master.findMany({
      where: { id: { in: [...new Set(keys.map(masterIdOf))] }, state: { notIn: [...terminalMasterStates] } },
      select: { id: true },
    }),
  ]);
  const known = new Set([...uploads, ...renditions].map((row) => row.storageKey));
  const inMaking = new Set(unfinished.map((row) => row.id));
  return new Set(keys.filter((key) => known.has(key) || inMaking.has(masterIdOf(key))));
}

const masterIdOf = (key: string): string => (key.startsWith('masters/') ? (key.split('/')[1] ?? '') : '');
