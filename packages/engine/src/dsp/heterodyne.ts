// One frequency, heard apart from everything else: the signal is turned down to 0 Hz and averaged under Hann windows.
//   y(t) = (2/Σw) Σₙ w[n] · x[t + n] · e^(−2πif(t + n)/rate): a steady sine a·cos(2πft + φ) gives a·e^(iφ), for every t.
// Of many such values the steady part c is found although louder things come and go: y = c + noise with Student's
// t-distribution of one degree of freedom, by expectation maximisation (Lange, Little & Taylor, JASA 1989):
//   u = 3 / (1 + |y − c|²/s),   c = Σ u·y / Σ u,   s = Σ u·|y − c|² / (2 Σ u)
import { addressOf, kernels, reserve, within } from '../kernels/wasm.ts';
import { quantiseCoefficient } from './quantise.ts';

const TURN = 2 * Math.PI;

export type Complex = { re: number; im: number };
/** Complex numbers in two lists of the same length. */
export type Complexes = { readonly re: Float64Array; readonly im: Float64Array };

/** e^(2πi·turns), the same bits on every machine. */
export const phasor = (turns: number): Complex => {
  const angle = TURN * (turns - Math.floor(turns));
  return { re: quantiseCoefficient(Math.cos(angle)), im: quantiseCoefficient(Math.sin(angle)) };
};

/** Workspaces, for the length of a call; tables stay until others are laid. */
const LONGEST = 4096;
const workSamples = reserve(LONGEST);
const workCosines = reserve(LONGEST);
const workSines = reserve(LONGEST);
const workSums = reserve(2);
let laid: Heterodyne | null = null;

/** Listens to one frequency through a window of an odd number of samples. Kernel: kernels/sums.ts. */
export class Heterodyne {
  readonly #turnsPerSample: number;
  readonly #cosines: Float64Array;
  readonly #sines: Float64Array;

  /** @param turnsPerSample the frequency, as a part of the sample rate */
  constructor(turnsPerSample: number, windowSamples: number) {
    this.#turnsPerSample = turnsPerSample;
    this.#cosines = new Float64Array(windowSamples);
    this.#sines = new Float64Array(windowSamples);
    for (let n = 0; n < windowSamples; n++) {
      const weight = (1 - Math.cos((TURN * (n + 1)) / (windowSamples + 1))) / (windowSamples + 1);
      const { re, im } = phasor(turnsPerSample * n);
      this.#cosines[n] = quantiseCoefficient(2 * weight * re);
      this.#sines[n] = quantiseCoefficient(-2 * weight * im);
    }
  }

  /** @param position of the first sample of the window, counted from where the phase is 0; it may be a fraction */
  read(samples: Float64Array, from: number, position: number): Complex {
    const { re, im } = this.#sumsOf(samples, from);
    const turn = phasor(-this.#turnsPerSample * position);
    return { re: re * turn.re - im * turn.im, im: re * turn.im + im * turn.re };
  }

  #sumsOf(samples: Float64Array, from: number): Complex {
    const [cosines, sines] = [this.#cosines, this.#sines];
    const count = cosines.length;
    const wasm = count <= LONGEST ? kernels() : null;
    if (wasm) {
      if (laid !== this)
        for (const [table, work] of [
          [cosines, workCosines],
          [sines, workSines],
        ])
          work.set(table);
      laid = this;
      const at = within(samples, from, from + count, workSamples);
      wasm.dotPair(at, addressOf(workCosines), addressOf(workSines), count, addressOf(workSums));
      return { re: workSums[0], im: workSums[1] };
    }
    const re = [0, 0];
    const im = [0, 0];
    for (let n = 0; n < count; n++) {
      re[n & 1] += samples[from + n] * cosines[n];
      im[n & 1] += samples[from + n] * sines[n];
    }
    return { re: re[0] + re[1], im: im[0] + im[1] };
  }
}

/** The steady part of many values, and the power of the error it is expected to have. */
export type Steady = Complex & { errorPower: number };

const ITERATIONS = 8;
/** Windows that overlap by half or more have fewer independent values than there are. */
const DEPENDENCE = 2;

/**
 * @param weights what each value counts beforehand; 0 leaves it out
 * @param power the power the steady part is expected to have
 */
export const steadyPart = ({ re, im }: Complexes, weights: Float64Array, power: number): Steady => {
  const steady = { re: 0, im: 0, errorPower: 0 };
  let spread = power;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    let [sum, sumRe, sumIm, scatter, error] = [0, 0, 0, 0, 0];
    for (let t = 0; t < re.length; t++) {
      const dRe = re[t] - steady.re;
      const dIm = im[t] - steady.im;
      const distance = dRe * dRe + dIm * dIm;
      const u = weights[t] / (1 + distance / spread);
      sum += u;
      sumRe += u * re[t];
      sumIm += u * im[t];
      scatter += u * distance;
      error += u * u * distance;
    }
    if (!(sum > 0)) break;
    steady.re = sumRe / sum;
    steady.im = sumIm / sum;
    steady.errorPower = (DEPENDENCE * error) / (sum * sum);
    spread = Math.max(scatter / (2 * sum), power * LEAST_SPREAD);
  }
  return steady;
};

/** Of the expected power: no measurement is finer. */
const LEAST_SPREAD = 1e-6;
