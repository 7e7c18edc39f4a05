/** Any audio file, opened by its content: what it is, and its samples in blocks of the engine's size. */
import { rmSync } from 'node:fs';
import type { AudioStream, FileFacts } from '@lathe/engine';
import { parseAiffHeader } from './aiff-header.ts';
import type { AudioInfo } from './audio-info.ts';
import { parseCafHeader } from './caf-header.ts';
import { CodecError } from './codec-error.ts';
import { decodeToSpool } from './ffmpeg/decode.ts';
import type { CompressedKind } from './ffmpeg/input.ts';
import { type OpenFile, openFile } from './file.ts';
import { frameBytesOf, type PcmHeader, tooLong } from './pcm-header.ts';
import { createPcmStream } from './pcm-reader.ts';
import { type FileKind, sniff } from './sniff.ts';
import { parseW64Header } from './w64-header.ts';
import { parseWavHeader } from './wav-header.ts';
import { seconds } from './words.ts';

/** What a caller accepts; without limits every readable file is. */
export type AudioLimits = {
  minSampleRateHz: number;
  maxSampleRateHz: number;
  minDurationSeconds: number;
  maxDurationSeconds: number;
};

export type AudioFile = {
  info: AudioInfo;
  /** The audio from its start; several streams may be read at once, until `close`. */
  openStream(): AudioStream;
  close(): void;
};

export type OpenOptions = {
  limits?: AudioLimits;
  /** Where a compressed file is decoded to; no file of that name may exist, and `close` removes it. */
  spoolPath: string;
  /** Called now and then while it is decoded; it may throw to stop. */
  onBreath?: () => void;
};

/**
 * Opens a file by its content. Of an uncompressed one only the header is read; a compressed one is decoded to its end.
 * @throws CodecError for a file that cannot be read as audio or lies outside the limits; errors of the file system as they are.
 */
export async function openAudio(path: string, options: OpenOptions): Promise<AudioFile> {
  const file = openFile(path);
  try {
    const { kind, position } = sniff(file.readAt);
    const header = parsePcm(kind, file);
    if (header) return pcmFile(file, header, options.limits);
    return await compressedFile(file, { kind: kind as CompressedKind, firstByte: position }, options);
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Opens a WAV file. @throws CodecError */
export function openWav(path: string, limits?: AudioLimits): AudioFile {
  const file = openFile(path);
  try {
    const { kind } = sniff(file.readAt);
    if (kind !== 'wav') throw new CodecError('not_audio', 'This is not a WAV file.');
    return pcmFile(file, parseWavHeader(file.readAt, file.sizeBytes), limits);
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Where the bytes of a WAV file's samples begin and end, by its header. @throws CodecError */
export function wavSamples(path: string): { from: number; to: number } {
  const file = openFile(path);
  try {
    const header = parseWavHeader(file.readAt, file.sizeBytes);
    return { from: header.dataOffset, to: header.dataOffset + header.frames * frameBytesOf(header) };
  } finally {
    file.close();
  }
}

/** The header of an uncompressed file; undefined for a compressed one. */
function parsePcm(kind: FileKind, { readAt, sizeBytes }: OpenFile): PcmHeader | undefined {
  if (kind === 'wav') return parseWavHeader(readAt, sizeBytes);
  if (kind === 'w64') return parseW64Header(readAt, sizeBytes);
  if (kind === 'aiff') return parseAiffHeader(readAt, sizeBytes);
  return kind === 'caf' ? parseCafHeader(readAt, sizeBytes) : undefined;
}

const factsOf = ({ format, codec, lossy, wordBits, bitRateKbps, isCutOff }: AudioInfo): FileFacts => ({
  ...{ format, codec, lossy, wordBits, bitRateKbps },
  ...(isCutOff && { isCutOff }),
});

function pcmFile(file: OpenFile, header: PcmHeader, limits?: AudioLimits): AudioFile {
  const { format, wordBits, channels, sampleRateHz, frames } = header;
  const info: AudioInfo = {
    format,
    codec: wordBits === null ? 'float' : 'pcm',
    lossy: false,
    wordBits,
    bitRateKbps: Math.round((8 * frameBytesOf(header) * sampleRateHz) / 1000),
    ...{ channels, sampleRateHz, frames },
  };
  if (limits) refuseOutside(limits, info);
  return { info, openStream: () => createPcmStream(file.descriptor, header, factsOf(info)), close: file.close };
}

async function compressedFile(
  file: OpenFile,
  found: { kind: CompressedKind; firstByte: number },
  { limits, spoolPath, onBreath }: OpenOptions,
): Promise<AudioFile> {
  const remove = (): void => rmSync(spoolPath, { force: true });
  try {
    const maxDurationSeconds = limits?.maxDurationSeconds ?? Number.POSITIVE_INFINITY;
    const { layout, info } = await decodeToSpool(file, { ...found, spoolPath, maxDurationSeconds, onBreath });
    if (limits) refuseOutside(limits, info);
    const spool = openFile(spoolPath);
    const header: PcmHeader = { ...layout, format: info.format, frames: info.frames, dataOffset: 0 };
    file.close();
    const close = (): void => {
      spool.close();
      remove();
    };
    return { info, openStream: () => createPcmStream(spool.descriptor, header, factsOf(info)), close };
  } catch (error) {
    remove();
    throw error;
  }
}

function refuseOutside(limits: AudioLimits, { sampleRateHz, frames }: AudioInfo): void {
  const durationSeconds = frames / sampleRateHz;
  const { minSampleRateHz, maxSampleRateHz, minDurationSeconds, maxDurationSeconds } = limits;
  if (sampleRateHz < minSampleRateHz || sampleRateHz > maxSampleRateHz) {
    const range = `${minSampleRateHz / 1000} to ${maxSampleRateHz / 1000} kHz`;
    throw new CodecError('unsupported_sample_rate', `Lathe takes ${range}; this file has ${sampleRateHz / 1000} kHz.`);
  }
  if (durationSeconds < minDurationSeconds) {
    const length = frames === 1 ? 'one sample' : seconds(durationSeconds);
    throw new CodecError('audio_too_short', `The audio is ${length} long; it needs at least ${minDurationSeconds} s.`);
  }
  if (durationSeconds > maxDurationSeconds) throw tooLong(maxDurationSeconds, durationSeconds);
}
