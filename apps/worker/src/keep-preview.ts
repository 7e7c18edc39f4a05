import { extname } from 'node:path';
import { formats, type PreviewSide, previewSides } from '@lathe/contracts';
import { type ClaimedMaster, commitPreview } from '@lathe/database';
import type { MadePreview } from '@lathe/mastering';
import type { Deps } from './deps.ts';

/**
 * Stores what can be heard of a master while it is being made, and tells it. Once that has ended nobody is shown it, and
 * the sweeper takes it. An order does not fail by its preview.
 */
export async function keepPreview(
  { db, storage, log }: Deps,
  { id, epoch }: ClaimedMaster,
  { preview, paths }: MadePreview,
): Promise<void> {
  const keyOf = (side: PreviewSide) => `masters/${id}/${epoch}/preview-${side}${extname(paths[side])}`;
  const storageKeys = { mix: keyOf('mix'), master: keyOf('master') };
  const removeAll = () => Promise.all(Object.values(storageKeys).map((key) => storage.remove(key)));
  const { contentType } = formats[preview.format];
  try {
    await Promise.all(previewSides.map((side) => storage.putFile(storageKeys[side], paths[side], contentType)));
    // Cancelled or ended meanwhile: nobody will ask for it.
    if (!(await commitPreview(db, { id, epoch, preview: { preview, storageKeys } }))) await removeAll();
  } catch (error) {
    log.warn({ err: error, id, epoch }, 'a preview could not be kept');
  }
}
