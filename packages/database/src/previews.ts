import { isTerminalMasterState, type MasterState, type Preview, type PreviewSide } from '@lathe/contracts';
import type { Database, Tx } from './connect.ts';
import type { Prisma } from './generated/client.ts';
import { jsonOrNull } from './json.ts';

/** What can be heard of a master that is being made, and the keys of its files in the storage. */
export type StoredPreview = { preview: Preview; storageKeys: Record<PreviewSide, string> };

type PreviewRow = { state: MasterState; preview: Prisma.JsonValue };

/** @internal What has ended has its files, or nothing: a preview of it is swept. */
export const previewOf = ({ state, preview }: PreviewRow): StoredPreview | null =>
  isTerminalMasterState(state) ? null : jsonOrNull<StoredPreview>(preview);

/** Null if there is no such master; `preview` is null until there is one, and again when the master has `ended`. */
export async function getPreview(
  db: Database,
  organisationId: string,
  id: string,
): Promise<{ preview: StoredPreview | null; ended: boolean } | null> {
  const select = { state: true, preview: true } as const;
  const row = await db.prisma.master.findFirst({ where: { id, organisationId }, select });
  return row && { preview: previewOf(row), ended: isTerminalMasterState(row.state) };
}

/** @internal Of all masters of a mix, swept or not. */
export async function previewKeysOf(tx: Tx, mixId: string): Promise<string[]> {
  const rows = await tx.master.findMany({ where: { mixId }, select: { preview: true } });
  const previews = rows.map(({ preview }) => jsonOrNull<StoredPreview>(preview));
  return previews.flatMap((stored) => (stored ? Object.values(stored.storageKeys) : []));
}
