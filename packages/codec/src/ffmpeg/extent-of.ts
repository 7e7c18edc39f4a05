import type { Stream } from 'node-av/lib';
import { cafLayout, refuseCutOffCaf } from '../caf-header.ts';
import { walkChunks } from '../chunks.ts';
import { CodecError } from '../codec-error.ts';
import { type Extent, unknownExtent } from '../extent.ts';
import type { OpenFile } from '../file.ts';
import { countsItsFrames } from '../mp3-header.ts';
import { mp4Extent, refuseCutOffMp4 } from '../mp4-extent.ts';
import { oggEndsWell } from '../ogg-end.ts';
import type { CompressedKind } from './input.ts';

/** @throws CodecError `truncated_audio` for a file that is visibly not all there: some are cut off before anything can be read */
export function refuseCutOff(kind: CompressedKind, { readAt, sizeBytes }: OpenFile): void {
  if (kind === 'mp4') refuseCutOffMp4(readAt, sizeBytes);
  if (kind === 'caf') refuseCutOffCaf(readAt, sizeBytes);
  if (kind === 'ogg' && !oggEndsWell(readAt, sizeBytes)) {
    throw new CodecError('truncated_audio', 'The file ends before the page that says that it is the last.');
  }
}

/** What the container says of where the audio begins and ends. */
export function extentOf(kind: CompressedKind, file: OpenFile, stream: Stream, firstByte: number): Extent {
  const { sampleRate } = stream.codecpar;
  switch (kind) {
    case 'flac':
      return declares(lengthOf(stream), 0);
    case 'ogg':
      return oggExtent(stream);
    case 'mp3':
      // Some encoders count the frame that carries the count.
      return countsItsFrames(file.readAt, firstByte) ? declares(lengthOf(stream), 1152) : unknownExtent;
    case 'mp4':
      return mp4Extent(file.readAt, file.sizeBytes, sampleRate);
    case 'caf':
      return cafExtent(file, stream.codecpar.frameSize);
    case 'adts':
      return unknownExtent;
  }
}

/** A block of Vorbis has at most 8192 samples. */
const longestOggBlock = 8192;

/** The position of the last page is where the audio ends (RFC 3533; Vorbis I, A.2; RFC 7845, 4.4). */
function oggExtent(stream: Stream): Extent {
  const length = lengthOf(stream) - stream.codecpar.initialPadding;
  const extent = declares(length, 0);
  return length > 0 ? { ...extent, skip: undefined, length, longestCut: longestOggBlock } : extent;
}

const declares = (frames: number, tolerance: number): Extent =>
  frames > 0 ? { ...unknownExtent, declared: frames, tolerance } : unknownExtent;

/** In samples; negative where the library does not know. */
function lengthOf({ duration, timeBase, codecpar }: Stream): number {
  return Math.round((Number(duration) * timeBase.num * codecpar.sampleRate) / timeBase.den);
}

/** The packet table counts the frames, and those before and after (Core Audio Format Specification, "Packet Table Chunk"). */
function cafExtent({ readAt, sizeBytes }: OpenFile, packetFrames: number): Extent {
  for (const { id, offset, size } of walkChunks(readAt, sizeBytes, cafLayout)) {
    if (id !== 'pakt' || size < 24) continue;
    const bytes = readAt(offset, 24);
    const length = Number(bytes.readBigInt64BE(8));
    // Some writers count the last packet as full.
    if (length > 0)
      return {
        ...unknownExtent,
        skip: Math.max(0, bytes.readInt32BE(16)),
        length,
        declared: length,
        tolerance: packetFrames,
      };
  }
  return unknownExtent;
}
