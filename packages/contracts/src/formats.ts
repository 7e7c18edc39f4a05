/** What a deliverable is as a file. */
export type Format = {
  name: string;
  extension: 'wav' | 'flac' | 'm4a' | 'mp3' | 'ogg' | 'opus';
  contentType: string;
  codec: 'pcm' | 'flac' | 'alac' | 'mp3' | 'aac' | 'vorbis' | 'opus';
  lossy: boolean;
  /** Of whole numbers, which are dithered; `null` where samples are floating point, or what an encoder makes of them. */
  wordLengthBits: 16 | 24 | null;
  /** What a lossy encoder is asked for; `null` where the file is as large as the music needs. */
  bitRateKbps: number | null;
  /** The rates it is made at; `null`: at any. What has another rate is resampled first. */
  sampleRatesHz: readonly number[] | null;
  description: string;
};

const lossless = { lossy: false, bitRateKbps: null, sampleRatesHz: null } as const;
const wav = { ...lossless, extension: 'wav', contentType: 'audio/wav', codec: 'pcm' } as const;
const flac = { ...lossless, extension: 'flac', contentType: 'audio/flac', codec: 'flac' } as const;
const alac = { ...lossless, extension: 'm4a', contentType: 'audio/mp4', codec: 'alac' } as const;
const lossy = { lossy: true, wordLengthBits: null, sampleRatesHz: [44_100, 48_000] } as const;
const mp3 = { ...lossy, extension: 'mp3', contentType: 'audio/mpeg', codec: 'mp3' } as const;

export const formats = {
  wav16: { ...wav, name: 'WAV 16 bit', wordLengthBits: 16, description: 'For CD and old players.' },
  wav24: { ...wav, name: 'WAV 24 bit', wordLengthBits: 24, description: 'What distributors and platforms take.' },
  wav32f: { ...wav, name: 'WAV 32 bit float', wordLengthBits: null, description: 'For further work; no dither.' },
  flac16: { ...flac, name: 'FLAC 16 bit', wordLengthBits: 16, description: 'The same samples as WAV, smaller.' },
  flac24: { ...flac, name: 'FLAC 24 bit', wordLengthBits: 24, description: 'The same samples as WAV, smaller.' },
  alac16: { ...alac, name: 'ALAC 16 bit', wordLengthBits: 16, description: 'Lossless for Apple’s programs.' },
  alac24: { ...alac, name: 'ALAC 24 bit', wordLengthBits: 24, description: 'Lossless for Apple’s programs.' },
  'mp3-320': { ...mp3, name: 'MP3 320 kbit/s', bitRateKbps: 320, description: 'Constant rate; plays everywhere.' },
  'mp3-v0': { ...mp3, name: 'MP3 V0', bitRateKbps: null, description: 'Variable rate, about 245 kbit/s.' },
  'aac-256': {
    ...lossy,
    ...{ name: 'AAC 256 kbit/s', extension: 'm4a', contentType: 'audio/mp4', codec: 'aac', bitRateKbps: 256 },
    description: 'AAC-LC, as Apple Music sends it.',
  },
  'vorbis-q9': {
    ...lossy,
    ...{ name: 'Ogg Vorbis q9', extension: 'ogg', contentType: 'audio/ogg', codec: 'vorbis', bitRateKbps: null },
    description: 'Variable rate, about 320 kbit/s, as Spotify sends it.',
  },
  'opus-128': {
    ...lossy,
    ...{ name: 'Opus 128 kbit/s', extension: 'opus', contentType: 'audio/ogg', codec: 'opus', bitRateKbps: 128 },
    sampleRatesHz: [48_000],
    description: 'Small, as YouTube sends it; always 48 kHz.',
  },
} as const satisfies Record<string, Format>;

export type FormatId = keyof typeof formats;
export const formatIds = Object.keys(formats) as [FormatId, ...FormatId[]];

/** Every lossy encoding whose peaks are proven: those that are delivered, and one that platforms only send. */
export const lossyEncodingIds = ['mp3-320', 'mp3-v0', 'mp3-128', 'aac-256', 'vorbis-q9', 'opus-128'] as const;
export type LossyEncodingId = (typeof lossyEncodingIds)[number];

export const lossyEncodingName = (id: LossyEncodingId): string =>
  id === 'mp3-128' ? 'MP3 128 kbit/s' : formats[id].name;

export const lossyEncodingExtension = (id: LossyEncodingId): Format['extension'] =>
  id === 'mp3-128' ? 'mp3' : formats[id].extension;

/** The rate a format is made at when the master has `rateHz`: its own if it may, else the one of the same family. */
export function formatRateHz(id: FormatId, rateHz: number): number {
  const { sampleRatesHz: allowed }: Format = formats[id];
  if (allowed === null || allowed.includes(rateHz)) return rateHz;
  const family = rateHz % 11_025 === 0 ? 44_100 : 48_000;
  return allowed.includes(family) ? family : (allowed[0] ?? rateHz);
}
