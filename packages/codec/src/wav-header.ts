/**
 * The header of a WAV file: RIFF (Microsoft 1991), WAVEFORMATEXTENSIBLE (Microsoft 2001), RF64 (EBU Tech 3306) and BW64
 * (ITU-R BS.2088). Nothing in it is believed: every number is checked against the file or against the others.
 */
import { CodecError } from './codec-error.ts';
import { encodings, type SampleEncoding } from './encodings.ts';
import { SNIFF_BYTES, sniffWav, type WavContainer } from './sniff.ts';
import { parseFormat, type WavFormat } from './wav-format.ts';
import { seconds } from './words.ts';

/** Reads up to `length` bytes at a position; fewer at the end of the file. */
export type ReadAt = (position: number, length: number) => Buffer;

export type WavHeader = {
  container: WavContainer;
  encoding: SampleEncoding;
  channels: 1 | 2;
  sampleRateHz: number;
  frames: number;
  /** Where the samples begin. */
  dataOffset: number;
};

/** What the streaming writers of ffmpeg, arecord and others leave in the size fields. */
const unknownSizes = [0, 0xffff_ffff];
/** More than any real file has; a walk through billions of empty chunks must end. */
const maxChunks = 4096;

type DataChunk = { offset: number; declaredBytes: number };

/** @throws CodecError for anything that is not a WAV file of an encoding, channel count and length that can be read. */
export function parseWavHeader(readAt: ReadAt, fileBytes: number): WavHeader {
  const head = readAt(0, SNIFF_BYTES);
  const container = sniffWav(head);
  const { format, data } = findChunks(readAt, fileBytes);
  const frameBytes = encodings[format.encoding].bytes * format.channels;
  const sizeMatches = head.readUInt32LE(4) + 8 === fileBytes;
  const dataBytes = trustedDataBytes(data, {
    fileBytes,
    sizeMatches,
    bytesPerSecond: frameBytes * format.sampleRateHz,
  });
  refuseHiddenAudio(readAt, fileBytes, data.offset + dataBytes, frameBytes * format.sampleRateHz);
  const frames = Math.floor(dataBytes / frameBytes);
  if (frames === 0) throw new CodecError('audio_empty', 'The file has a header but holds no audio.');
  return { container, ...format, frames, dataOffset: data.offset };
}

/** Walks the chunks up to the samples. */
function findChunks(readAt: ReadAt, fileBytes: number): { format: WavFormat; data: DataChunk } {
  let format: WavFormat | undefined;
  let wideDataBytes: number | undefined;
  for (const { id, size, offset } of walkChunks(readAt, fileBytes)) {
    if (id === 'fmt ') format = parseFormat(readAt(offset, Math.min(size, 40)));
    if (id === 'ds64') wideDataBytes = readDs64DataBytes(readAt(offset, Math.min(size, 28)));
    if (id !== 'data') continue;
    if (!format) throw new CodecError('malformed_audio', 'The audio begins before the header has said how to read it.');
    return { format, data: { offset, declaredBytes: size === 0xffff_ffff ? (wideDataBytes ?? size) : size } };
  }
  if (!format) throw new CodecError('malformed_audio', 'The header does not say how the audio is encoded.');
  throw new CodecError('audio_empty', 'The file has a header but holds no audio.');
}

function* walkChunks(readAt: ReadAt, fileBytes: number): Generator<{ id: string; size: number; offset: number }> {
  let offset = 12;
  for (let count = 0; offset < fileBytes; count++) {
    if (count === maxChunks) {
      throw new CodecError('malformed_audio', `The header has more than ${maxChunks} parts and still no audio.`);
    }
    const head = readAt(offset, 8);
    const id = head.toString('latin1', 0, 4);
    const size = head.length < 8 ? 0 : head.readUInt32LE(4);
    offset += 8;
    if (offset > fileBytes || (id !== 'data' && offset + size > fileBytes)) {
      throw new CodecError('truncated_audio', `The file ends inside its header, after ${fileBytes} bytes.`);
    }
    yield { id, size, offset };
    offset += size + (size % 2);
  }
}

function readDs64DataBytes(chunk: Buffer): number {
  if (chunk.length < 28)
    throw new CodecError('malformed_audio', 'The RF64 header has no room for the size of the audio.');
  return Number(chunk.readBigUInt64LE(8));
}

/** The bytes of samples that are really there; an unknown size means up to the end of the file. */
function trustedDataBytes(
  { offset, declaredBytes }: DataChunk,
  file: { fileBytes: number; sizeMatches: boolean; bytesPerSecond: number },
): number {
  const presentBytes = file.fileBytes - offset;
  // A file whose outer size is right and whose data chunk says 0 is finished and empty.
  const unknown = unknownSizes.includes(declaredBytes) && !(declaredBytes === 0 && file.sizeMatches);
  if (unknown) return presentBytes;
  if (declaredBytes <= presentBytes) return declaredBytes;
  const [declared, present] = [declaredBytes, presentBytes].map((bytes) => seconds(bytes / file.bytesPerSecond));
  throw new CodecError(
    'truncated_audio',
    `The header announces ${declared} of audio, but the file ends after ${present}.`,
  );
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
