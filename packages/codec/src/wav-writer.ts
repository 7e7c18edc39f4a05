/**
 * WAV files out: stereo, streaming, with the plainest header each encoding allows. Above 4 GB the file becomes RF64 (EBU
 * Tech 3306): a JUNK chunk keeps the place of the ds64 chunk.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { BLOCK_FRAMES, type StereoBlock } from '@lathe/engine';
import { encodeFloats, encodeIntegers } from './encodings.ts';

type Layout = { formatTag: 1 | 3; bits: 16 | 24 | 32; sampleRateHz: number };

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

/** @param riffLimitBytes the largest file that stays RIFF; lower only in tests. */
export function createFloatWav(path: string, sampleRateHz: number, riffLimitBytes = maxRiffBytes): FloatWavWriter {
  const file = createWav(path, { formatTag: 3, bits: 32, sampleRateHz }, riffLimitBytes);
  return {
    ...file,
    write(block, frames) {
      encodeFloats(block, frames, file.view);
      file.append(frames);
    },
  };
}

/** See {@link createFloatWav}. */
export function createIntegerWav(
  path: string,
  format: { sampleRateHz: number; wordLengthBits: 16 | 24 },
  riffLimitBytes = maxRiffBytes,
): IntegerWavWriter {
  const { sampleRateHz, wordLengthBits } = format;
  const file = createWav(path, { formatTag: 1, bits: wordLengthBits, sampleRateHz }, riffLimitBytes);
  return {
    ...file,
    write(samples, frames) {
      encodeIntegers(samples, 2 * frames, wordLengthBits, file.view);
      file.append(frames);
    },
  };
}

/** The part both kinds share: `append` writes frames that were encoded into `view`, at most one block. */
function createWav(path: string, layout: Layout, riffLimitBytes: number) {
  const frameBytes = (2 * layout.bits) / 8;
  const bytes = Buffer.alloc(BLOCK_FRAMES * frameBytes);
  const headerBytes = wavHeader(layout, 0, riffLimitBytes).length;
  const file = openSync(path, 'w');
  let position = headerBytes;
  let open = true;
  const abandon = (): void => {
    if (open) closeSync(file);
    open = false;
  };
  return {
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
    append(frames: number): void {
      writeWhole(file, bytes.subarray(0, frames * frameBytes), position);
      position += frames * frameBytes;
    },
    close(): { sizeBytes: number } {
      writeWhole(file, wavHeader(layout, (position - headerBytes) / frameBytes, riffLimitBytes), 0);
      abandon();
      return { sizeBytes: position };
    },
    abandon,
  };
}

/** Everything before the samples; its length depends on the layout only. */
function wavHeader({ formatTag, bits, sampleRateHz }: Layout, frames: number, riffLimitBytes: number): Buffer {
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
  const headerBytes = 12 + (8 + 28) + (8 + format.length) + factBytes + 8;
  const riffBytes = headerBytes + dataBytes - 8;
  const wide = headerBytes + dataBytes > riffLimitBytes;
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
