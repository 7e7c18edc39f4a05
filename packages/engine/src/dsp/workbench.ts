/** Parts of a {@link Workbench}, in frames, in the order in which they lie there. */
export type Bench = { behindFrames: number; hopFrames: number; aheadFrames: number };

/** Hops for which there is room behind the bench: so often it moves on before all is moved back. */
const MOVES = 8;

/**
 * One channel on its way over a bench on which a while of its past and of its future lie open and may be changed. When
 * `hopFrames` new samples are there, `mend` is called, and the hop after the past goes out as it then is. The hops start
 * where the signal starts, so the sizes of the blocks leave no trace. Latency: hop and future.
 */
export class Workbench {
  readonly latencyFrames: number;
  /** All samples, and the bench in each of its places among them. */
  readonly #samples: Float64Array;
  readonly #places: readonly Float64Array[];
  readonly #behindFrames: number;
  readonly #hopFrames: number;
  readonly #mend: (samples: Float64Array) => void;
  #place = 0;
  #arrived = 0;

  constructor({ behindFrames, hopFrames, aheadFrames }: Bench, mend: (samples: Float64Array) => void) {
    const length = behindFrames + hopFrames + aheadFrames;
    const samples = new Float64Array(length + MOVES * hopFrames);
    this.latencyFrames = hopFrames + aheadFrames;
    this.#samples = samples;
    this.#places = Array.from({ length: MOVES + 1 }, (_, n) => samples.subarray(n * hopFrames, n * hopFrames + length));
    this.#behindFrames = behindFrames;
    this.#hopFrames = hopFrames;
    this.#mend = mend;
  }

  /** Writes what comes out to `output`, which may be `input`, or nowhere. */
  process(input: Float64Array, output: Float64Array | null, frames: number): void {
    for (let from = 0; from < frames; ) {
      const count = Math.min(frames - from, this.#hopFrames - this.#arrived);
      this.#take(input, from, count);
      if (output) this.#give(output, from, count);
      this.#arrived += count;
      from += count;
      if (this.#arrived === this.#hopFrames) this.#advance();
    }
  }

  #take(input: Float64Array, from: number, count: number): void {
    const to = this.#place * this.#hopFrames + this.#places[0].length + this.#arrived;
    this.#samples.set(input.subarray(from, from + count), to);
  }

  #give(output: Float64Array, to: number, count: number): void {
    const from = this.#place * this.#hopFrames + this.#behindFrames + this.#arrived;
    output.set(this.#samples.subarray(from, from + count), to);
  }

  #advance(): void {
    this.#arrived = 0;
    this.#place++;
    this.#mend(this.#places[this.#place]);
    if (this.#place < MOVES) return;
    this.#samples.copyWithin(0, MOVES * this.#hopFrames);
    this.#place = 0;
  }
}
