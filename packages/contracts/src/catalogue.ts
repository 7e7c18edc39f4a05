/** The tables of formats, platforms and styles, and what platforms do to a master, as callers see them. */
import { z } from 'zod';
import { formatIds, lossyEncodingIds } from './formats.ts';
import { platformIds, platformModes, platforms } from './platforms.ts';
import { styleIds } from './styles.ts';

export const formatIdSchema = z.enum(formatIds);

export const formatSchema = z
  .object({
    id: formatIdSchema,
    name: z.string(),
    extension: z.string(),
    contentType: z.string(),
    codec: z.enum(['pcm', 'flac', 'alac', 'mp3', 'aac', 'vorbis', 'opus']),
    lossy: z.boolean(),
    wordLengthBits: z.int().nullable(),
    bitRateKbps: z.int().nullable(),
    sampleRatesHz: z.array(z.int()).readonly().nullable(),
    description: z.string(),
  })
  .meta({ id: 'Format' });
export type FormatEntry = z.infer<typeof formatSchema>;
export const formatListSchema = z.object({ data: z.array(formatSchema) }).meta({ id: 'FormatList' });

export const styleIdSchema = z.enum(styleIds);

export const styleSchema = z
  .object({ id: styleIdSchema, name: z.string(), intendedLufs: z.number(), description: z.string() })
  .meta({ id: 'Style' });
export type StyleEntry = z.infer<typeof styleSchema>;
export const styleListSchema = z.object({ data: z.array(styleSchema) }).meta({ id: 'StyleList' });

export const platformIdSchema = z.enum(platformIds);

export const platformSchema = z
  .object({
    id: platformIdSchema,
    name: z.string(),
    kind: z.enum(['streaming', 'release', 'broadcast']),
    targetLufs: z.number().nullable().meta({ description: 'Null: as loud as the style intends (`intendedLufs`).' }),
    ceilingDbtp: z.number(),
    louder: z
      .object({ thanLufs: z.number(), ceilingDbtp: z.number() })
      .nullable()
      .meta({ description: 'The ceiling of masters that are louder than that.' }),
    sampleRateHz: z.int().nullable().meta({ description: 'The only rate it takes; null: that of the order.' }),
    wordLengthBits: z
      .union([z.literal(16), z.literal(24)])
      .nullable()
      .meta({ description: 'The only word length it takes; null: that of the order.' }),
    modes: z
      .array(
        z.object({
          name: z.enum(platformModes),
          referenceLufs: z.number(),
          raises: z.enum(['never', 'as-peaks-allow', 'limited']),
          raisedToDbtp: z.number(),
        }),
      )
      .readonly()
      .meta({ description: 'How it brings music to its loudness; none: it plays it as it is.' }),
    gainPer: z.enum(['track', 'album', 'track-or-album']).nullable(),
    playback: z.string(),
    transcodes: z.array(z.enum(lossyEncodingIds)).readonly(),
    source: z.string(),
    checkedOn: z.string(),
  })
  .meta({ id: 'Platform' });
export type PlatformEntry = z.infer<typeof platformSchema>;
export const platformListSchema = z.object({ data: z.array(platformSchema) }).meta({ id: 'PlatformList' });

/** The table as a list, each row with its id. */
export const platformEntries: readonly PlatformEntry[] = platformIds.map((id) => ({ id, ...platforms[id] }));

export const playbackSchema = z
  .object({
    platform: platformIdSchema,
    mode: z.enum(platformModes).meta({ description: 'The usual way of playing, or what a listener may set instead.' }),
    /** `limited`: raised, and its peaks held by a limiter of the platform's. */
    outcome: z.enum(['raised', 'lowered', 'limited', 'untouched']),
    gainDb: z.number(),
    playedLufs: z.number().nullable().meta({ description: 'How loud it is there; null for silence.' }),
    sentence: z.string(),
  })
  .meta({ id: 'Playback', description: 'What a platform does to a master, predicted from what was measured on it.' });
export type Playback = z.infer<typeof playbackSchema>;
