/** Samples, as the engine has them, to frames as an encoder takes them: one buffer of the frame's size, filled bit by bit. */
import type { StereoBlock } from '@lathe/engine';
import type { SampleLayout } from './encoders.ts';
import type { Ffmpeg } from './load.ts';

type Packer = {
  /** Takes frames from `from` on, as many as there is room for before `to`; says how many. */
  addFloats(block: StereoBlock, from: number, to: number): number;
  addIntegers(samples: Int32Array, from: number, to: number): number;
  isFull(): boolean;
  filled(): number;
  /** The bytes so far, valid until the next is added. */
  take(): Buffer;
};

type Samples = Int16Array | Int32Array | Float32Array;

export const sampleFormatOf = ({ constants }: Ffmpeg, layout: SampleLayout) =>
  ({
    s16: constants.AV_SAMPLE_FMT_S16,
    s32: constants.AV_SAMPLE_FMT_S32,
    s16p: constants.AV_SAMPLE_FMT_S16P,
    s32p: constants.AV_SAMPLE_FMT_S32P,
    flt: constants.AV_SAMPLE_FMT_FLT,
    fltp: constants.AV_SAMPLE_FMT_FLTP,
  })[layout];

const arrayOf = (layout: SampleLayout, length: number): Samples => {
  if (layout.startsWith('flt')) return new Float32Array(length);
  return layout.startsWith('s32') ? new Int32Array(length) : new Int16Array(length);
};

/** Integers of 24 bits lie at the top of 32. */
export function createPacker(layout: SampleLayout, frameSize: number, wordLengthBits: 16 | 24): Packer {
  const samples = arrayOf(layout, 2 * frameSize);
  const planar = layout.endsWith('p');
  const shift = wordLengthBits === 24 ? 8 : 0;
  // Sample k of a channel stands at start + stride · k.
  const [stride, startRight] = planar ? [1, frameSize] : [2, 1];
  let filled = 0;
  const room = (from: number, to: number): number => Math.min(to - from, frameSize - filled);
  return {
    addFloats({ left, right }, from, to) {
      const count = room(from, to);
      for (let i = 0, at = filled * stride; i < count; i++, at += stride) {
        samples[at] = left[from + i];
        samples[at + startRight] = right[from + i];
      }
      filled += count;
      return count;
    },
    addIntegers(integers, from, to) {
      const count = room(from, to);
      for (let i = 0, at = filled * stride; i < count; i++, at += stride) {
        samples[at] = integers[2 * (from + i)] << shift;
        samples[at + startRight] = integers[2 * (from + i) + 1] << shift;
      }
      filled += count;
      return count;
    },
    isFull: () => filled === frameSize,
    filled: () => filled,
    take() {
      // In a short last frame the right channel follows right after the left.
      if (planar && filled < frameSize) samples.copyWithin(filled, frameSize, frameSize + filled);
      const bytes = Buffer.from(samples.buffer, 0, 2 * filled * samples.BYTES_PER_ELEMENT);
      filled = 0;
      return bytes;
    },
  };
}
