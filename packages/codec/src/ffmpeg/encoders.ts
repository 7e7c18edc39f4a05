/**
 * What each encoder of the codec library is asked for, as data. Sources: the options of FFmpeg 8.1 (`ffmpeg -h encoder=…`) and
 * what was measured: the AAC encoder of Fraunhofer cuts at 17 kHz unless told otherwise, Vorbis q9 is 9 times FF_QP2LAMBDA.
 */

/** How samples lie in an encoder's buffer; `p`: one channel after the other. */
export type SampleLayout = 's16' | 's32' | 's16p' | 's32p' | 'flt' | 'fltp';

export type EncoderSettings = {
  encoder: 'flac' | 'alac' | 'libmp3lame' | 'libfdk_aac' | 'libvorbis' | 'libopus';
  container: 'flac' | 'ipod' | 'mp3' | 'ogg' | 'opus';
  layout: SampleLayout;
  bitRate?: number;
  /** Constant quality in the encoder's own measure. */
  quality?: number;
  options?: Record<string, string>;
};

/** Units of FFmpeg's quality scale per step of an encoder's. */
const FF_QP2LAMBDA = 118;

const flac = { encoder: 'flac', container: 'flac', options: { compression_level: '5' } } as const;
const alac = { encoder: 'alac', container: 'ipod' } as const;
const mp3 = { encoder: 'libmp3lame', container: 'mp3', layout: 'fltp' } as const;
/** What is delivered: a quarter less work than LAME's own 3, for 0.3 dB of noise far below the mask (docs/codecs.md). */
const quickMp3 = { ...mp3, options: { compression_level: '5' } } as const;

/** By the ids of the catalogue of formats; `mp3-128` is only what platforms send. */
export const encoderSettings = {
  flac16: { ...flac, layout: 's16' },
  flac24: { ...flac, layout: 's32' },
  alac16: { ...alac, layout: 's16p' },
  alac24: { ...alac, layout: 's32p' },
  'mp3-320': { ...quickMp3, bitRate: 320_000 },
  'mp3-v0': { ...quickMp3, quality: 0 },
  'mp3-128': { ...mp3, bitRate: 128_000 },
  'aac-256': {
    ...{ encoder: 'libfdk_aac', container: 'ipod', layout: 's16', bitRate: 256_000 },
    options: { cutoff: '20000' },
  },
  'vorbis-q9': { encoder: 'libvorbis', container: 'ogg', layout: 'fltp', quality: 9 * FF_QP2LAMBDA },
  'opus-128': { encoder: 'libopus', container: 'opus', layout: 'flt', bitRate: 128_000 },
} as const satisfies Record<string, EncoderSettings>;

export type EncodingId = keyof typeof encoderSettings;
