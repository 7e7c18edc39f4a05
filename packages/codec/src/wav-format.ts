/** The `fmt ` chunk: how the samples are encoded. */
import { CodecError } from './codec-error.ts';
import type { SampleEncoding } from './encodings.ts';
import { floatEncoding, integerEncoding, monoOrStereo, type PcmLayout } from './pcm-header.ts';

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
export function parseFormat(chunk: Buffer): PcmLayout {
  if (chunk.length < 16) throw new CodecError('malformed_audio', 'The description of the encoding is cut short.');
  const channels = chunk.readUInt16LE(2);
  const sampleRateHz = chunk.readUInt32LE(4);
  const blockBytes = chunk.readUInt16LE(12);
  const bits = chunk.readUInt16LE(14);
  if (sampleRateHz === 0) throw new CodecError('malformed_audio', 'The header gives a sample rate of 0 Hz.');
  const tag = formatTagOf(chunk);
  const encoding = encodingOf(tag, bits);
  const expectedBytes = channels * Math.ceil(bits / 8);
  if (channels === 0 || blockBytes !== expectedBytes) {
    const claim = `${channels} channels of ${bits} bits, but frames of ${blockBytes} bytes`;
    throw new CodecError('malformed_audio', `The header contradicts itself: it announces ${claim}.`);
  }
  const wordBits = tag === formatTags.float ? null : validBitsOf(chunk, bits);
  return { encoding, byteOrder: 'little', channels: monoOrStereo(channels), sampleRateHz, wordBits };
}

/** The extended header may say that fewer bits of each word are used. */
function validBitsOf(chunk: Buffer, bits: number): number {
  if (chunk.readUInt16LE(0) !== formatTags.extensible) return bits;
  const valid = chunk.readUInt16LE(18);
  return valid > 0 && valid <= bits ? valid : bits;
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
  if (tag === formatTags.pcm) return bits <= 8 && bits > 0 ? 'uint8' : integerEncoding(bits);
  if (tag === formatTags.float) return floatEncoding(bits);
  const name = refusedTags[tag] ?? `number ${tag}`;
  throw new CodecError(
    'unsupported_encoding',
    `The WAV file is encoded as ${name}; Lathe reads PCM and floating point.`,
  );
}
