/**
 * WAV files out: stereo, streaming, with the plainest header each encoding allows. Above 4 GB the file becomes RF64 (EBU
 * Tech 3306): a JUNK chunk keeps the place of the ds64 chunk.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { BLOCK_FRAMES, type StereoBlock } from '@lathe/engine';
import { encodeFloats, encodeIntegers } from './encodings.ts';

type Layout = { formatTag: 1 | 3; bits: 16 | 24 | 32; sampleRateHz: number } & Required<WavOptions>;

export type WavOptions = {
  /** Of a place kept for a `bext` chunk, before the samples; 0: none. */
  bextBytes?: number;
  /** The largest file that stays RIFF; lower only in tests. */
  riffLimitBytes?: number;
  /** Shown the bytes of the samples as they are written. */
  onSamples?: (bytes: Uint8Array) => void;
};

/** A file being written. `close` completes the header and gives the size of the file; errors of the disk surface everywhere. */
type Finishable = {
  close(): { sizeBytes: number } /** Lets go of the file as it is; harmless twice. */;
  abandon(): void;
};
export type FloatWavWriter = Finishable & { write(block: StereoBlock, frames: number): void };
export type IntegerWavWriter = Finishable & {
  /** Interleaved samples, left first, within the word length. */
  write(samples: Int32Array, frames: number): void;
};

/** The largest size that the 32-bit fields of RIFF can hold. */
const maxRiffBytes = 0xffff_fffe;
const plain = { bextBytes: 0, riffLimitBytes: maxRiffBytes, onSamples: () => {} } as const;
/** What tags may add behind the samples of a file that has a `bext` chunk. */
const maxTagBytes = 2 ** 24;

export function createFloatWav(path: string, sampleRateHz: number, options: WavOptions = {}): FloatWavWriter {
  const file = createWav(path, { formatTag: 3, bits: 32, sampleRateHz, ...plain, ...options });
  return {
    ...file,
    write(block, frames) {
      encodeFloats(block, frames, file.view());
      file.append(frames);
    },
  };
}

export function createIntegerWav(
  path: string,
  format: { sampleRateHz: number; wordLengthBits: 16 | 24 },
  options: WavOptions = {},
): IntegerWavWriter {
  const { sampleRateHz, wordLengthBits } = format;
  const file = createWav(path, { formatTag: 1, bits: wordLengthBits, sampleRateHz, ...plain, ...options });
  return {
    ...file,
    write(samples, frames) {
      encodeIntegers(samples, 2 * frames, wordLengthBits, file.view());
      file.append(frames);
    },
  };
}

/** Fewer writes cost half as much as one for each block. */
const BLOCKS_PER_WRITE = 8;

/** The part both kinds share: `append` writes frames that were encoded into `view`, at most one block. */
function createWav(path: string, layout: Layout) {
  const frameBytes = (2 * layout.bits) / 8;
  const blockBytes = BLOCK_FRAMES * frameBytes;
  const bytes = Buffer.alloc(BLOCKS_PER_WRITE * blockBytes);
  const headerBytes = wavHeader(layout, 0).length;
  const file = openSync(path, 'w');
  let position = headerBytes;
  let filled = 0;
  let open = true;
  const flush = (): void => {
    layout.onSamples(bytes.subarray(0, filled));
    writeWhole(file, bytes.subarray(0, filled), position);
    position += filled;
    filled = 0;
  };
  const abandon = (): void => {
    if (open) closeSync(file);
    open = false;
  };
  return {
    /** Where the next frames go: room for a block. */
    view: (): DataView => {
      // Whoever fills it writes whole words.
      if (filled + blockBytes > bytes.length || filled % 4 !== 0) flush();
      return new DataView(bytes.buffer, bytes.byteOffset + filled, blockBytes);
    },
    append(frames: number): void {
      filled += frames * frameBytes;
    },
    close(): { sizeBytes: number } {
      flush();
      writeWhole(file, wavHeader(layout, (position - headerBytes) / frameBytes), 0);
      abandon();
      return { sizeBytes: position };
    },
    abandon,
  };
}

/** Where a `bext` chunk begins: behind the head and the JUNK or ds64 chunk. */
export const WAV_BEXT_OFFSET = 12 + (8 + 28);

/** Everything before the samples; its length depends on the layout only. */
function wavHeader(layout: Layout, frames: number): Buffer {
  const { formatTag, bits, sampleRateHz, bextBytes, riffLimitBytes } = layout;
  const frameBytes = (2 * bits) / 8;
  const dataBytes = frames * frameBytes;
  const isFloat = formatTag === 3;
  // Formats other than PCM carry the size of their extension and a fact chunk.
  const format = Buffer.alloc(isFloat ? 18 : 16);
  format.writeUInt16LE(formatTag, 0);
  format.writeUInt16LE(2, 2);
  format.writeUInt32LE(sampleRateHz, 4);
  format.writeUInt32LE(sampleRateHz * frameBytes, 8);
  format.writeUInt16LE(frameBytes, 12);
  format.writeUInt16LE(bits, 14);

  const factBytes = isFloat ? 12 : 0;
  const placeBytes = bextBytes > 0 ? 8 + bextBytes : 0;
  const headerBytes = WAV_BEXT_OFFSET + placeBytes + (8 + format.length) + factBytes + 8;
  const riffBytes = headerBytes + dataBytes - 8;
  const wide = headerBytes + dataBytes > riffLimitBytes - (bextBytes > 0 ? maxTagBytes : 0);
  const narrow = (size: number): Buffer => uint32(wide ? 0xffff_ffff : size);

  const sizes = Buffer.alloc(28);
  if (wide) {
    sizes.writeBigUInt64LE(BigInt(riffBytes), 0);
    sizes.writeBigUInt64LE(BigInt(dataBytes), 8);
    sizes.writeBigUInt64LE(BigInt(frames), 16);
  }
  return Buffer.concat([
    ...[ascii(wide ? 'RF64' : 'RIFF'), narrow(riffBytes), ascii('WAVE')],
    ...[ascii(wide ? 'ds64' : 'JUNK'), uint32(sizes.length), sizes],
    ...(bextBytes > 0 ? [ascii('bext'), uint32(bextBytes), Buffer.alloc(bextBytes)] : []),
    ...[ascii('fmt '), uint32(format.length), format],
    ...(isFloat ? [ascii('fact'), uint32(4), narrow(frames)] : []),
    ...[ascii('data'), narrow(dataBytes)],
  ]);
}

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** One call may write less than given, for example when the disk becomes full; the next call then throws. */
function writeWhole(file: number, bytes: Buffer, position: number): void {
  let written = 0;
  while (written < bytes.length) {
    written += writeSync(file, bytes, written, bytes.length - written, position + written);
  }
}
