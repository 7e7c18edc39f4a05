/** What all headers of uncompressed audio come to, and the checks they share: nothing in a header is believed. */
import type { AudioInfo } from './audio-info.ts';
import { CodecError } from './codec-error.ts';
import { encodings, type SampleEncoding } from './encodings.ts';
import { seconds } from './words.ts';

export type PcmLayout = {
  encoding: SampleEncoding;
  byteOrder: 'little' | 'big';
  channels: 1 | 2;
  sampleRateHz: number;
  wordBits: number | null;
};

export type PcmHeader = PcmLayout & {
  format: AudioInfo['format'];
  frames: number;
  /** Where the samples begin. */
  dataOffset: number;
};

/** Where the audio lies by the header's words; `declaredBytes` is undefined where it does not know. */
export type DataChunk = { offset: number; declaredBytes: number | undefined };

export const frameBytesOf = ({ encoding, channels }: PcmLayout): number => encodings[encoding].bytes * channels;

export const missingFormat = (): CodecError =>
  new CodecError('malformed_audio', 'The header does not say how the audio is encoded.');
export const noAudio = (): CodecError => new CodecError('audio_empty', 'The file has a header but holds no audio.');

/** Whole numbers of so many bits, left-justified in whole bytes: odd lengths such as 20 bits are read as the next longer. */
export function integerEncoding(bits: number): SampleEncoding {
  const encoding = ({ 1: 'int8', 2: 'int16', 3: 'int24', 4: 'int32' } as const)[Math.ceil(bits / 8)];
  if (encoding) return encoding;
  const message = `Lathe reads whole numbers of 8, 16, 24 and 32 bits; this file has ${bits} bits.`;
  throw new CodecError('unsupported_encoding', message);
}

export function floatEncoding(bits: number): SampleEncoding {
  const encoding = ({ 32: 'float32', 64: 'float64' } as const)[bits];
  if (encoding) return encoding;
  const message = `Lathe reads floating point of 32 and 64 bits; this file has ${bits} bits.`;
  throw new CodecError('unsupported_encoding', message);
}

export function monoOrStereo(channels: number): 1 | 2 {
  if (channels === 1 || channels === 2) return channels;
  if (channels === 0) throw new CodecError('malformed_audio', 'The header announces audio of 0 channels.');
  throw new CodecError('unsupported_channels', `Lathe masters mono and stereo; this file has ${channels} channels.`);
}

/** A sample rate as the headers that use floating point give it. */
export function sampleRateOf(hz: number): number {
  if (Number.isInteger(hz) && hz > 0) return hz;
  throw new CodecError('malformed_audio', `The header gives a sample rate of ${hz} Hz.`);
}

/** The bytes of samples that are really there; an unknown size means up to the end of the file. */
export function presentBytes({ offset, declaredBytes }: DataChunk, fileBytes: number, layout: PcmLayout): number {
  const present = fileBytes - offset;
  if (declaredBytes === undefined) return present;
  if (declaredBytes <= present) return declaredBytes;
  const bytesPerSecond = frameBytesOf(layout) * layout.sampleRateHz;
  throw truncated(declaredBytes / bytesPerSecond, present / bytesPerSecond);
}

/** Whole frames; an incomplete last one is dropped. @throws CodecError where there are none */
export function framesIn(data: DataChunk, fileBytes: number, layout: PcmLayout): number {
  const frames = Math.floor(presentBytes(data, fileBytes, layout) / frameBytesOf(layout));
  if (frames <= 0) throw noAudio();
  return frames;
}

export const truncated = (declaredSeconds: number, presentSeconds: number): CodecError =>
  new CodecError(
    'truncated_audio',
    `The header announces ${seconds(declaredSeconds)} of audio, but the file ends after ${seconds(presentSeconds)}.`,
  );

/** @param durationSeconds undefined where nobody counted further than the limit */
export function tooLong(maxDurationSeconds: number, durationSeconds?: number): CodecError {
  const limit = `${maxDurationSeconds / 3600} hours`;
  const length = durationSeconds === undefined ? `more than ${limit}` : `${(durationSeconds / 3600).toFixed(1)} hours`;
  return new CodecError('audio_too_long', `The audio is ${length} long; the limit is ${limit}.`);
}
