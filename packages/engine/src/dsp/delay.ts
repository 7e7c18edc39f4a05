import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';

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
    for (let i = 0; length > 0 && i < frames; ) {
      const count = Math.min(frames - i, length - index, BLOCK_FRAMES);
      exchange(this.#left, index, input.left.subarray(i, i + count), output.left.subarray(i, i + count));
      exchange(this.#right, index, input.right.subarray(i, i + count), output.right.subarray(i, i + count));
      i += count;
      index = (index + count) % length;
    }
    this.#index = index;
  }
}

const taken = new Float64Array(BLOCK_FRAMES);

/** Takes out as many values as come in. */
const exchange = (ring: Float64Array, at: number, input: Float64Array, output: Float64Array): void => {
  taken.set(ring.subarray(at, at + input.length));
  ring.set(input, at);
  output.set(taken.subarray(0, input.length));
};
