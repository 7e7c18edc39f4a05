import {
  type CreateMasterInput,
  deliverablesOf,
  type FormatId,
  formatIds,
  type Master,
  type MasterOrder,
  type Playback,
  type Profile,
  type Rendition,
} from '@lathe/contracts';
import type { Catalogue, Draft, Platform } from './state.ts';
import { metadataOf } from './words-of-files.ts';

/** The order as the service takes it; null while there is nothing to make. */
export function orderOf(
  { profiles, words, cover, references, ...draft }: Draft,
  mixId: string,
): CreateMasterInput | null {
  const targets = [...draft.targets, ...profiles.map((profile) => ({ profile }))];
  if (targets.length === 0 || draft.formats.length === 0) return null;
  return {
    ...{ mixId, ...draft, targets },
    references: references.flatMap(({ mixId, weight }) => (mixId === null ? [] : [{ mixId, weight }])),
    metadata: metadataOf(words),
    ...(cover && { coverSha256: cover.sha256 }),
  };
}

/** Whether a reference is still on its way. */
export const isWaiting = ({ references }: Draft): boolean =>
  references.some(({ mixId, wrong }) => mixId === null && wrong === null);

/** How many files the order gives: a target may have its own formats, or take one of the order's only. */
export function masterCount({ profiles, ...draft }: Draft, known: readonly Profile[]): number {
  const own = known
    .filter(({ id }) => profiles.includes(id))
    .map(({ createdAt: _, updatedAt: __, ...profile }) => ({ profile }));
  return deliverablesOf({ ...draft, targets: [...draft.targets, ...own] }).length;
}

/** Adds or removes one format, in the order of the catalogue. */
export function toggledFormat(formats: FormatId[], id: FormatId): FormatId[] {
  const wanted = new Set(formats);
  if (!wanted.delete(id)) wanted.add(id);
  return formatIds.filter((known) => wanted.has(known));
}

/** Adds or removes one profile, in the order of the catalogue. */
export function toggledProfile(
  profiles: Draft['profiles'],
  id: Profile['id'],
  known: readonly Profile[],
): Draft['profiles'] {
  const wanted = new Set(profiles);
  if (!wanted.delete(id)) wanted.add(id);
  return known.map((profile) => profile.id).filter((each) => wanted.has(each));
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

/** The file of another master that was made for the same. */
export const counterpart = ({ target, profile, format }: Rendition, { renditions }: Master): Rendition | null =>
  renditions.find((each) => each.target === target && each.format === format && each.profile?.name === profile?.name) ??
  null;

/** What an order names, as one would say it. */
export function orderedName(target: MasterOrder['targets'][number], platforms: Platform[]): string {
  if (typeof target === 'string') return targetName(target, platforms);
  if (!('profile' in target)) return targetName(target.target ?? 'custom', platforms);
  return typeof target.profile === 'string' ? 'Profile' : target.profile.name;
}

const modeWords = { normal: '', loud: ', set to Loud', quiet: ', set to Quiet' } as const;

export const playedName = ({ platform, mode }: Playback, platforms: Platform[]): string =>
  targetName(platform, platforms) + modeWords[mode];
