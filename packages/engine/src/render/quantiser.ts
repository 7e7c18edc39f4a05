// From 64-bit float to integers of the delivered word length.
//   tpdf    y = round(x + d), d triangular, two steps peak to peak: the error is independent of the signal in mean and power
//   shaped  y = round(v + d), v = x − Σ cₖ·e[n−k], e = y − v: the same error, but coloured by 1 − Σ cₖ·z⁻ᵏ, away from where the
//           ear is keenest. For 16 bits at 44.1 and 48 kHz; elsewhere there is no need, and it is tpdf.
//   none    y = round(x)
// Source: Lipshitz, Wannamaker & Vanderkooy, "Quantization and dither: a theoretical survey", JAES 1992; Lipshitz, Vanderkooy &
// Wannamaker, "Minimally audible noise shaping", JAES 1991 (five coefficients, modified E-weighting).
// Digital silence stays digital silence. No latency.
import type { StereoBlock } from '../audio.ts';
import { SeededRandom } from '../dsp/random.ts';

export type Dither = 'tpdf' | 'shaped' | 'none';
export type WordLength = { wordLengthBits: 16 | 24; seed: number; dither: Dither; sampleRateHz: number };
/** Fills `out` with 2 · `frames` integers, left first. */
export type Quantise = (block: StereoBlock, frames: number, out: Int32Array) => void;

/** After so many frames of digital silence the dither stops too. */
const BLANK_AFTER_FRAMES = 512;
const UNIFORM = 2 ** -32;
/** cₖ: 12 dB more noise in all, nearly all of it above 14 kHz; 16 dB less below 3 kHz, 24 dB and more less at 4 kHz. */
const SHAPE = [2.033, -2.165, 1.959, -1.59, 0.6149];
const SHAPED_UP_TO_HZ = 48_000;

/** One channel's rounding, with what it remembers. */
type Rounding = { round(steps: number): number; forget(): void };

/** The same seed and the same samples give the same integers, whatever the sizes of the blocks. */
export const createQuantiser = (wanted: WordLength): Quantise => {
  const [leftRounding, rightRounding] = roundings(wanted);
  const scale = 2 ** (wanted.wordLengthBits - 1);
  let silentFrames = 0;
  const held = (value: number): number => Math.max(-scale, Math.min(scale - 1, value));
  return ({ left, right }, frames, out) => {
    for (let i = 0; i < frames; i++) {
      silentFrames = left[i] === 0 && right[i] === 0 ? silentFrames + 1 : 0;
      if (silentFrames > BLANK_AFTER_FRAMES) {
        leftRounding.forget();
        rightRounding.forget();
        out[2 * i] = 0;
        out[2 * i + 1] = 0;
        continue;
      }
      out[2 * i] = held(leftRounding.round(left[i] * scale));
      out[2 * i + 1] = held(rightRounding.round(right[i] * scale));
    }
  };
};

/** Both channels draw from one source of chance, in turn. */
const roundings = ({ wordLengthBits, seed, dither, sampleRateHz }: WordLength): [Rounding, Rounding] => {
  const random = new SeededRandom(seed);
  const triangular = (): number => (random.next() - random.next()) * UNIFORM;
  const isShaped = dither === 'shaped' && wordLengthBits === 16 && sampleRateHz <= SHAPED_UP_TO_HZ;
  if (isShaped) return [new ShapedRounding(triangular), new ShapedRounding(triangular)];
  const round = dither === 'none' ? Math.round : (steps: number): number => Math.round(steps + triangular());
  const plain = { round, forget: () => {} };
  return [plain, plain];
};

/** Its errors are those of the rounding alone, at most 1½ steps: a sample that is held at full scale adds nothing to them. */
class ShapedRounding implements Rounding {
  readonly #dither: () => number;
  readonly #errors = SHAPE.map(() => 0);

  constructor(dither: () => number) {
    this.#dither = dither;
  }

  round(steps: number): number {
    const errors = this.#errors;
    let wanted = steps;
    for (let k = 0; k < SHAPE.length; k++) wanted -= SHAPE[k] * errors[k];
    const rounded = Math.round(wanted + this.#dither());
    for (let k = SHAPE.length - 1; k > 0; k--) errors[k] = errors[k - 1];
    errors[0] = rounded - wanted;
    return rounded;
  }

  forget(): void {
    this.#errors.fill(0);
  }
}
