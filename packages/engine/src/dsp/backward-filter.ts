// A filter that runs from later to earlier: the mirror of what a filter does, so that a turn of phase is taken back.
//   hops of 4096 frames, each filtered from its end to its start, beginning a while behind it, where the filter knows nothing
// H(z) becomes H(1/z): the same magnitude, the opposite phase. Latency: one hop and what is looked ahead.
// Accuracy: what is left of the filter's memory after `lookAheadFrames`.
import { type Biquad, BiquadSection } from './biquad.ts';

const HOP_FRAMES = 4096;

/** One channel. */
export class BackwardFilter {
  readonly latencyFrames: number;
  readonly #sections: readonly BiquadSection[];
  /** The running hop, and what lies behind it. */
  readonly #input: Float64Array;
  readonly #work: Float64Array;
  readonly #output = new Float64Array(HOP_FRAMES);
  #filled = 0;

  constructor(biquads: readonly Biquad[], lookAheadFrames: number) {
    this.latencyFrames = HOP_FRAMES + lookAheadFrames;
    this.#sections = biquads.map((biquad) => new BiquadSection(biquad));
    this.#input = new Float64Array(this.latencyFrames);
    this.#work = new Float64Array(this.latencyFrames);
  }

  /** Filters the first `frames` samples in place. */
  process(samples: Float64Array, frames: number): void {
    const ahead = this.latencyFrames - HOP_FRAMES;
    for (let from = 0; from < frames; ) {
      const to = Math.min(frames, from + HOP_FRAMES - this.#filled);
      this.#input.set(samples.subarray(from, to), ahead + this.#filled);
      samples.set(this.#output.subarray(this.#filled, this.#filled + to - from), from);
      this.#filled += to - from;
      from = to;
      if (this.#filled === HOP_FRAMES) this.#endHop();
    }
  }

  #endHop(): void {
    const work = this.#work;
    work.set(this.#input);
    work.reverse();
    for (const section of this.#sections) {
      section.reset();
      section.process(work, work, work.length);
    }
    work.reverse();
    this.#output.set(work.subarray(0, HOP_FRAMES));
    this.#input.copyWithin(0, HOP_FRAMES);
    this.#filled = 0;
  }
}
