import { type CreateMasterInput, type FormatId, formatIds, type Rendition } from '@lathe/contracts';
import type { Draft, Platform } from './state.ts';

/** The order as the service takes it; null while there is nothing to make. */
export function orderOf(draft: Draft, mixId: string): CreateMasterInput | null {
  return masterCount(draft) === 0 ? null : { mixId, ...draft };
}

/** How many files the order gives. */
export const masterCount = ({ targets, formats }: Draft): number => targets.length * formats.length;

/** Adds or removes one format, in the order of the catalogue. */
export function toggledFormat(formats: FormatId[], id: FormatId): FormatId[] {
  const wanted = new Set(formats);
  if (!wanted.delete(id)) wanted.add(id);
  return formatIds.filter((known) => wanted.has(known));
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
