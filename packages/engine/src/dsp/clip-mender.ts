// Peaks that were cut off in one channel, rebuilt from what surrounds them.
//   A sample at or beyond the ceiling counts as missing; least squares interpolation makes Σ e² of the model least. One that
//   comes out below the ceiling is put back on it and counts as known, until none does; with the result the model is fitted again.
// Source: Janssen, Veldhuis & Vries 1986 (alternating fit and interpolation); Godsill & Rayner, "Digital Audio Restoration", 1998, 5.2;
// the constraint after Záviška, Rajmic, Ozerov & Rencker, "A survey and an extensive evaluation of popular audio declipping
// methods", 2021 (consistency in the clipped part). Where it leads nowhere, a cubic (Hermite) leads from edge to edge.
// Latency: hop and future of the bench, 2048 frames up to 66 kHz.
import type { Ceiling } from '../plan.ts';
import { Autoregression } from './autoregression.ts';
import { Interpolator } from './interpolator.ts';
import { Workbench } from './workbench.ts';

const ORDER = 47;
const BASE_RATE_HZ = 44_100;
/** Past, hop and future are alike, at the base rate and its multiples. */
const THIRD = 1024;
const FITS = 3;
/** Missing samples that are solved for at once. */
const MOST = 160;
const ROUNDS = 12;
/** Nothing is rebuilt further than 12 dB beyond the ceiling. */
const LARGEST_RATIO = 4;

export class ClipMender {
  readonly #bench: Workbench;
  readonly #third: number;
  readonly #high: number;
  readonly #low: number;
  readonly #model: Autoregression;
  readonly #interpolator = new Interpolator(MOST);
  readonly #work: Float64Array;
  readonly #isRebuilt: Uint8Array;
  readonly #missing = new Int32Array(MOST);
  readonly #free = new Int32Array(MOST);

  constructor(sampleRateHz: number, { high, low }: Ceiling) {
    const third = THIRD * Math.max(1, Math.round(sampleRateHz / BASE_RATE_HZ));
    this.#third = third;
    this.#high = high ?? Number.POSITIVE_INFINITY;
    this.#low = low ?? Number.NEGATIVE_INFINITY;
    this.#bench = new Workbench({ behindFrames: third, hopFrames: third, aheadFrames: third }, (samples) =>
      this.#mend(samples),
    );
    this.#model = new Autoregression(ORDER, 3 * third);
    this.#work = new Float64Array(3 * third);
    this.#isRebuilt = new Uint8Array(3 * third);
  }

  get latencyFrames(): number {
    return this.#bench.latencyFrames;
  }

  process(input: Float64Array, output: Float64Array, frames: number): void {
    this.#bench.process(input, output, frames);
  }

  #mend(samples: Float64Array): void {
    const third = this.#third;
    this.#isRebuilt.copyWithin(0, third);
    this.#isRebuilt.fill(0, 2 * third);
    let first = third;
    while (first < 2 * third && !this.#isCut(samples, first)) first++;
    if (first === 2 * third) return;
    this.#work.set(samples);
    for (let fit = 0; fit < FITS; fit++) {
      this.#model.forget();
      this.#model.show(this.#work, 0);
      this.#model.fit();
      this.#solveAll(samples, first);
    }
    this.#keep(samples, first);
  }

  #isCut(samples: Float64Array, n: number): boolean {
    return (samples[n] >= this.#high || samples[n] <= this.#low) && this.#isRebuilt[n] === 0;
  }

  /** Solves group by group; a group ends where as many samples as the order are whole, or where it is full. */
  #solveAll(samples: Float64Array, first: number): void {
    const end = samples.length - ORDER;
    for (let n = first; n < end; ) {
      let count = 0;
      for (let whole = 0; n < end && whole < ORDER && count < MOST; n++) {
        if (this.#isCut(samples, n)) {
          this.#missing[count++] = n;
          whole = 0;
        } else whole++;
      }
      this.#solve(samples, count);
    }
  }

  #solve(samples: Float64Array, count: number): void {
    const work = this.#work;
    for (let k = 0; k < count; k++) work[this.#missing[k]] = samples[this.#missing[k]];
    this.#free.set(this.#missing);
    let free = count;
    for (let round = 0; round < ROUNDS && free > 0; round++) {
      if (!this.#interpolator.solve(this.#model, work, this.#free, free)) break;
      const outside = this.#putBack(samples, free);
      if (outside === free) break;
      free = outside;
    }
    if (this.#isTooLarge(samples, count)) this.#bridge(samples, count);
  }

  #isTooLarge(samples: Float64Array, count: number): boolean {
    for (let k = 0; k < count; k++) {
      const ratio = this.#work[this.#missing[k]] / samples[this.#missing[k]];
      if (!(ratio >= 1 && ratio <= LARGEST_RATIO)) return true;
    }
    return false;
  }

  /** What came out on the wrong side goes back on the ceiling. The number of those that did not. */
  #putBack(samples: Float64Array, free: number): number {
    let outside = 0;
    for (let k = 0; k < free; k++) {
      const n = this.#free[k];
      if (this.#work[n] / samples[n] >= 1) this.#free[outside++] = n;
      else this.#work[n] = samples[n];
    }
    return outside;
  }

  /** Each run of a group by a cubic through its edges and their slopes. */
  #bridge(samples: Float64Array, count: number): void {
    for (let k = 0; k < count; ) {
      const from = this.#missing[k] - 1;
      let to = from + 1;
      while (k < count && this.#missing[k] === to) [k, to] = [k + 1, to + 1];
      const length = to - from;
      const slopeIn = (samples[from] - samples[from - 1]) * length;
      const slopeOut = (samples[to + 1] - samples[to]) * length;
      for (let n = from + 1; n < to; n++) {
        const t = (n - from) / length;
        const u = 1 - t;
        const edges = samples[from] * u * u * (1 + 2 * t) + samples[to] * t * t * (1 + 2 * u);
        const ratio = (edges + t * u * (slopeIn * u - slopeOut * t)) / samples[n];
        this.#work[n] = samples[n] * Math.max(1, Math.min(LARGEST_RATIO, ratio));
      }
    }
  }

  /** Groups that start in the hop are done, to their ends. */
  #keep(samples: Float64Array, first: number): void {
    const end = samples.length - ORDER;
    for (let n = first, whole = 0; n < end && (n < 2 * this.#third || whole < ORDER); n++) {
      if (this.#isCut(samples, n)) {
        samples[n] = this.#work[n];
        this.#isRebuilt[n] = 1;
        whole = 0;
      } else whole++;
    }
  }
}
