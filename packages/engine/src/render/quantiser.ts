// From 64-bit float to integers of the delivered word length, with triangular dither of two steps peak to peak, which makes
// the error independent of the signal in mean and power. Source: Lipshitz, Wannamaker & Vanderkooy, "Quantization and
// dither: a theoretical survey", JAES 1992. Digital silence stays digital silence.
import type { StereoBlock } from '../audio.ts';
import { SeededRandom } from '../dsp/random.ts';

export type WordLength = { wordLengthBits: 16 | 24; seed: number };
/** Fills `out` with 2 · `frames` integers, left first. */
export type Quantise = (block: StereoBlock, frames: number, out: Int32Array) => void;

/** After so many frames of digital silence the dither stops too. */
const BLANK_AFTER_FRAMES = 512;
const UNIFORM = 2 ** -32;

/** The same seed and the same samples give the same integers, whatever the sizes of the blocks. */
export const createQuantiser = ({ wordLengthBits, seed }: WordLength): Quantise => {
  const random = new SeededRandom(seed);
  const scale = 2 ** (wordLengthBits - 1);
  let silentFrames = 0;
  const quantised = (sample: number): number => {
    const dither = (random.next() - random.next()) * UNIFORM;
    return Math.max(-scale, Math.min(scale - 1, Math.round(sample * scale + dither)));
  };
  return ({ left, right }, frames, out) => {
    for (let i = 0; i < frames; i++) {
      silentFrames = left[i] === 0 && right[i] === 0 ? silentFrames + 1 : 0;
      const blank = silentFrames > BLANK_AFTER_FRAMES;
      out[2 * i] = blank ? 0 : quantised(left[i]);
      out[2 * i + 1] = blank ? 0 : quantised(right[i]);
    }
  };
};
