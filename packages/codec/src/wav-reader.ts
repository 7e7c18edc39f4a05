/** WAV files in: streaming, in blocks of the engine's size, exact for every encoding. */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { type AudioStream, BLOCK_FRAMES } from '@lathe/engine';
import { CodecError } from './codec-error.ts';
import { createDecode, encodings } from './encodings.ts';
import { parseWavHeader, type WavHeader } from './wav-header.ts';
import { seconds } from './words.ts';

/** What a caller accepts; without limits every readable file is. */
export type AudioLimits = {
  minSampleRateHz: number;
  maxSampleRateHz: number;
  minDurationSeconds: number;
  maxDurationSeconds: number;
};

export type WavFile = {
  info: WavHeader;
  /** The audio from its start; several streams may be read at once, until `close`. */
  openStream(): AudioStream;
  close(): void;
};

/**
 * Opens a WAV file by its content and reads its header only.
 * @throws CodecError for a file that cannot be read as audio or lies outside the limits; errors of the file system as they are.
 */
export function openWav(path: string, limits?: AudioLimits): WavFile {
  // Opening a pipe would wait for its other end.
  if (!statSync(path).isFile()) throw new CodecError('not_audio', 'This is a folder or a device, not a file.');
  const file = openSync(path, 'r');
  try {
    const info = parseWavHeader((position, length) => readUpTo(file, position, length), fstatSync(file).size);
    if (limits) refuseOutside(limits, info);
    return { info, openStream: () => createStream(file, info), close: () => closeSync(file) };
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function refuseOutside(limits: AudioLimits, { sampleRateHz, frames }: WavHeader): void {
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
  if (durationSeconds > maxDurationSeconds) {
    const length = `${(durationSeconds / 3600).toFixed(1)} hours`;
    throw new CodecError(
      'audio_too_long',
      `The audio is ${length} long; the limit is ${maxDurationSeconds / 3600} hours.`,
    );
  }
}

function createStream(file: number, info: WavHeader): AudioStream {
  const { encoding, channels, sampleRateHz, frames, dataOffset } = info;
  const frameBytes = encodings[encoding].bytes * channels;
  const decode = createDecode(encoding, channels);
  const bytes = Buffer.alloc(BLOCK_FRAMES * frameBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let position = 0;
  return {
    sampleRateHz,
    channels,
    frames,
    read(block) {
      const wanted = Math.min(block.left.length, BLOCK_FRAMES, frames - position);
      const wantedBytes = wanted * frameBytes;
      if (readInto(file, bytes.subarray(0, wantedBytes), dataOffset + position * frameBytes) < wantedBytes) {
        throw new CodecError('truncated_audio', `The file became shorter while it was read, after ${position} frames.`);
      }
      decode(view, wanted, block);
      position += wanted;
      return wanted;
    },
  };
}

function readUpTo(file: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readInto(file, bytes, position));
}

/** Reads until the buffer is full or the file ends; one call may give less than asked. */
function readInto(file: number, bytes: Buffer, position: number): number {
  let filled = 0;
  while (filled < bytes.length) {
    const got = readSync(file, bytes, filled, bytes.length - filled, position + filled);
    if (got === 0) break;
    filled += got;
  }
  return filled;
}
