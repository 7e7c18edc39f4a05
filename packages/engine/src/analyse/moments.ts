import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { addressOf, kernels, reserve, within } from '../kernels/wasm.ts';

/** Means of both channels, of their squares and of their product. */
export type Moments = {
  readonly meanLeft: number;
  readonly meanRight: number;
  readonly powerLeft: number;
  readonly powerRight: number;
  readonly product: number;
};

/** Of left, right, their squares, and the product of both. */
const SUMS = 5;
/** Workspaces, for the length of a call. */
const copies = [reserve(BLOCK_FRAMES), reserve(BLOCK_FRAMES)];
const workSums = reserve(SUMS);

/** Sums sample by sample in their order, so that the size of the blocks leaves no trace. Kernel: kernels/sums.ts. */
export class MomentsMeter {
  #frames = 0;
  readonly #sums = new Float64Array(SUMS);

  /** @param frames at most 4096 */
  push({ left, right }: StereoBlock, frames: number): void {
    this.#frames += frames;
    const wasm = kernels();
    if (!wasm) {
      addMoments(left, right, frames, this.#sums);
      return;
    }
    workSums.set(this.#sums);
    const [leftAt, rightAt] = [within(left, 0, frames, copies[0]), within(right, 0, frames, copies[1])];
    wasm.addMoments(leftAt, rightAt, frames, addressOf(workSums));
    this.#sums.set(workSums);
  }

  /** All zero before the first frame. */
  read(): Moments {
    const [meanLeft, meanRight, powerLeft, powerRight, product] = this.#sums.map(
      (sum) => sum / Math.max(1, this.#frames),
    );
    return { meanLeft, meanRight, powerLeft, powerRight, product };
  }
}

const addMoments = (left: Float64Array, right: Float64Array, frames: number, sums: Float64Array): void => {
  for (let i = 0; i < frames; i++) {
    const l = left[i];
    const r = right[i];
    sums[0] += l;
    sums[1] += r;
    sums[2] += l * l;
    sums[3] += r * r;
    sums[4] += l * r;
  }
};
