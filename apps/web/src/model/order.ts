import type { CreateMasterInput, Rendition } from '@lathe/contracts';
import type { Draft, Platform } from './state.ts';

/** The order as the service takes it; null while there is nothing to make. */
export function orderOf(draft: Draft, mixId: string): CreateMasterInput | null {
  return draft.targets.length === 0 ? null : { mixId, ...draft };
}

/** Adds or removes one target; the order of the platforms is the catalogue's, not that of the clicks. */
export function toggled(targets: Draft['targets'], id: Platform['id'], platforms: Platform[]): Draft['targets'] {
  const wanted = new Set(targets);
  if (!wanted.delete(id)) wanted.add(id);
  return platforms.map((platform) => platform.id).filter((known) => wanted.has(known));
}

export function targetName(target: Rendition['target'], platforms: Platform[]): string {
  return platforms.find(({ id }) => id === target)?.name ?? 'Custom';
}
