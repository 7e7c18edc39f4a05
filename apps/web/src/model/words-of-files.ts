import type { Metadata } from '@lathe/contracts';
import type { Faults, Words } from './state.ts';

const numbers = ['trackNumber', 'discNumber', 'year'] as const;
const isNumber = (field: string): boolean => (numbers as readonly string[]).includes(field);

/** Names may hold commas, so a semicolon stands between artists. */
const artistsOf = (text: string): string[] =>
  text
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** The metadata of an order; what is left empty says nothing. Whether it is right is for the service to say. */
export function metadataOf(words: Words): Metadata {
  const written = Object.entries(words)
    .map(([field, text]) => [field, text.trim()] as const)
    .filter(([, text]) => text !== '');
  return Object.fromEntries(written.map(([field, text]) => [field, said(field, text)]));
}

function said(field: string, text: string): string | number | string[] {
  if (field === 'artists') return artistsOf(text);
  return isNumber(field) ? Number(text) : text;
}

/** What is true of one song only goes with it; who plays and what it belongs to stays for the next. */
export function wordsForNextSong({ title: _, isrc: __, trackNumber: ___, ...kept }: Words): Words {
  return kept;
}

/** The sentence about a field, or about a part of it. */
export const faultAt = (faults: Faults, pointer: string): string | undefined =>
  Object.entries(faults).find(([at]) => at === pointer || at.startsWith(`${pointer}/`))?.[1];

/** Without those of the fields whose words have changed. */
export function faultsLeft(faults: Faults, before: Words, after: Words): Faults {
  const isChanged = (pointer: string) => {
    const [, part, field] = pointer.split('/') as [string, string?, (keyof Words)?];
    return part === 'metadata' && field !== undefined && before[field] !== after[field];
  };
  return Object.fromEntries(Object.entries(faults).filter(([pointer]) => !isChanged(pointer)));
}
