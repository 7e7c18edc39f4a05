import type { StereoBlock } from '../audio.ts';

/** Means of both channels, of their squares and of their product. */
export type Moments = {
  readonly meanLeft: number;
  readonly meanRight: number;
  readonly powerLeft: number;
  readonly powerRight: number;
  readonly product: number;
};

/** Sums sample by sample in their order, so that the size of the blocks leaves no trace. */
export class MomentsMeter {
  #frames = 0;
  #left = 0;
  #right = 0;
  #leftLeft = 0;
  #rightRight = 0;
  #leftRight = 0;

  push(block: StereoBlock, frames: number): void {
    const { left: lefts, right: rights } = block;
    let left = this.#left;
    let right = this.#right;
    let leftLeft = this.#leftLeft;
    let rightRight = this.#rightRight;
    let leftRight = this.#leftRight;
    for (let i = 0; i < frames; i++) {
      const l = lefts[i];
      const r = rights[i];
      left += l;
      right += r;
      leftLeft += l * l;
      rightRight += r * r;
      leftRight += l * r;
    }
    this.#left = left;
    this.#right = right;
    this.#leftLeft = leftLeft;
    this.#rightRight = rightRight;
    this.#leftRight = leftRight;
    this.#frames += frames;
  }

  /** All zero before the first frame. */
  read(): Moments {
    const frames = Math.max(1, this.#frames);
    return {
      meanLeft: this.#left / frames,
      meanRight: this.#right / frames,
      powerLeft: this.#leftLeft / frames,
      powerRight: this.#rightRight / frames,
      product: this.#leftRight / frames,
    };
  }
}
