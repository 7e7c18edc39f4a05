/**
 * Samples as they lie in a WAV file: little-endian, interleaved, integers left-justified in whole bytes. Full scale is ±1,
 * so an integer of n bits is divided by 2^(n−1), which is exact in 64-bit float.
 */
import type { StereoBlock } from '@lathe/engine';

export type SampleEncoding = 'int16' | 'int24' | 'int32' | 'float32' | 'float64';

type Encoding = {
  bytes: number;
  /** Reads one sample at a byte offset. */
  read: (view: DataView, offset: number) => number;
};

export const encodings: Record<SampleEncoding, Encoding> = {
  int16: { bytes: 2, read: (view, offset) => view.getInt16(offset, true) / 2 ** 15 },
  int24: { bytes: 3, read: (view, offset) => readInt24(view, offset) / 2 ** 23 },
  int32: { bytes: 4, read: (view, offset) => view.getInt32(offset, true) / 2 ** 31 },
  float32: { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) },
  float64: { bytes: 8, read: (view, offset) => view.getFloat64(offset, true) },
};

const readInt24 = (view: DataView, offset: number): number =>
  view.getUint16(offset, true) | (view.getInt8(offset + 2) << 16);

/** Fills the block from index 0 with `frames` frames of mono or stereo bytes; mono goes to both planes. */
export type Decode = (view: DataView, frames: number, block: StereoBlock) => void;

/** The loop for one encoding and channel count. */
export function createDecode(encoding: SampleEncoding, channels: 1 | 2): Decode {
  const { bytes, read } = encodings[encoding];
  const stride = bytes * channels;
  const toRight = channels === 2 ? bytes : 0;
  return (view, frames, { left, right }) => {
    for (let frame = 0, offset = 0; frame < frames; frame++, offset += stride) {
      left[frame] = read(view, offset);
      right[frame] = read(view, offset + toRight);
    }
  };
}

/** Writes interleaved integers of 16 or 24 bits. */
export function encodeIntegers(samples: Int32Array, count: number, wordLengthBits: 16 | 24, view: DataView): void {
  if (wordLengthBits === 16) {
    for (let i = 0; i < count; i++) view.setInt16(2 * i, samples[i], true);
    return;
  }
  for (let i = 0; i < count; i++) {
    view.setUint16(3 * i, samples[i] & 0xffff, true);
    view.setInt8(3 * i + 2, samples[i] >> 16);
  }
}

/** Writes a block as interleaved 32-bit float. */
export function encodeFloats({ left, right }: StereoBlock, frames: number, view: DataView): void {
  for (let frame = 0; frame < frames; frame++) {
    view.setFloat32(8 * frame, left[frame], true);
    view.setFloat32(8 * frame + 4, right[frame], true);
  }
}
