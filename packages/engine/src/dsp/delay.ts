import type { StereoBlock } from '../audio.ts';

/** Delays two planes by a whole number of samples; zeros come first. */
export class StereoDelay {
  readonly #left: Float64Array;
  readonly #right: Float64Array;
  #index = 0;

  constructor(delaySamples: number) {
    this.#left = new Float64Array(delaySamples);
    this.#right = new Float64Array(delaySamples);
  }

  /** Writes the delayed first `frames` samples of `input` to `output`, which may be `input`. */
  process(input: StereoBlock, output: StereoBlock, frames: number): void {
    const length = this.#left.length;
    let index = this.#index;
    for (let i = 0; i < frames; i++) {
      const left = input.left[i];
      const right = input.right[i];
      output.left[i] = this.#left[index];
      output.right[i] = this.#right[index];
      this.#left[index] = left;
      this.#right[index] = right;
      if (++index === length) index = 0;
    }
    this.#index = index;
  }
}
