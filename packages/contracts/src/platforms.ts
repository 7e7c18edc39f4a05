import type { LossyEncodingId } from './formats.ts';

/** One way in which a platform plays music: `normal`, and what listeners may set instead. */
type PlaybackMode = {
  name: 'normal' | 'loud' | 'quiet';
  referenceLufs: number;
  /** What is done to quieter music: nothing; a gain, as far as its peaks allow; the whole gain, and a limiter. */
  raises: 'never' | 'as-peaks-allow' | 'limited';
  /** Where raised peaks end, in dBTP. */
  raisedToDbtp: number;
};

/**
 * Where masters go. Each row: the loudness and ceiling we deliver, what file is asked for, how it is played, the source,
 * and the day that source was last checked.
 */
export type Platform = {
  name: string;
  kind: 'streaming' | 'release' | 'broadcast';
  /** Null: as loud as the style intends. */
  targetLufs: number | null;
  ceilingDbtp: number;
  /** Of masters louder than that: lossy encoders overshoot more on them. */
  louder: { thanLufs: number; ceilingDbtp: number } | null;
  /** What the platform takes and nothing else; null: whatever the order says. */
  sampleRateHz: 44_100 | 48_000 | null;
  wordLengthBits: 16 | 24 | null;
  /** Ways of playing, the usual one first; none: it is played as it is. */
  modes: readonly PlaybackMode[];
  gainPer: 'track' | 'album' | 'track-or-album' | null;
  playback: string;
  /** The lossy forms that listeners are sent, as near as the catalogue has them; nothing where only the master is. */
  transcodes: readonly LossyEncodingId[];
  source: string;
  checkedOn: string;
};

const normal = (referenceLufs: number, raises: PlaybackMode['raises'], raisedToDbtp = -1): PlaybackMode => ({
  ...{ name: 'normal', referenceLufs, raises, raisedToDbtp },
});
const anyFile = { louder: null, sampleRateHz: null, wordLengthBits: null } as const;
const played = { modes: [], gainPer: null } as const;

export const platforms = {
  spotify: {
    name: 'Spotify',
    kind: 'streaming',
    ...{ targetLufs: -14, ceilingDbtp: -1, ...anyFile, louder: { thanLufs: -14, ceilingDbtp: -2 } },
    modes: [
      normal(-14, 'as-peaks-allow'),
      { name: 'loud', referenceLufs: -11, raises: 'limited', raisedToDbtp: -1 },
      { name: 'quiet', referenceLufs: -19, raises: 'as-peaks-allow', raisedToDbtp: -1 },
    ],
    gainPer: 'track-or-album',
    playback:
      'One gain per track or album; quiet material is raised only as far as 1 dB of headroom allows. Listeners may choose Loud (−11 LUFS, with a limiter) or Quiet (−19 LUFS).',
    transcodes: ['vorbis-q9', 'aac-256'],
    source: 'https://support.spotify.com/artists/article/loudness-normalization/',
    checkedOn: '2026-11-25',
  },
  'apple-music': {
    name: 'Apple Music',
    kind: 'streaming',
    ...{ targetLufs: -16, ceilingDbtp: -1, ...anyFile },
    modes: [normal(-16, 'as-peaks-allow')],
    gainPer: 'track-or-album',
    playback:
      'Sound Check turns songs or whole albums up and down to about −16 LUFS (measured; Apple publishes no number).',
    transcodes: ['aac-256'],
    source:
      'Files: https://www.apple.com/apple-music/apple-digital-masters/docs/apple-digital-masters.pdf; loudness, by others: https://apu.software/apple-music-loudness-target',
    checkedOn: '2026-11-25',
  },
  youtube: {
    name: 'YouTube',
    kind: 'streaming',
    ...{ targetLufs: -14, ceilingDbtp: -1, ...anyFile },
    modes: [normal(-14, 'never')],
    gainPer: 'track',
    playback: 'Louder material is turned down to −14 LUFS; quieter material is left as it is.',
    transcodes: ['opus-128'],
    source: 'Measured: "content loudness" in the player’s statistics; https://productionadvice.co.uk/youtube-music/',
    checkedOn: '2026-11-25',
  },
  'youtube-music': {
    name: 'YouTube Music',
    kind: 'streaming',
    ...{ targetLufs: -7, ceilingDbtp: -1, ...anyFile },
    modes: [normal(-7, 'never')],
    gainPer: 'track',
    playback: 'Louder material is turned down to −7 LUFS; quieter material is left as it is.',
    transcodes: ['aac-256', 'opus-128'],
    source: 'Measured: "content loudness" in the player’s statistics; https://productionadvice.co.uk/youtube-music/',
    checkedOn: '2026-11-25',
  },
  tidal: {
    name: 'TIDAL',
    kind: 'streaming',
    ...{ targetLufs: -14, ceilingDbtp: -1, ...anyFile },
    modes: [normal(-14, 'never')],
    gainPer: 'album',
    playback: 'One gain per album, down only, to −14 LUFS.',
    transcodes: ['aac-256'],
    source:
      'AES TD1008; https://www.meterplugs.com/blog/2016/10/07/tidal-adds-loudness-normalization.html; https://support.tidal.com/',
    checkedOn: '2026-11-25',
  },
  'amazon-music': {
    name: 'Amazon Music',
    kind: 'streaming',
    ...{ targetLufs: -14, ceilingDbtp: -2, ...anyFile },
    modes: [normal(-14, 'never')],
    gainPer: 'track',
    playback: 'One gain per track, to −14 LUFS.',
    transcodes: ['opus-128', 'aac-256'],
    source: 'By others, since Amazon’s own number was not found: https://apu.software/amazon-music-loudness',
    checkedOn: '2026-11-25',
  },
  deezer: {
    name: 'Deezer',
    kind: 'streaming',
    ...{ targetLufs: -15, ceilingDbtp: -1, ...anyFile },
    modes: [normal(-15, 'as-peaks-allow')],
    gainPer: 'track',
    playback: 'One gain per track, to −15 LUFS.',
    transcodes: ['mp3-320', 'mp3-128'],
    source: 'By others, since Deezer’s own number was not found: https://apu.software/deezer-loudness-target',
    checkedOn: '2026-11-25',
  },
  soundcloud: {
    name: 'SoundCloud',
    kind: 'streaming',
    ...{ targetLufs: -14, ceilingDbtp: -1, ...anyFile, ...played },
    playback: 'Sources differ: some measure none, some say that louder material is turned down to −14 LUFS.',
    transcodes: ['mp3-128', 'aac-256'],
    source:
      'By others, who differ: https://apu.software/soundcloud-loudness-target (−14 LUFS), https://www.mixmasterai.co/tools/audio-normalizer (none)',
    checkedOn: '2026-11-25',
  },
  'aes-td1008': {
    name: 'AES TD1008 streaming',
    kind: 'streaming',
    ...{ targetLufs: -16, ceilingDbtp: -1, ...anyFile },
    modes: [normal(-16, 'as-peaks-allow')],
    gainPer: 'track-or-album',
    playback:
      'The recommendation for distribution by streaming: track-normalised music at −16 LUFS; of an album, the loudest track at −14 LUFS.',
    transcodes: ['aac-256', 'vorbis-q9'],
    source: 'AES TD1008.1.21-9',
    checkedOn: '2026-11-25',
  },
  bandcamp: {
    name: 'Bandcamp',
    kind: 'release',
    ...{ targetLufs: null, ceilingDbtp: -1, ...anyFile, ...played },
    playback: 'Played and sold as it is: no normalisation is known, so the loudness is that which the style intends.',
    transcodes: ['mp3-128'],
    source: 'Bandcamp documents none; https://lexpi.ai/en/loudness-streaming says there is none',
    checkedOn: '2026-11-25',
  },
  download: {
    name: 'Download',
    kind: 'release',
    ...{ targetLufs: null, ceilingDbtp: -1, ...anyFile, ...played },
    playback: 'Played as it is, so the loudness is that which the style intends.',
    transcodes: [],
    source: 'No platform: a file for listeners',
    checkedOn: '2026-11-25',
  },
  club: {
    name: 'Club',
    kind: 'release',
    ...{ targetLufs: -8, ceilingDbtp: -0.5, ...anyFile, sampleRateHz: 44_100, wordLengthBits: 24, ...played },
    playback: 'Played as it is beside other loud music; the mixer sets the level.',
    transcodes: [],
    source: 'Practice; players read 24 bit at 44.1 kHz throughout',
    checkedOn: '2026-11-25',
  },
  cd: {
    name: 'CD',
    kind: 'release',
    ...{ targetLufs: null, ceilingDbtp: -0.3, ...anyFile, sampleRateHz: 44_100, wordLengthBits: 16, ...played },
    playback: 'Played as it is, so the loudness is that which the style intends.',
    transcodes: [],
    source: 'IEC 60908 (44.1 kHz, 16 bit)',
    checkedOn: '2026-11-25',
  },
  'ebu-r128': {
    name: 'EBU R 128 broadcast',
    kind: 'broadcast',
    ...{ targetLufs: -23, ceilingDbtp: -1, ...anyFile, sampleRateHz: 48_000, wordLengthBits: 24, ...played },
    playback: 'European broadcasters take −23 LUFS, within 0.5 LU, and send it as it is.',
    transcodes: [],
    source: 'EBU R 128; https://tech.ebu.ch/publications/r128',
    checkedOn: '2026-11-25',
  },
  'atsc-a85': {
    name: 'ATSC A/85 broadcast',
    kind: 'broadcast',
    ...{ targetLufs: -24, ceilingDbtp: -2, ...anyFile, sampleRateHz: 48_000, wordLengthBits: 24, ...played },
    playback: 'American broadcasters take −24 LKFS, within 2 LU, and send it as it is.',
    transcodes: [],
    source:
      'ATSC A/85; https://www.atsc.org/atsc-documents/a85-techniques-establishing-maintaining-audio-loudness-digital-television/',
    checkedOn: '2026-11-25',
  },
  podcast: {
    name: 'Podcast',
    kind: 'broadcast',
    ...{ targetLufs: -16, ceilingDbtp: -1, ...anyFile, ...played },
    playback:
      'Apple asks for −16 LUFS within 1 dB. In one channel that is −19 LUFS; files of Lathe have two, a mono mix in both, where the same sound measures −16.',
    transcodes: ['aac-256', 'mp3-128'],
    source: 'https://podcasters.apple.com/support/893-audio-requirements',
    checkedOn: '2026-11-25',
  },
} as const satisfies Record<string, Platform>;

export type PlatformId = keyof typeof platforms;
export const platformIds = Object.keys(platforms) as [PlatformId, ...PlatformId[]];

export const platformModes = ['normal', 'loud', 'quiet'] as const satisfies readonly PlaybackMode['name'][];
