/**
 * The header of a Core Audio Format file (Apple, "Core Audio Format Specification", 2013): chunks with 64-bit sizes, the
 * description first.
 */
import { type ChunkLayout, walkChunks } from './chunks.ts';
import { CodecError } from './codec-error.ts';
import {
  floatEncoding,
  frameBytesOf,
  framesIn,
  integerEncoding,
  missingFormat,
  monoOrStereo,
  noAudio,
  type PcmHeader,
  type PcmLayout,
  sampleRateOf,
} from './pcm-header.ts';
import type { ReadAt } from './sniff.ts';

export const cafLayout: ChunkLayout = {
  start: 8,
  headBytes: 12,
  parse: (head) => ({ id: head.toString('latin1', 0, 4), size: Number(head.readBigInt64BE(4)) }),
  align: 1,
  audio: 'data',
};

const isFloat = 1;
const isLittleEndian = 2;
/** The count of edits that stands before the samples. */
const editBytes = 4;

/**
 * @returns undefined where the audio is compressed
 * @throws CodecError for a file that cannot be read
 */
export function parseCafHeader(readAt: ReadAt, fileBytes: number): PcmHeader | undefined {
  let pcm: PcmLayout | undefined;
  for (const { id, size, offset } of walkChunks(readAt, fileBytes, cafLayout)) {
    if (id === 'desc') {
      const chunk = readAt(offset, Math.min(size, 32));
      if (chunk.toString('latin1', 8, 12) !== 'lpcm') return undefined;
      pcm = parseDescription(chunk);
    }
    if (id !== 'data') continue;
    if (!pcm) throw missingFormat();
    const data = { offset: offset + editBytes, declaredBytes: size < 0 ? undefined : size - editBytes };
    return { format: 'caf', ...pcm, frames: framesIn(data, fileBytes, pcm), dataOffset: data.offset };
  }
  throw pcm ? noAudio() : missingFormat();
}

/** For compressed audio, whose length in bytes says nothing about the time. @throws CodecError */
export function refuseCutOffCaf(readAt: ReadAt, fileBytes: number): void {
  for (const { id, size, offset } of walkChunks(readAt, fileBytes, cafLayout)) {
    if (id !== 'data' || offset + size <= fileBytes) continue;
    throw new CodecError('truncated_audio', `The file ends inside its audio, after ${fileBytes} bytes.`);
  }
}

function parseDescription(chunk: Buffer): PcmLayout {
  if (chunk.length < 32) throw new CodecError('malformed_audio', 'The description of the encoding is cut short.');
  const flags = chunk.readUInt32BE(12);
  const bits = chunk.readUInt32BE(28);
  const integer = (flags & isFloat) === 0;
  const pcm: PcmLayout = {
    encoding: integer ? integerEncoding(bits) : floatEncoding(bits),
    byteOrder: flags & isLittleEndian ? 'little' : 'big',
    channels: monoOrStereo(chunk.readUInt32BE(24)),
    sampleRateHz: sampleRateOf(chunk.readDoubleBE(0)),
    wordBits: integer ? bits : null,
  };
  const packetBytes = chunk.readUInt32BE(16);
  if (packetBytes === frameBytesOf(pcm) && chunk.readUInt32BE(20) === 1) return pcm;
  throw new CodecError(
    'malformed_audio',
    `The header contradicts itself: it announces frames of ${packetBytes} bytes.`,
  );
}
