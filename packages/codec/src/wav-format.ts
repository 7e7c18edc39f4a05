/** The `fmt ` chunk: how the samples are encoded. */
import { CodecError } from './codec-error.ts';
import type { SampleEncoding } from './encodings.ts';

export type WavFormat = { encoding: SampleEncoding; channels: 1 | 2; sampleRateHz: number };

/** `wFormatTag` of mmreg.h. */
const formatTags = { pcm: 1, float: 3, extensible: 0xfffe } as const;
const refusedTags: Record<number, string> = {
  2: 'Microsoft ADPCM',
  6: 'A-law',
  7: 'µ-law',
  17: 'IMA ADPCM',
  49: 'GSM 6.10',
  80: 'MPEG',
  85: 'MP3',
};

/** The tail of every SubFormat GUID that stands for a format tag: {xxxx0000-0000-0010-8000-00AA00389B71}. */
const subFormatTail = '000000001000800000aa00389b71';

/** @param chunk the first 40 bytes of the chunk, or fewer. */
export function parseFormat(chunk: Buffer): WavFormat {
  if (chunk.length < 16) throw new CodecError('malformed_audio', 'The description of the encoding is cut short.');
  const channels = chunk.readUInt16LE(2);
  const sampleRateHz = chunk.readUInt32LE(4);
  const blockBytes = chunk.readUInt16LE(12);
  const bits = chunk.readUInt16LE(14);
  if (sampleRateHz === 0) throw new CodecError('malformed_audio', 'The header gives a sample rate of 0 Hz.');
  const encoding = encodingOf(formatTagOf(chunk), bits);
  const expectedBytes = channels * Math.ceil(bits / 8);
  if (channels === 0 || blockBytes !== expectedBytes) {
    const claim = `${channels} channels of ${bits} bits, but frames of ${blockBytes} bytes`;
    throw new CodecError('malformed_audio', `The header contradicts itself: it announces ${claim}.`);
  }
  if (channels > 2) {
    throw new CodecError('unsupported_channels', `Lathe masters mono and stereo; this file has ${channels} channels.`);
  }
  return { encoding, channels: channels === 1 ? 1 : 2, sampleRateHz };
}

function formatTagOf(chunk: Buffer): number {
  const tag = chunk.readUInt16LE(0);
  if (tag !== formatTags.extensible) return tag;
  if (chunk.length < 40)
    throw new CodecError('malformed_audio', 'The extended description of the encoding is cut short.');
  if (chunk.toString('hex', 26, 40) !== subFormatTail) {
    throw new CodecError('unsupported_encoding', 'The WAV file uses an encoding of its own that Lathe does not read.');
  }
  return chunk.readUInt16LE(24);
}

function encodingOf(tag: number, bits: number): SampleEncoding {
  if (tag === formatTags.pcm) {
    // Odd word lengths such as 20 bits are left-justified in whole bytes.
    const encoding = ({ 2: 'int16', 3: 'int24', 4: 'int32' } as const)[Math.ceil(bits / 8)];
    if (encoding) return encoding;
    throw new CodecError(
      'unsupported_encoding',
      `Lathe reads whole numbers of 16, 24 and 32 bits; this file has ${bits} bits.`,
    );
  }
  if (tag === formatTags.float) {
    const encoding = ({ 32: 'float32', 64: 'float64' } as const)[bits];
    if (encoding) return encoding;
    throw new CodecError(
      'unsupported_encoding',
      `Lathe reads floating point of 32 and 64 bits; this file has ${bits} bits.`,
    );
  }
  const name = refusedTags[tag] ?? `number ${tag}`;
  throw new CodecError(
    'unsupported_encoding',
    `The WAV file is encoded as ${name}; Lathe reads PCM and floating point.`,
  );
}
