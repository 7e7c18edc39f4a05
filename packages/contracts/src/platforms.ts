import { z } from 'zod';
import { type LossyEncodingId, lossyEncodingIds } from './formats.ts';

/**
 * Where masters go. Each row: the loudness and ceiling we deliver, how the platform plays it, the source, and the day
 * that source was last checked.
 */
export type Platform = {
  name: string;
  targetLufs: number;
  ceilingDbtp: number;
  /** What the platform does to the loudness: both ways, down only, or nothing. */
  normalisation: 'up-and-down' | 'down-only' | 'none';
  playback: string;
  /** The lossy forms that listeners are sent, as near as the catalogue has them; nothing where only the master is. */
  transcodes: readonly LossyEncodingId[];
  source: string;
  checkedOn: string;
};

export const platforms = {
  spotify: {
    name: 'Spotify',
    targetLufs: -14,
    ceilingDbtp: -1,
    normalisation: 'up-and-down',
    playback: 'One gain per track or album; quiet material is raised only as far as 1 dB of headroom allows.',
    transcodes: ['vorbis-q9', 'aac-256'],
    source: 'https://support.spotify.com/artists/article/loudness-normalization/',
    checkedOn: '2026-11-22',
  },
  'apple-music': {
    name: 'Apple Music',
    targetLufs: -16,
    ceilingDbtp: -1,
    normalisation: 'up-and-down',
    playback:
      'Sound Check turns songs or whole albums up and down to about −16 LUFS (measured; Apple publishes no number).',
    transcodes: ['aac-256'],
    source: 'https://www.apple.com/apple-music/apple-digital-masters/docs/apple-digital-masters.pdf',
    checkedOn: '2026-11-22',
  },
  youtube: {
    name: 'YouTube',
    targetLufs: -14,
    ceilingDbtp: -1,
    normalisation: 'down-only',
    playback: 'Louder material is turned down to −14 LUFS; quieter material is left as it is.',
    transcodes: ['opus-128'],
    source: 'Measured: "content loudness" in the player’s statistics',
    checkedOn: '2026-11-22',
  },
  'youtube-music': {
    name: 'YouTube Music',
    targetLufs: -7,
    ceilingDbtp: -1,
    normalisation: 'down-only',
    playback: 'Louder material is turned down to −7 LUFS; quieter material is left as it is.',
    transcodes: ['aac-256', 'opus-128'],
    source: 'Measured: "content loudness" in the player’s statistics',
    checkedOn: '2026-11-22',
  },
  tidal: {
    name: 'TIDAL',
    targetLufs: -14,
    ceilingDbtp: -1,
    normalisation: 'down-only',
    playback: 'One gain per album, down only, to −14 LUFS.',
    transcodes: ['aac-256'],
    source: 'AES TD1008; https://support.tidal.com/',
    checkedOn: '2026-11-22',
  },
  'amazon-music': {
    name: 'Amazon Music',
    targetLufs: -14,
    ceilingDbtp: -2,
    normalisation: 'down-only',
    playback: 'One gain per track, to −14 LUFS.',
    transcodes: ['opus-128', 'aac-256'],
    source: 'https://developer.amazon.com/docs/music/',
    checkedOn: '2026-11-22',
  },
  deezer: {
    name: 'Deezer',
    targetLufs: -15,
    ceilingDbtp: -1,
    normalisation: 'up-and-down',
    playback: 'One gain per track, to −15 LUFS.',
    transcodes: ['mp3-320', 'mp3-128'],
    source: 'https://support.deezer.com/',
    checkedOn: '2026-11-22',
  },
  soundcloud: {
    name: 'SoundCloud',
    targetLufs: -14,
    ceilingDbtp: -1,
    normalisation: 'none',
    playback: 'Sources differ; no normalisation is documented.',
    transcodes: ['mp3-128', 'aac-256'],
    source: 'https://help.soundcloud.com/',
    checkedOn: '2026-11-22',
  },
  'aes-td1008': {
    name: 'AES TD1008 streaming',
    targetLufs: -16,
    ceilingDbtp: -1,
    normalisation: 'up-and-down',
    playback: 'The recommendation for distribution by streaming: track-normalised music at −16 LUFS.',
    transcodes: ['aac-256', 'vorbis-q9'],
    source: 'AES TD1008.1.21-9',
    checkedOn: '2026-11-22',
  },
} as const satisfies Record<string, Platform>;

export type PlatformId = keyof typeof platforms;
export const platformIds = Object.keys(platforms) as [PlatformId, ...PlatformId[]];
export const platformIdSchema = z.enum(platformIds);

export const platformSchema = z
  .object({
    id: platformIdSchema,
    name: z.string(),
    targetLufs: z.number(),
    ceilingDbtp: z.number(),
    normalisation: z.enum(['up-and-down', 'down-only', 'none']),
    playback: z.string(),
    transcodes: z.array(z.enum(lossyEncodingIds)).readonly(),
    source: z.string(),
    checkedOn: z.string(),
  })
  .meta({ id: 'Platform' });
export type PlatformEntry = z.infer<typeof platformSchema>;
export const platformListSchema = z.object({ data: z.array(platformSchema) }).meta({ id: 'PlatformList' });
