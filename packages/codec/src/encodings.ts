/**
 * Samples as they lie in a WAV file: little-endian, interleaved, integers left-justified in whole bytes. Full scale is ±1,
 * so an integer of n bits is divided by 2^(n−1), which is exact in 64-bit float. One byte is unsigned in WAV, signed elsewhere.
 */
import { packFloats, packIntegers, type StereoBlock, unpackStereo } from '@lathe/engine';

export type SampleEncoding = 'uint8' | 'int8' | 'int16' | 'int24' | 'int32' | 'float32' | 'float64';

/** Where one channel's samples lie: the first one's byte offset, and the bytes from one to the next. */
type Lane = { offset: number; stride: number };

type Encoding = {
  bytes: number;
  /** Reads one channel. Each encoding has a loop of its own, which is several times as fast as one loop for all. */
  read: (view: DataView, lane: Lane, plane: Float64Array, frames: number) => void;
};

const readUint8: Encoding['read'] = (view, { offset, stride }, plane, frames) => {
  for (let i = 0, at = offset; i < frames; i++, at += stride) plane[i] = (view.getUint8(at) - 2 ** 7) / 2 ** 7;
};

const readInt8: Encoding['read'] = (view, { offset, stride }, plane, frames) => {
  for (let i = 0, at = offset; i < frames; i++, at += stride) plane[i] = view.getInt8(at) / 2 ** 7;
};

const readInt16: Encoding['read'] = (view, { offset, stride }, plane, frames) => {
  for (let i = 0, at = offset; i < frames; i++, at += stride) plane[i] = view.getInt16(at, true) / 2 ** 15;
};

const readInt24: Encoding['read'] = (view, { offset, stride }, plane, frames) => {
  for (let i = 0, at = offset; i < frames; i++, at += stride) {
    plane[i] = (view.getUint16(at, true) | (view.getInt8(at + 2) << 16)) / 2 ** 23;
  }
};

const readInt32: Encoding['read'] = (view, { offset, stride }, plane, frames) => {
  for (let i = 0, at = offset; i < frames; i++, at += stride) plane[i] = view.getInt32(at, true) / 2 ** 31;
};

const readFloat32: Encoding['read'] = (view, { offset, stride }, plane, frames) => {
  for (let i = 0, at = offset; i < frames; i++, at += stride) plane[i] = view.getFloat32(at, true);
};

const readFloat64: Encoding['read'] = (view, { offset, stride }, plane, frames) => {
  for (let i = 0, at = offset; i < frames; i++, at += stride) plane[i] = view.getFloat64(at, true);
};

export const encodings: Record<SampleEncoding, Encoding> = {
  uint8: { bytes: 1, read: readUint8 },
  int8: { bytes: 1, read: readInt8 },
  int16: { bytes: 2, read: readInt16 },
  int24: { bytes: 3, read: readInt24 },
  int32: { bytes: 4, read: readInt32 },
  float32: { bytes: 4, read: readFloat32 },
  float64: { bytes: 8, read: readFloat64 },
};

/** Fills the block from index 0 with `frames` frames of mono or stereo bytes; mono goes to both planes. */
export type Decode = (view: DataView, frames: number, block: StereoBlock) => void;

/** For one encoding and channel count. */
export function createDecode(encoding: SampleEncoding, channels: 1 | 2): Decode {
  const { bytes, read } = encodings[encoding];
  const stride = bytes * channels;
  const toRight = channels === 2 ? bytes : 0;
  return (view, frames, block) => {
    const packed = new Uint8Array(view.buffer, view.byteOffset, frames * stride);
    if (channels === 2 && unpackStereo(encoding, packed, frames, block)) return;
    read(view, { offset: 0, stride }, block.left, frames);
    read(view, { offset: toRight, stride }, block.right, frames);
  };
}

const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Writes interleaved integers of 16 or 24 bits, to a view whose bytes lie at a multiple of four. */
export function encodeIntegers(samples: Int32Array, count: number, wordLengthBits: 16 | 24, view: DataView): void {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  if (packIntegers(samples, count, wordLengthBits, bytes)) return;
  if (wordLengthBits === 16) {
    const words = new Int16Array(view.buffer, view.byteOffset, count);
    for (let i = 0; i < count; i++) words[i] = samples[i];
    if (!isLittleEndian) Buffer.from(view.buffer, view.byteOffset, words.byteLength).swap16();
    return;
  }
  // Four samples of three bytes are three words: several times as fast as byte by byte through the view.
  const whole = count - (count % 4);
  const words = new Int32Array(view.buffer, view.byteOffset, (3 * whole) / 4);
  for (let i = 0, k = 0; i < whole; i += 4, k += 3) {
    const [b, c] = [samples[i + 1], samples[i + 2]];
    words[k] = (samples[i] & 0xff_ffff) | (b << 24);
    words[k + 1] = ((b >> 8) & 0xffff) | (c << 16);
    words[k + 2] = ((c >> 16) & 0xff) | (samples[i + 3] << 8);
  }
  if (!isLittleEndian) Buffer.from(view.buffer, view.byteOffset, words.byteLength).swap32();
  for (let i = whole; i < count; i++) {
    view.setUint16(3 * i, samples[i] & 0xffff, true);
    view.setInt8(3 * i + 2, samples[i] >> 16);
  }
}

/** Writes a block as interleaved 32-bit float, to a view whose bytes lie at a multiple of four. */
export function encodeFloats({ left, right }: StereoBlock, frames: number, view: DataView): void {
  if (packFloats({ left, right }, frames, new Uint8Array(view.buffer, view.byteOffset, 8 * frames))) return;
  // Several times as fast as setting one by one through the view.
  const floats = new Float32Array(view.buffer, view.byteOffset, 2 * frames);
  for (let i = 0, k = 0; i < frames; i++, k += 2) {
    floats[k] = left[i];
    floats[k + 1] = right[i];
  }
  if (!isLittleEndian) Buffer.from(view.buffer, view.byteOffset, floats.byteLength).swap32();
}
