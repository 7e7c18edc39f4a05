/**
 * What a decoder gives, written down in the words it was made of: 8, 16, 24 or 32 bits for lossless codecs, 32-bit float for the
 * others. Nothing is rounded, and the bytes of a FLAC are those that its MD5 was taken of.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Frame } from 'node-av/lib';
import { CodecError } from '../codec-error.ts';
import { encodings } from '../encodings.ts';
import { integerEncoding, monoOrStereo, type PcmLayout } from '../pcm-header.ts';
import type { Ffmpeg } from './load.ts';
import { pack } from './pack.ts';

const bufferBytes = 2 ** 18;

export type Spool = {
  /** Undefined before the first frame. */
  layout(): PcmLayout | undefined;
  /** Takes a decoded frame, its samples from `from` on. */
  write(frame: Frame, from: number): void;
  close(): void;
};

type SpoolOptions = {
  /** Of a lossless codec; 0 for floating point. */
  wordBits: number;
  /** Sees all bytes in order. */
  onBytes?: ((bytes: Buffer) => void) | undefined;
};

export function createSpool(ffmpeg: Ffmpeg, path: string, { wordBits, onBytes }: SpoolOptions): Spool {
  const file = openSync(path, 'wx', 0o600);
  const buffer = Buffer.alloc(bufferBytes);
  let filled = 0;
  let layout: PcmLayout | undefined;
  const flush = (): void => {
    const bytes = buffer.subarray(0, filled);
    onBytes?.(bytes);
    for (let at = 0; at < filled; ) at += writeSync(file, bytes, at);
    filled = 0;
  };
  return {
    layout: () => layout,
    write(frame, from) {
      const shape = shapeOf(ffmpeg, frame);
      layout = sameLayout(layout, layoutOf(frame, shape, wordBits));
      const { channels } = layout;
      const kept = encodings[layout.encoding].bytes;
      const decoded = { ...shape, bytes: frame.toBuffer(), frames: frame.nbSamples, channels };
      for (let first = from; first < decoded.frames; ) {
        const room = Math.floor((bufferBytes - filled) / (kept * channels));
        const count = Math.min(decoded.frames - first, room);
        pack(decoded, { first, count }, kept, buffer.subarray(filled));
        filled += count * kept * channels;
        first += count;
        if (count === room) flush();
      }
    },
    close() {
      flush();
      closeSync(file);
    },
  };
}

type Shape = { sampleBytes: 2 | 4; planar: boolean; float: boolean };

function shapeOf({ constants: c }: Ffmpeg, { format }: Frame): Shape {
  if (format === c.AV_SAMPLE_FMT_S16) return { sampleBytes: 2, planar: false, float: false };
  if (format === c.AV_SAMPLE_FMT_S16P) return { sampleBytes: 2, planar: true, float: false };
  if (format === c.AV_SAMPLE_FMT_S32) return { sampleBytes: 4, planar: false, float: false };
  if (format === c.AV_SAMPLE_FMT_S32P) return { sampleBytes: 4, planar: true, float: false };
  if (format === c.AV_SAMPLE_FMT_FLT) return { sampleBytes: 4, planar: false, float: true };
  if (format === c.AV_SAMPLE_FMT_FLTP) return { sampleBytes: 4, planar: true, float: true };
  throw new CodecError('unsupported_encoding', 'The audio has words of a length that Lathe does not read.');
}

function layoutOf({ channels, sampleRate }: Frame, { sampleBytes, float }: Shape, wordBits: number): PcmLayout {
  const shared = { byteOrder: 'little', channels: monoOrStereo(channels), sampleRateHz: sampleRate } as const;
  if (float) return { ...shared, encoding: 'float32', wordBits: null };
  const bits = Math.min(wordBits || 8 * sampleBytes, 8 * sampleBytes);
  return { ...shared, encoding: integerEncoding(bits), wordBits: bits };
}

function sameLayout(known: PcmLayout | undefined, next: PcmLayout): PcmLayout {
  if (!known) return next;
  const same =
    known.encoding === next.encoding && known.channels === next.channels && known.sampleRateHz === next.sampleRateHz;
  if (same) return known;
  throw new CodecError('malformed_audio', 'The audio changes its sample rate or its channels on the way.');
}
