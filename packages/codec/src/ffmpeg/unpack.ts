/** Samples, as a decoder gives them, to the planes of the engine: whole numbers over 2^(n−1), which is exact. */
import type { StereoBlock } from '@lathe/engine';
import type { Frame } from 'node-av/lib';
import type { Ffmpeg } from './load.ts';

/** A stereo frame; sample k of the left channel stands at stride · k, of the right one `right` behind it. */
export type Unpacked = { samples: Int16Array | Int32Array | Float32Array; frames: number } & Lanes;
type Lanes = { stride: 1 | 2; right: number; scale: number };

/** Takes a decoded frame out of the library. */
export function takeOut({ constants: c }: Ffmpeg, frame: Frame): Unpacked {
  const { buffer, byteOffset, length } = frame.toBuffer();
  const bytes = buffer.slice(byteOffset, byteOffset + length);
  const frames = frame.nbSamples;
  const interleaved = { stride: 2, right: 1 } as const;
  const planar = { stride: 1, right: frames } as const;
  switch (frame.format) {
    case c.AV_SAMPLE_FMT_S16:
      return { samples: new Int16Array(bytes), frames, ...interleaved, scale: 2 ** -15 };
    case c.AV_SAMPLE_FMT_S16P:
      return { samples: new Int16Array(bytes), frames, ...planar, scale: 2 ** -15 };
    case c.AV_SAMPLE_FMT_S32:
      return { samples: new Int32Array(bytes), frames, ...interleaved, scale: 2 ** -31 };
    case c.AV_SAMPLE_FMT_S32P:
      return { samples: new Int32Array(bytes), frames, ...planar, scale: 2 ** -31 };
    case c.AV_SAMPLE_FMT_FLTP:
      return { samples: new Float32Array(bytes), frames, ...planar, scale: 1 };
    case c.AV_SAMPLE_FMT_FLT:
      return { samples: new Float32Array(bytes), frames, ...interleaved, scale: 1 };
    default:
      throw new Error('a decoder gives samples of a kind that none of our encoders took');
  }
}

type Part = { first: number; count: number };

/** Copies a part of it into a block, from `at` on. */
export function copyPart(from: Unpacked, { first, count }: Part, { left, right }: StereoBlock, at: number): void {
  const { samples, stride, scale } = from;
  for (let i = at, k = first * stride; i < at + count; i++, k += stride) {
    left[i] = samples[k] * scale;
    right[i] = samples[k + from.right] * scale;
  }
}
