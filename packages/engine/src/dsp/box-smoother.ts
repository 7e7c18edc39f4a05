// Two moving averages in a row: a smooth step of `spanSamples` whose weights are never negative and add up to one.
//   y[n] = (1 / (L·M)) Σ_{j<L} Σ_{k<M} x[n − j − k],  span = L + M − 1
// Values 0…1 are held as integers in steps of 2⁻³⁰, so that the running sums are exact for ever and zeros give exact zeros.

const STEPS = 2 ** 30;

export class BoxSmoother {
  /** Input samples that one output sample looks at. */
  readonly spanSamples: number;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  readonly #scale: number;
  #firstIndex = 0;
  #secondIndex = 0;
  #firstSum = 0;
  #secondSum = 0;

  /** @param lengthSamples of each of the two averages, at most 2000 so that the sums stay below 2⁵³ */
  constructor(lengthSamples: number) {
    this.#first = new Float64Array(lengthSamples);
    this.#second = new Float64Array(lengthSamples);
    this.#scale = 1 / (STEPS * lengthSamples * lengthSamples);
    this.spanSamples = 2 * lengthSamples - 1;
  }

  /** Smooths the first `frames` values, each 0…1, in place. */
  process(values: Float64Array, frames: number): void {
    const first = this.#first;
    const second = this.#second;
    const length = first.length;
    let i1 = this.#firstIndex;
    let i2 = this.#secondIndex;
    let sum1 = this.#firstSum;
    let sum2 = this.#secondSum;
    for (let i = 0; i < frames; i++) {
      const value = Math.floor(values[i] * STEPS);
      sum1 += value - first[i1];
      first[i1] = value;
      sum2 += sum1 - second[i2];
      second[i2] = sum1;
      values[i] = sum2 * this.#scale;
      if (++i1 === length) i1 = 0;
      if (++i2 === length) i2 = 0;
    }
    this.#firstIndex = i1;
    this.#secondIndex = i2;
    this.#firstSum = sum1;
    this.#secondSum = sum2;
  }
}
