// Maximum over the last W values in constant time per value: y[n] = max(x[n−W+1] … x[n]), zero before the start.
// Source: van Herk 1992, Gil & Werman 1993. No latency: the window looks back.

/** Values are cut into segments of W; a window is the tail of one segment and the head of the next. */
export class SlidingMax {
  readonly #window: number;
  readonly #segment: Float64Array;
  /** Maximum from index j to the end of the segment before; nothing behind the end. */
  readonly #tailMax: Float64Array;
  #position = 0;
  #headMax = -Infinity;

  constructor(windowSamples: number) {
    this.#window = windowSamples;
    this.#segment = new Float64Array(windowSamples);
    this.#tailMax = new Float64Array(windowSamples + 1);
    this.#tailMax[windowSamples] = -Infinity;
  }

  /** Replaces the first `frames` values by the maximum up to each. */
  process(values: Float64Array, frames: number): void {
    let position = this.#position;
    let headMax = this.#headMax;
    for (let i = 0; i < frames; i++) {
      const value = values[i];
      this.#segment[position++] = value;
      if (value > headMax) headMax = value;
      const tailMax = this.#tailMax[position];
      values[i] = headMax > tailMax ? headMax : tailMax;
      if (position === this.#window) {
        this.#closeSegment();
        position = 0;
        headMax = -Infinity;
      }
    }
    this.#position = position;
    this.#headMax = headMax;
  }

  #closeSegment(): void {
    let max = -Infinity;
    for (let j = this.#window - 1; j >= 0; j--) {
      if (this.#segment[j] > max) max = this.#segment[j];
      this.#tailMax[j] = max;
    }
  }
}
