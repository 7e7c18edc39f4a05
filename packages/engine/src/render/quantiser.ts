// From 64-bit float to integers of the delivered word length.
//   tpdf    y = round(x + d), d triangular, two steps peak to peak: the error is independent of the signal in mean and power
//   shaped  y = round(v + d), v = x − Σ cₖ·e[n−k], e = y − v: the same error, but coloured by 1 − Σ cₖ·z⁻ᵏ, away from where the
//           ear is keenest. For 16 bits at 44.1 and 48 kHz; elsewhere there is no need, and it is tpdf.
//   none    y = round(x)
// Source: Lipshitz, Wannamaker & Vanderkooy, "Quantization and dither: a theoretical survey", JAES 1992; Lipshitz, Vanderkooy &
// Wannamaker, "Minimally audible noise shaping", JAES 1991 (five coefficients, modified E-weighting).
// Digital silence stays digital silence. No latency. Kernel: kernels/quantiser.ts.
import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { TriangularNoise } from '../dsp/random.ts';
import { addressOf, isReserved, kernels, reserve, reserveIntegers, within } from '../kernels/wasm.ts';

export type Dither = 'tpdf' | 'shaped' | 'none';
export type WordLength = { wordLengthBits: 16 | 24; seed: number; dither: Dither; sampleRateHz: number };
/** Fills `out` with 2 · `frames` integers, left first. */
export type Quantise = (block: StereoBlock, frames: number, out: Int32Array) => void;

/** After so many frames of digital silence the dither stops too; unheard, it runs on. */
const BLANK_AFTER_FRAMES = 512;
/** cₖ: 12 dB more noise in all, nearly all of it above 14 kHz; 16 dB less below 3 kHz, 24 dB and more less at 4 kHz. */
const SHAPE = [2.033, -2.165, 1.959, -1.59, 0.6149];
const SHAPED_UP_TO_HZ = 48_000;

/** Where there is no dither. */
const noNoise = reserve(2 * BLOCK_FRAMES);
/** Workspaces, for the length of a call. */
const leftCopy = reserve(BLOCK_FRAMES);
const rightCopy = reserve(BLOCK_FRAMES);
const integers = reserveIntegers(2 * BLOCK_FRAMES);

type Stretch = { from: number; to: number; noise: Float64Array };
/** Rounds a stretch of a block, plus noise, to the start of what was reserved. */
type Round = (block: StereoBlock, stretch: Stretch, scale: number, rounded: Int32Array) => void;

/** The same seed and the same samples give the same integers, whatever the sizes of the blocks. */
export const createQuantiser = ({ wordLengthBits, seed, dither, sampleRateHz }: WordLength): Quantise => {
  const chance = new TriangularNoise(seed);
  const scale = 2 ** (wordLengthBits - 1);
  const isShaped = dither === 'shaped' && wordLengthBits === 16 && sampleRateHz <= SHAPED_UP_TO_HZ;
  const round: Round = isShaped ? shapedRound() : plainRound;
  const blank = new Blanking();
  return (block, frames, out) => {
    for (let from = 0; from < frames; from += BLOCK_FRAMES) {
      const to = Math.min(frames, from + BLOCK_FRAMES);
      const noise = dither === 'none' ? noNoise : chance.next(2 * (to - from));
      const fits = from === 0 && isReserved(out);
      round(block, { from, to, noise }, scale, fits ? out : integers);
      if (!fits) out.set(integers.subarray(0, 2 * (to - from)), 2 * from);
      blank.process(block, from, to, out);
    }
  };
};

/** Counts frames of digital silence. */
class Silence {
  #frames = 0;

  /** Whether it is known at a glance that none lasts within these samples of one channel, nor beyond their end. */
  passes(samples: Float64Array, from: number, to: number): boolean {
    if (this.#frames > 0 || samples[to - 1] === 0) return false;
    for (let i = from; i < to; i += BLANK_AFTER_FRAMES) if (samples[i] === 0) return false;
    return true;
  }

  /** Whether it has lasted until this frame. */
  lasts(left: number, right: number): boolean {
    this.#frames = left === 0 && right === 0 ? this.#frames + 1 : 0;
    return this.#frames > BLANK_AFTER_FRAMES;
  }
}

class Blanking {
  readonly #silence = new Silence();

  process({ left, right }: StereoBlock, from: number, to: number, out: Int32Array): void {
    if (this.#silence.passes(left, from, to)) return;
    for (let i = from; i < to; i++) {
      if (!this.#silence.lasts(left[i], right[i])) continue;
      out[2 * i] = 0;
      out[2 * i + 1] = 0;
    }
  }
}

const plainRound: Round = ({ left, right }, { from, to, noise }, scale, rounded) => {
  const wasm = kernels();
  if (wasm) {
    const [first, second] = [within(left, from, to, leftCopy), within(right, from, to, rightCopy)];
    wasm.quantise(first, second, addressOf(noise), to - from, scale, addressOf(rounded));
    return;
  }
  for (let i = from, k = 0; i < to; i++, k += 2) {
    rounded[k] = held(Math.floor(left[i] * scale + noise[k] + 0.5), scale);
    rounded[k + 1] = held(Math.floor(right[i] * scale + noise[k + 1] + 0.5), scale);
  }
};

const held = (value: number, scale: number): number => Math.max(-scale, Math.min(scale - 1, value));

const shapedRound = (): Round => {
  const channels = [new ShapedRounding(), new ShapedRounding()];
  const silence = new Silence();
  return ({ left, right }, { from, to, noise }, scale, rounded) => {
    for (let i = from, k = 0; i < to; i++, k += 2) {
      if (silence.lasts(left[i], right[i])) for (const channel of channels) channel.forget();
      rounded[k] = held(channels[0].round(left[i] * scale, noise[k]), scale);
      rounded[k + 1] = held(channels[1].round(right[i] * scale, noise[k + 1]), scale);
    }
  };
};

/** Its errors are those of the rounding alone, at most 1½ steps: a sample that is held at full scale adds nothing to them. */
class ShapedRounding {
  readonly #errors = SHAPE.map(() => 0);

  round(steps: number, dither: number): number {
    const errors = this.#errors;
    let wanted = steps;
    for (let k = 0; k < SHAPE.length; k++) wanted -= SHAPE[k] * errors[k];
    const rounded = Math.floor(wanted + dither + 0.5);
    for (let k = SHAPE.length - 1; k > 0; k--) errors[k] = errors[k - 1];
    errors[0] = rounded - wanted;
    return rounded;
  }

  forget(): void {
    this.#errors.fill(0);
  }
}
