// Brings the reductions of two channels into shape: held while a peak passes, and entered and left smoothly.
//   gain = 1 − smooth(hold(r)); building blocks: sliding-max.ts, box-smoother.ts. Values 0…1. Kernel: kernels/limiter.ts,
// which works on both channels at once and computes the same.
import type { StereoBlock } from '../audio.ts';
import { addressOf, kernels, reserve } from '../kernels/wasm.ts';
import { BoxSmoother } from './box-smoother.ts';
import { SlidingMax } from './sliding-max.ts';

/** One channel, without a kernel. */
class Dips {
  readonly #hold: SlidingMax;
  readonly #smoother: BoxSmoother;

  constructor(holdFrames: number, smoothingFrames: number) {
    this.#hold = new SlidingMax(holdFrames);
    this.#smoother = new BoxSmoother(smoothingFrames);
  }

  process(values: Float64Array, frames: number): void {
    this.#hold.process(values, frames);
    this.#smoother.process(values, frames);
    for (let i = 0; i < frames; i++) values[i] = 1 - values[i];
  }
}

/** As kernels/limiter.ts lays it out: position, window, index and length; then pairs for left and right. */
const HEADER = 4;
const PAIR = 2;
const LONGEST_STATE = 8192;
const workState = reserve(LONGEST_STATE);

export class StereoDips {
  readonly latencyFrames: number;
  /** So many frames without any reduction leave nothing in the memory. */
  readonly memoryFrames: number;
  readonly #channels: readonly [Dips, Dips];
  readonly #state: Float64Array;

  /** @param flatFrames on either side of a peak over which the gain stays all the way down */
  constructor(smoothingFrames: number, flatFrames: number) {
    const spanFrames = 2 * smoothingFrames - 1;
    this.latencyFrames = spanFrames + flatFrames;
    const holdFrames = this.latencyFrames + flatFrames + 2;
    const dips = (): Dips => new Dips(holdFrames, smoothingFrames);
    this.#channels = [dips(), dips()];
    // Head, two sums and a scale; the running segment, the tail of the one before, and what the two averages hold.
    this.#state = new Float64Array(HEADER + PAIR * (4 + holdFrames + (holdFrames + 1) + 2 * smoothingFrames));
    this.#state.set([0, holdFrames, 0, smoothingFrames]);
    this.memoryFrames = 2 * holdFrames + 2 * smoothingFrames;
  }

  /** Turns the first `frames` reductions, which are reserved, into gains. */
  process({ left, right }: StereoBlock, frames: number): void {
    const wasm = kernels();
    if (wasm && this.#state.length <= LONGEST_STATE) {
      workState.set(this.#state);
      wasm.shapeDips(addressOf(left), addressOf(right), frames, addressOf(workState));
      this.#state.set(workState.subarray(0, this.#state.length));
      return;
    }
    this.#channels[0].process(left, frames);
    this.#channels[1].process(right, frames);
  }
}
