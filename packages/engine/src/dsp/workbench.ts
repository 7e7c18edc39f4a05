/** Parts of a {@link Workbench}, in frames, in the order in which they lie there. */
export type Bench = { behindFrames: number; hopFrames: number; aheadFrames: number };

/**
 * One channel on its way over a bench on which a while of its past and of its future lie open and may be changed. When
 * `hopFrames` new samples are there, `mend` is called, and the hop after the past goes out as it then is. The hops start
 * where the signal starts, so the sizes of the blocks leave no trace. Latency: hop and future.
 */
export class Workbench {
  readonly latencyFrames: number;
  readonly #samples: Float64Array;
  readonly #arriving: Float64Array;
  readonly #bench: Bench;
  readonly #mend: (samples: Float64Array) => void;
  #arrived = 0;

  constructor(bench: Bench, mend: (samples: Float64Array) => void) {
    const { behindFrames, hopFrames, aheadFrames } = bench;
    this.latencyFrames = hopFrames + aheadFrames;
    this.#samples = new Float64Array(behindFrames + hopFrames + aheadFrames);
    this.#arriving = new Float64Array(hopFrames);
    this.#bench = bench;
    this.#mend = mend;
  }

  /** Writes what comes out to `output`, which may be `input`. */
  process(input: Float64Array, output: Float64Array, frames: number): void {
    const { behindFrames, hopFrames } = this.#bench;
    for (let from = 0; from < frames; ) {
      const to = Math.min(frames, from + hopFrames - this.#arrived);
      this.#arriving.set(input.subarray(from, to), this.#arrived);
      const leaving = behindFrames + this.#arrived;
      output.set(this.#samples.subarray(leaving, leaving + to - from), from);
      this.#arrived += to - from;
      from = to;
      if (this.#arrived === hopFrames) this.#advance();
    }
  }

  #advance(): void {
    const samples = this.#samples;
    samples.copyWithin(0, this.#bench.hopFrames);
    samples.set(this.#arriving, samples.length - this.#bench.hopFrames);
    this.#arrived = 0;
    this.#mend(samples);
  }
}
