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
/** What is rebuilt is led so far towards the cubic, where that lies higher. */
const TOWARDS_CUBIC = 0.3;
/** Runs of so many samples stand half as far above the ceiling as long ones. */
const SHORT = 2;
/** Half a decibel. */
const BELOW_CEILING = 0.056;
const FEWEST_CUT = 200;
/** Thicker tails are those of square waves. */
const LARGEST_EXCESS = 0.6;
/** So much of the tail's excess may be missing by chance. */
const CERTAIN_PART = 0.1;

/** Cut samples between two whole ones. */
type Run = { from: number; to: number };

/** A cubic (Hermite) through the edges of a run and their slopes, over the sample that is there. */
const cubicRatio = (samples: Float64Array, { from, to }: Run, n: number): number => {
  const length = to - from;
  const slopeIn = (samples[from] - samples[from - 1]) * length;
  const slopeOut = (samples[to + 1] - samples[to]) * length;
  const t = (n - from) / length;
  const u = 1 - t;
  const edges = samples[from] * u * u * (1 + 2 * t) + samples[to] * t * t * (1 + 2 * u);
  return Math.max(1, Math.min(LARGEST_RATIO, (edges + t * u * (slopeIn * u - slopeOut * t)) / samples[n]));
};

const led = (from: number, towards: number, part: number): number =>
  from + Math.max(0, part) * Math.max(0, towards - from);

/**
 * How far peaks stood above the ceiling in the mean: levels thin out from below it as they did above. With n₀ samples cut and n₁ in
 * the last δ below the ceiling an exponential tail has a mean excess of δ·n₀/n₁.
 */
class Tail {
  #cut = 0;
  #below = 0;
  #found = 0;
  #foundCount = 0;

  /** @param level of a sample, re the ceiling */
  hear(level: number): void {
    if (level >= 1) this.#cut++;
    else if (level >= 1 - BELOW_CEILING) this.#below++;
  }

  found(excess: number): void {
    this.#found += excess;
    this.#foundCount++;
  }

  /** Re the ceiling; 0 while too little was heard, and where the levels are those of no peaks. */
  excess(): number {
    if (this.#cut < FEWEST_CUT) return 0;
    const excess = (BELOW_CEILING * this.#cut) / Math.max(1, this.#below);
    return excess > LARGEST_EXCESS ? 0 : excess;
  }

  /** Which part of that was not found. */
  missingPart(): number {
    const excess = this.excess();
    return excess > 0 && this.#foundCount > 0 ? Math.max(0, 1 - this.#found / this.#foundCount / excess) : 0;
  }
}

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
  readonly #tail = new Tail();

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
    for (let n = 2 * third; n < 3 * third; n++)
      this.#tail.hear(Math.max(samples[n] / this.#high, samples[n] / this.#low));
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
      for (let n = from + 1; n < to; n++) this.#work[n] = samples[n] * cubicRatio(samples, { from, to }, n);
    }
  }

  /** Groups that start in the hop are done, to their ends. */
  #keep(samples: Float64Array, first: number): void {
    const end = samples.length - ORDER;
    for (let n = first, whole = 0; n < end && (n < 2 * this.#third || whole < ORDER); n++) {
      if (!this.#isCut(samples, n)) {
        whole++;
        continue;
      }
      const run = { from: n - 1, to: n + 1 };
      while (run.to < end && this.#isCut(samples, run.to)) run.to++;
      this.#raise(samples, run);
      n = run.to - 1;
      whole = 0;
    }
  }

  /** The model takes too little for a peak it does not expect: a run is led from there towards the cubic and towards what the tail says. */
  #raise(samples: Float64Array, run: Run): void {
    const length = run.to - run.from - 1;
    const tail = (1.5 * this.#tail.excess() * length) / (length + SHORT);
    const part = this.#tail.missingPart() - CERTAIN_PART;
    for (let n = run.from + 1; n < run.to; n++) {
      const found = this.#work[n] / samples[n];
      this.#tail.found(found - 1);
      const t = (2 * (n - run.from)) / (run.to - run.from) - 1;
      const near = led(found, cubicRatio(samples, run, n), TOWARDS_CUBIC);
      this.#work[n] = samples[n] * led(near, 1 + tail * (1 - t * t), part);
    }
    for (let n = run.from + 1; n < run.to; n++) {
      samples[n] = this.#work[n];
      this.#isRebuilt[n] = 1;
    }
  }
}
