// From 64-bit float to integers of the delivered word length, with triangular dither of two steps peak to peak, which makes
// the error independent of the signal in mean and power. Source: Lipshitz, Wannamaker & Vanderkooy, "Quantization and
// dither: a theoretical survey", JAES 1992. Digital silence stays digital silence. Kernel: kernels/quantiser.ts.
import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { TriangularNoise } from '../dsp/random.ts';
import { addressOf, kernels, reserve, within } from '../kernels/wasm.ts';

export type WordLength = { wordLengthBits: 16 | 24; seed: number };
/** Fills `out` with 2 · `frames` integers, left first. */
export type Quantise = (block: StereoBlock, frames: number, out: Int32Array) => void;

/** After so many frames of digital silence the dither stops too; unheard, it runs on. */
const BLANK_AFTER_FRAMES = 512;

/** Workspaces, for the length of a call. */
const noise = reserve(2 * BLOCK_FRAMES);
const leftCopy = reserve(BLOCK_FRAMES);
const rightCopy = reserve(BLOCK_FRAMES);
const rounded = reserve(BLOCK_FRAMES);
const integers = new Int32Array(rounded.buffer, rounded.byteOffset, 2 * BLOCK_FRAMES);

/** The same seed and the same samples give the same integers, whatever the sizes of the blocks. */
export const createQuantiser = ({ wordLengthBits, seed }: WordLength): Quantise => {
  const dither = new TriangularNoise(seed);
  const scale = 2 ** (wordLengthBits - 1);
  let silentFrames = 0;
  const blank = (block: StereoBlock, from: number, to: number, out: Int32Array): void => {
    for (let i = from; i < to; i++) {
      silentFrames = block.left[i] === 0 && block.right[i] === 0 ? silentFrames + 1 : 0;
      if (silentFrames > BLANK_AFTER_FRAMES) out.fill(0, 2 * i, 2 * i + 2);
    }
  };
  return (block, frames, out) => {
    for (let from = 0; from < frames; from += BLOCK_FRAMES) {
      const to = Math.min(frames, from + BLOCK_FRAMES);
      dither.fill(noise, 2 * (to - from));
      quantise(block, from, to, scale);
      out.set(integers.subarray(0, 2 * (to - from)), 2 * from);
      blank(block, from, to, out);
    }
  };
};

/** Rounds a stretch of a block, plus `noise`, to `integers`. */
const quantise = ({ left, right }: StereoBlock, from: number, to: number, scale: number): void => {
  const wasm = kernels();
  if (wasm) {
    const [first, second] = [within(left, from, to, leftCopy), within(right, from, to, rightCopy)];
    wasm.quantise(first, second, addressOf(noise), to - from, scale, addressOf(rounded));
    return;
  }
  const one = (sample: number, dither: number): number =>
    Math.max(-scale, Math.min(scale - 1, Math.floor(sample * scale + dither + 0.5)));
  for (let i = from, k = 0; i < to; i++, k += 2) {
    integers[k] = one(left[i], noise[k]);
    integers[k + 1] = one(right[i], noise[k + 1]);
  }
};
