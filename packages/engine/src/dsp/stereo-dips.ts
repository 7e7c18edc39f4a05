// Brings the reductions of two channels into shape: held while a peak passes, and entered and left smoothly.
//   gain = 1 − smooth(hold(r)); building blocks: sliding-max.ts, box-smoother.ts. Values 0…1, one for each step of time. Kernel: kernels/limiter.ts, which works on both channels at once
// and computes the same.
import type { StereoBlock } from '../audio.ts';
import { addressOf, kernels, reserve } from '../kernels/wasm.ts';
import { BoxSmoother } from './box-smoother.ts';
import { SlidingMax } from './sliding-max.ts';

/** In steps: each of the two averages, and what stays all the way down on either side of the step that holds a peak. */
export type DipShape = { readonly smoothing: number; readonly flat: number };

/** Steps over which a reduction is held, so that the averages see nothing else from a flat part's start to its end. */
export const holdOf = ({ smoothing, flat }: DipShape): number => 2 * (smoothing - 1 + flat) + 1;

/** What comes out belongs to so many steps ago. */
export const latencyOf = ({ smoothing, flat }: DipShape): number => 2 * (smoothing - 1) + flat;

/** One channel, without a kernel. */
class Dips {
  readonly #hold: SlidingMax;
  readonly #smoother: BoxSmoother;

  constructor(shape: DipShape) {
    this.#hold = new SlidingMax(holdOf(shape));
    this.#smoother = new BoxSmoother(shape.smoothing);
  }

  process(values: Float64Array, count: number): void {
    this.#hold.process(values, count);
    this.#smoother.process(values, count);
    for (let i = 0; i < count; i++) values[i] = 1 - values[i];
  }
}

/** As kernels/limiter.ts lays it out: position, window, index and length; then pairs for left and right. */
const HEADER = 4;
const PAIR = 2;
const LONGEST_STATE = 1024;
const workState = reserve(LONGEST_STATE);

export class StereoDips {
  /** So many steps without any reduction leave nothing in the memory. */
  readonly memory: number;
  readonly #channels: readonly [Dips, Dips];
  readonly #state: Float64Array;

  constructor(shape: DipShape) {
    const { smoothing } = shape;
    const hold = holdOf(shape);
    this.memory = 2 * (hold + smoothing);
    this.#channels = [new Dips(shape), new Dips(shape)];
    // Head, two sums and a scale; the running segment, the tail of the one before, and what the two averages hold.
    this.#state = new Float64Array(HEADER + PAIR * (4 + hold + (hold + 1) + 2 * smoothing));
    this.#state.set([0, hold, 0, smoothing]);
  }

  /** Turns the first `count` reductions, which are reserved, into gains. */
  process({ left, right }: StereoBlock, count: number): void {
    const wasm = kernels();
    if (wasm && this.#state.length <= LONGEST_STATE) {
      workState.set(this.#state);
      wasm.shapeDips(addressOf(left), addressOf(right), count, addressOf(workState));
      this.#state.set(workState.subarray(0, this.#state.length));
      return;
    }
    this.#channels[0].process(left, count);
    this.#channels[1].process(right, count);
  }
}
