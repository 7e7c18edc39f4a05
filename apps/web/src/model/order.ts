import {
  type CreateMasterInput,
  type FormatId,
  formatIds,
  type MasterOrder,
  type Playback,
  type Rendition,
} from '@lathe/contracts';
import type { Catalogue, Draft, Platform } from './state.ts';

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

/** The loudness a platform is made for: its own, or that which the chosen style intends. */
export function lufsFor({ targetLufs }: Platform, { style }: Draft, styles: Catalogue['styles']): number | null {
  return targetLufs ?? styles.find(({ id }) => id === style)?.intendedLufs ?? null;
}

export function targetName(target: Rendition['target'], platforms: Platform[]): string {
  return platforms.find(({ id }) => id === target)?.name ?? 'Custom';
}

/** What a rendition was made for, as one would say it. */
export const renditionName = ({ target, profile }: Rendition, platforms: Platform[]): string =>
  profile?.name ?? targetName(target, platforms);

/** What an order names, as one would say it. */
export function orderedName(target: MasterOrder['targets'][number], platforms: Platform[]): string {
  if (typeof target === 'string') return targetName(target, platforms);
  if (!('profile' in target)) return targetName(target.target ?? 'custom', platforms);
  return typeof target.profile === 'string' ? 'Profile' : target.profile.name;
}

const modeWords = { normal: '', loud: ', set to Loud', quiet: ', set to Quiet' } as const;

export const playedName = ({ platform, mode }: Playback, platforms: Platform[]): string =>
  targetName(platform, platforms) + modeWords[mode];
