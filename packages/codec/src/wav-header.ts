/**
 * The header of a WAV file: RIFF (Microsoft 1991), WAVEFORMATEXTENSIBLE (Microsoft 2001), RF64 (EBU Tech 3306) and BW64
 * (ITU-R BS.2088). Nothing in it is believed: every number is checked against the file or against the others.
 */
import { type ChunkLayout, walkChunks } from './chunks.ts';
import { CodecError } from './codec-error.ts';
import {
  type DataChunk,
  frameBytesOf,
  missingFormat,
  noAudio,
  type PcmHeader,
  type PcmLayout,
  presentBytes,
} from './pcm-header.ts';
import type { ReadAt } from './sniff.ts';
import { parseFormat } from './wav-format.ts';
import { seconds } from './words.ts';

/** What the streaming writers of ffmpeg, arecord and others leave in the size fields. */
const unknownSizes = [0, 0xffff_ffff];
const wideSize = 0xffff_ffff;

const layout: ChunkLayout = {
  start: 12,
  headBytes: 8,
  parse: (head) => ({ id: head.toString('latin1', 0, 4), size: head.readUInt32LE(4) }),
  align: 2,
  audio: 'data',
};

/** @throws CodecError for anything that is not a WAV file of an encoding, channel count and length that can be read. */
export function parseWavHeader(readAt: ReadAt, fileBytes: number): PcmHeader {
  const head = readAt(0, 12);
  const format = ({ RF64: 'rf64', BW64: 'bw64' } as const)[head.toString('latin1', 0, 4)] ?? 'wav';
  const sizeMatches = head.readUInt32LE(4) + 8 === fileBytes;
  const { pcm, data } = findChunks(readAt, fileBytes, sizeMatches);
  const dataBytes = presentBytes(data, fileBytes, pcm);
  refuseHiddenAudio(readAt, fileBytes, data.offset + dataBytes, frameBytesOf(pcm) * pcm.sampleRateHz);
  const frames = Math.floor(dataBytes / frameBytesOf(pcm));
  if (frames === 0) throw noAudio();
  return { format, ...pcm, frames, dataOffset: data.offset };
}

/** Walks the chunks up to the samples. */
function findChunks(readAt: ReadAt, fileBytes: number, sizeMatches: boolean): { pcm: PcmLayout; data: DataChunk } {
  let pcm: PcmLayout | undefined;
  let wideDataBytes: number | undefined;
  for (const { id, size, offset } of walkChunks(readAt, fileBytes, layout)) {
    if (id === 'fmt ') pcm = parseFormat(readAt(offset, Math.min(size, 40)));
    if (id === 'ds64') wideDataBytes = readDs64DataBytes(readAt(offset, Math.min(size, 28)));
    if (id !== 'data') continue;
    if (!pcm) throw new CodecError('malformed_audio', 'The audio begins before the header has said how to read it.');
    const bytes = size === wideSize ? (wideDataBytes ?? size) : size;
    return { pcm, data: { offset, declaredBytes: isUnknown(bytes, sizeMatches) ? undefined : bytes } };
  }
  throw pcm ? noAudio() : missingFormat();
}

/** A file whose outer size is right and whose data chunk says 0 is finished and empty. */
const isUnknown = (bytes: number, sizeMatches: boolean): boolean =>
  unknownSizes.includes(bytes) && !(bytes === 0 && sizeMatches);

function readDs64DataBytes(chunk: Buffer): number {
  if (chunk.length < 28)
    throw new CodecError('malformed_audio', 'The RF64 header has no room for the size of the audio.');
  return Number(chunk.readBigUInt64LE(8));
}

/**
 * A recorder that crashed leaves a stale, too small size: the song would silently be cut. What follows the samples must
 * look like a chunk, unless it is shorter than a second (tags and padding of sloppy writers).
 */
function refuseHiddenAudio(readAt: ReadAt, fileBytes: number, dataEnd: number, bytesPerSecond: number): void {
  const next = dataEnd + (dataEnd % 2);
  const followingBytes = fileBytes - next;
  if (followingBytes <= bytesPerSecond) return;
  const head = readAt(next, 8);
  const looksLikeChunk =
    /^[\x20-\x7e]{4}$/.test(head.toString('latin1', 0, 4)) && head.readUInt32LE(4) <= followingBytes;
  if (looksLikeChunk) return;
  const hidden = seconds(followingBytes / bytesPerSecond);
  throw new CodecError(
    'malformed_audio',
    `The header lies about the length: ${hidden} more follow the audio it announces.`,
  );
}
