/**
 * The header of an AIFF or AIFF-C file (Apple, "Audio Interchange File Format", 1989, and its draft on compression, 1991): RIFF's
 * elder with everything the other way round, the audio included, and the sample rate as 80-bit floating point.
 */
import { type Chunk, type ChunkLayout, walkChunks } from './chunks.ts';
import { CodecError } from './codec-error.ts';
import {
  floatEncoding,
  framesIn,
  integerEncoding,
  missingFormat,
  monoOrStereo,
  noAudio,
  type PcmHeader,
  type PcmLayout,
  sampleRateOf,
  truncated,
} from './pcm-header.ts';
import type { ReadAt } from './sniff.ts';

const layout: ChunkLayout = {
  start: 12,
  headBytes: 8,
  parse: (head) => ({ id: head.toString('latin1', 0, 4), size: head.readUInt32BE(4) }),
  align: 2,
  audio: 'SSND',
};

/** The kinds of AIFF-C that are not compressed. */
const uncompressed: Record<string, (bits: number) => Pick<PcmLayout, 'encoding' | 'byteOrder' | 'wordBits'>> = {
  NONE: (bits) => ({ encoding: integerEncoding(bits), byteOrder: 'big', wordBits: bits }),
  'raw ': () => ({ encoding: 'uint8', byteOrder: 'big', wordBits: 8 }),
  twos: (bits) => ({ encoding: integerEncoding(bits), byteOrder: 'big', wordBits: bits }),
  sowt: (bits) => ({ encoding: integerEncoding(bits), byteOrder: 'little', wordBits: bits }),
  in24: () => ({ encoding: 'int24', byteOrder: 'big', wordBits: 24 }),
  in32: () => ({ encoding: 'int32', byteOrder: 'big', wordBits: 32 }),
  '42ni': () => ({ encoding: 'int24', byteOrder: 'little', wordBits: 24 }),
  '23ni': () => ({ encoding: 'int32', byteOrder: 'little', wordBits: 32 }),
  fl32: () => ({ encoding: floatEncoding(32), byteOrder: 'big', wordBits: null }),
  FL32: () => ({ encoding: floatEncoding(32), byteOrder: 'big', wordBits: null }),
  fl64: () => ({ encoding: floatEncoding(64), byteOrder: 'big', wordBits: null }),
  FL64: () => ({ encoding: floatEncoding(64), byteOrder: 'big', wordBits: null }),
};

type Common = { pcm: PcmLayout; frames: number };

/** @throws CodecError for a file that cannot be read */
export function parseAiffHeader(readAt: ReadAt, fileBytes: number): PcmHeader {
  const format = readAt(8, 4).toString('latin1') === 'AIFC' ? 'aifc' : 'aiff';
  let common: Common | undefined;
  let sound: Chunk | undefined;
  // The description may come after the audio.
  for (const chunk of walkChunks(readAt, fileBytes, layout)) {
    if (chunk.id === 'COMM') common = parseCommon(readAt(chunk.offset, Math.min(chunk.size, 22)), format);
    if (chunk.id === 'SSND') sound = chunk;
    if (common && sound) break;
  }
  if (!common) throw missingFormat();
  if (!sound) throw noAudio();
  return { format, ...common.pcm, ...locate(common, sound, readAt(sound.offset, 8), fileBytes) };
}

function parseCommon(chunk: Buffer, format: 'aiff' | 'aifc'): Common {
  if (chunk.length < (format === 'aifc' ? 22 : 18)) {
    throw new CodecError('malformed_audio', 'The description of the encoding is cut short.');
  }
  const kind = format === 'aifc' ? chunk.toString('latin1', 18, 22) : 'NONE';
  const encodingOf = Object.hasOwn(uncompressed, kind) ? uncompressed[kind] : undefined;
  if (!encodingOf) {
    const message = `The AIFF file is encoded as “${kind}”; Lathe reads PCM and floating point.`;
    throw new CodecError('unsupported_encoding', message);
  }
  const channels = monoOrStereo(chunk.readUInt16BE(0));
  const sampleRateHz = sampleRateOf(readExtended(chunk, 8));
  return { pcm: { ...encodingOf(chunk.readUInt16BE(6)), channels, sampleRateHz }, frames: chunk.readUInt32BE(2) };
}

/** IEEE 754 extended precision: sign and exponent in two bytes, 64 bits of mantissa with its leading one written out. */
function readExtended(bytes: Buffer, at: number): number {
  const exponent = bytes.readUInt16BE(at) - 16_383;
  return Number(bytes.readBigUInt64BE(at + 2)) * 2 ** (exponent - 63);
}

/** The audio begins after an offset of its own; it must hold the frames that the description counts. */
function locate({ pcm, frames }: Common, sound: Chunk, head: Buffer, fileBytes: number) {
  if (head.length < 8) throw noAudio();
  const dataOffset = sound.offset + 8 + head.readUInt32BE(0);
  const unknown = sound.size === 0 || sound.size === 0xffff_ffff;
  const declaredBytes = unknown ? undefined : sound.offset + sound.size - dataOffset;
  const present = framesIn({ offset: dataOffset, declaredBytes }, fileBytes, pcm);
  if (frames > present) throw truncated(frames / pcm.sampleRateHz, present / pcm.sampleRateHz);
  // A writer that never came back leaves 0.
  return { dataOffset, frames: frames || present };
}
