import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { coverTypeOf, limits } from '@lathe/contracts';
import { numberOf, parseJson, refuseUnreadable, UsageError } from './command.ts';

/** The options that say what the files tell of the music. */
export const tagOptions = {
  title: { type: 'string' },
  artist: { type: 'string', multiple: true },
  album: { type: 'string' },
  'album-artist': { type: 'string' },
  track: { type: 'string' },
  disc: { type: 'string' },
  isrc: { type: 'string' },
  upc: { type: 'string' },
  copyright: { type: 'string' },
  label: { type: 'string' },
  year: { type: 'string' },
  genre: { type: 'string' },
  comment: { type: 'string' },
  tags: { type: 'string' },
  cover: { type: 'string' },
} as const;

export type TagValues = { artist?: string[] } & { [K in Exclude<keyof typeof tagOptions, 'artist'>]?: string };

/** The part of an order about tags, still to be checked; single options win over those of `--tags FILE.json`. */
export function tagsOf(values: TagValues): { tags?: 'none'; metadata: Record<string, unknown>; coverSha256?: string } {
  const cover = values.cover === undefined ? {} : { coverSha256: coverSha256Of(values.cover) };
  if (values.tags === 'none') return { tags: 'none', metadata: given(values), ...cover };
  const file = values.tags === undefined ? {} : parseJson('tags', values.tags);
  if (typeof file !== 'object' || file === null)
    throw new UsageError('--tags needs a JSON object, e.g. {"title": "…"}.');
  return { metadata: { ...file, ...given(values) }, ...cover };
}

function given(values: TagValues): Record<string, unknown> {
  const { title, album, isrc, upc, copyright, label, genre, comment } = values;
  const all = {
    ...{ title, album, isrc, upc, copyright, label, genre, comment },
    artists: values.artist,
    albumArtist: values['album-artist'],
    trackNumber: numberOf('track', values.track),
    discNumber: numberOf('disc', values.disc),
    year: numberOf('year', values.year),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

function coverSha256Of(path: string): string {
  refuseUnreadable(path);
  const bytes = readFileSync(path);
  if (bytes.length > limits.maxCoverBytes) throw new UsageError(`--cover ${path} is larger than 5 MB.`);
  if (coverTypeOf(bytes) === null) throw new UsageError(`--cover ${path} is neither a JPEG nor a PNG.`);
  return createHash('sha256').update(bytes).digest('hex');
}
