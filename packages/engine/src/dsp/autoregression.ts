// Autoregressive model of a piece of sound: x[n] + a₁·x[n−1] + … + a_p·x[n−p] = e[n], with e as small as can be.
// Source: Levinson and Durbin's recursion on the autocorrelation under a Hann window; Godsill & Rayner, "Digital Audio
// Restoration", 1998, 4.3. Adds, multiplies and divides only, but for the window, which is quantised.
import { addressOf, kernels, reserve } from '../kernels/wasm.ts';
import { quantiseCoefficient } from './quantise.ts';

/** White noise of −100 dB is added, so that there is a model for pure tones; the least power gives one to silence. */
const WHITENING = 1 + 1e-10;
const LEAST_POWER = 1e-30;

const hann = (size: number): Float64Array =>
  Float64Array.from({ length: size }, (_, n) =>
    quantiseCoefficient(0.5 - 0.5 * Math.cos((2 * Math.PI * (n + 0.5)) / size)),
  );

/** Workspaces, for the length of a call; longer pieces are left to the twin. */
const LONGEST = 8192;
const MOST_LAGS = 64;
const workPiece = reserve(LONGEST);
const workSums = reserve(MOST_LAGS);
const workErrors = reserve(LONGEST);
/** Lags in one pass of the kernel. */
const LAGS = 16;

/** A model that is fitted again and again. All memory is taken at the start. Kernel: kernels/sums.ts. */
export class Autoregression {
  readonly order: number;
  /** a₀ = 1 … a_p. */
  readonly #a: Float64Array;
  /** b₀ … b_p. */
  readonly #products: Float64Array;
  readonly #correlation: Float64Array;
  readonly #previous: Float64Array;
  readonly #window: Float64Array;
  readonly #piece: Float64Array;

  /** @param order one less than a multiple of sixteen
   *  @param windowFrames length of the pieces of sound that are shown to it */
  constructor(order: number, windowFrames: number) {
    this.order = order;
    this.#a = new Float64Array(order + 1);
    this.#products = new Float64Array(order + 1);
    this.#correlation = new Float64Array(order + 1);
    this.#previous = new Float64Array(order + 1);
    this.#window = hann(windowFrames);
    this.#piece = new Float64Array(windowFrames + LAGS - 1);
  }

  /** Forgets what was shown. */
  forget(): void {
    this.#correlation.fill(0);
  }

  /** Shows the piece of sound that starts at `from`; several pieces add up. */
  show(samples: Float64Array, from: number): void {
    const piece = this.#piece;
    const correlation = this.#correlation;
    const size = this.#window.length;
    for (let n = 0; n < size; n++) piece[n] = this.#window[n] * samples[from + n];
    const wasm = piece.length <= LONGEST ? kernels() : null;
    if (wasm) {
      workPiece.set(piece);
      workSums.set(correlation);
      for (let lag = 0; lag <= this.order; lag += LAGS)
        wasm.correlate(addressOf(workPiece), size, lag, addressOf(workSums, lag));
      correlation.set(workSums.subarray(0, correlation.length));
      return;
    }
    // Eight lags in one pass.
    for (let lag = 0; lag <= this.order; lag += 8) {
      let [sum0, sum1, sum2, sum3, sum4, sum5, sum6, sum7] = [0, 0, 0, 0, 0, 0, 0, 0];
      for (let n = 0, at = lag; at < size; n++, at++) {
        const x = piece[n];
        sum0 += x * piece[at];
        sum1 += x * piece[at + 1];
        sum2 += x * piece[at + 2];
        sum3 += x * piece[at + 3];
        sum4 += x * piece[at + 4];
        sum5 += x * piece[at + 5];
        sum6 += x * piece[at + 6];
        sum7 += x * piece[at + 7];
      }
      const sums = [sum0, sum1, sum2, sum3, sum4, sum5, sum6, sum7];
      for (let k = 0; k < sums.length; k++) correlation[lag + k] += sums[k];
    }
  }

  /** Fits the model to what was shown (Levinson and Durbin). */
  fit(): void {
    const a = this.#a;
    const r = this.#correlation;
    const previous = this.#previous;
    a.fill(0);
    a[0] = 1;
    let power = r[0] * WHITENING + LEAST_POWER;
    for (let m = 1; m <= this.order; m++) {
      let sum = r[m];
      for (let k = 1; k < m; k++) sum += a[k] * r[m - k];
      const reflection = -sum / power;
      previous.set(a);
      for (let k = 1; k < m; k++) a[k] += reflection * previous[m - k];
      a[m] = reflection;
      power *= 1 - reflection * reflection;
    }
    this.#multiply();
  }

  #multiply(): void {
    const a = this.#a;
    for (let k = 0; k <= this.order; k++) {
      let sum = 0;
      for (let j = 0; j + k <= this.order; j++) sum += a[j] * a[j + k];
      this.#products[k] = sum;
    }
  }

  /** e[n] for `from` ≤ n < `to`, to `residual` from its start. `direction` 1 predicts from the past, −1 from the future. */
  residual(
    samples: Float64Array,
    [from, to]: readonly [number, number],
    direction: 1 | -1,
    residual: Float64Array,
  ): void {
    const a = this.#a;
    const wasm = to - from + 2 * this.order + LAGS <= LONGEST ? kernels() : null;
    if (wasm) {
      const first = Math.max(0, from - this.order);
      workPiece.set(samples.subarray(first, to + this.order));
      workSums.set(a);
      const at = addressOf(workPiece, from - first);
      wasm.predictionError(at, to - from, addressOf(workSums), this.order, direction, addressOf(workErrors));
      for (let n = 0; n < to - from; n++) residual[n] = workErrors[n];
      return;
    }
    // Four at a time: each sum waits for its last addition.
    let n = from;
    for (; n + 4 <= to; n += 4) {
      let [sum0, sum1, sum2, sum3] = [samples[n], samples[n + 1], samples[n + 2], samples[n + 3]];
      for (let k = 1, at = n - direction; k <= this.order; k++, at -= direction) {
        const factor = a[k];
        sum0 += factor * samples[at];
        sum1 += factor * samples[at + 1];
        sum2 += factor * samples[at + 2];
        sum3 += factor * samples[at + 3];
      }
      residual[n - from] = sum0;
      residual[n - from + 1] = sum1;
      residual[n - from + 2] = sum2;
      residual[n - from + 3] = sum3;
    }
    for (; n < to; n++) {
      let sum = samples[n];
      for (let k = 1, at = n - direction; k <= this.order; k++, at -= direction) sum += a[k] * samples[at];
      residual[n - from] = sum;
    }
  }

  /** b for two samples so far apart. */
  productAt(distance: number): number {
    return distance <= this.order ? this.#products[distance] : 0;
  }
}
