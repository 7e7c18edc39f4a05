// The part of a limiter's demand that lasts: what peaks ask for again and again, in spite of the valleys between them.
//   p = smooth( dilate_V( erode_V( dilate_W( d ) ) ) ),  d = max(0, 1 − 1 / peak), hop by hop
// dilate_W bridges what recurs within W; erode_V forgets what does not go on for V; dilate_V gives the rest its length back
// (a morphological opening: Matheron 1975, Serra 1982). A lone peak leaves nothing; a note is turned down evenly from its
// first wave to its last. Peaks are driven amplitudes, p reductions 0…1 on straight lines between hops of a millisecond.
import { BoxSmoother } from './box-smoother.ts';
import { largestMagnitude } from './magnitude.ts';
import { SlidingMax } from './sliding-max.ts';

const HOPS_PER_SECOND = 1000;

/** Times in milliseconds, which are hops. */
export type SustainTimes = { recurMs: number; lastMs: number; smoothingMs: number };

export class SustainedDemand {
  /** What comes out belongs to the frame so many frames ago. */
  readonly latencyFrames: number;
  /** After so many frames without any demand nothing is remembered of it. */
  readonly memoryFrames: number;
  readonly #hopFrames: number;
  readonly #bridge: SlidingMax;
  /** Works on 1 − x: the largest of those is the least demand. */
  readonly #leastDemand: SlidingMax;
  readonly #restore: SlidingMax;
  readonly #smoother: BoxSmoother;
  readonly #hop = new Float64Array(1);
  #position = 0;
  #peak = 0;
  #from = 0;
  #to = 0;

  constructor({ recurMs, lastMs, smoothingMs }: SustainTimes, sampleRateHz: number) {
    this.#hopFrames = Math.round(sampleRateHz / HOPS_PER_SECOND);
    this.#bridge = new SlidingMax(recurMs);
    this.#leastDemand = new SlidingMax(lastMs);
    this.#smoother = new BoxSmoother(smoothingMs);
    // Longer by the smoother's reach, so that the level is full from the first wave to the last.
    this.#restore = new SlidingMax(lastMs + this.#smoother.spanSamples - 1);
    const latencyHops = Math.floor((recurMs - 1) / 2) + lastMs - 1 + 2 * (smoothingMs - 1);
    // A hop's value belongs to its middle, and is arrived at by the end of the next.
    this.latencyFrames = Math.round((latencyHops + 1.5) * this.#hopFrames);
    // Each maximum remembers twice its window, the smoother its span, and the line on which values move two hops.
    const memoryHops = 2 * (recurMs + 2 * lastMs + this.#smoother.spanSamples) + 2 * smoothingMs + 2;
    this.memoryFrames = memoryHops * this.#hopFrames;
  }

  /** From the first `frames` peaks, times `drive`, to reductions. */
  process(peaks: Float64Array, drive: number, reductions: Float64Array, frames: number): void {
    for (let i = 0; i < frames; ) {
      const count = Math.min(frames - i, this.#hopFrames - this.#position);
      this.#peak = Math.max(this.#peak, largestMagnitude(peaks, i, i + count));
      this.#ramp(reductions, i, i + count);
      this.#position += count;
      i += count;
      if (this.#position === this.#hopFrames) this.#endHop(drive);
    }
  }

  /** Instead of `process`, for frames that demand nothing, after at least `memoryFrames` of such. */
  rest(frames: number): void {
    this.#position = (this.#position + frames) % this.#hopFrames;
    this.#peak = 0;
  }

  #ramp(reductions: Float64Array, start: number, end: number): void {
    const from = this.#from;
    const rise = this.#to - from;
    if (rise === 0) {
      reductions.fill(from, start, end);
      return;
    }
    const step = rise / this.#hopFrames;
    for (let i = start, k = this.#position + 0.5; i < end; i++, k++) reductions[i] = from + step * k;
  }

  #endHop(drive: number): void {
    const hop = this.#hop;
    const peak = this.#peak * drive;
    hop[0] = peak > 1 ? 1 - 1 / peak : 0;
    this.#bridge.process(hop, 1);
    hop[0] = 1 - hop[0];
    this.#leastDemand.process(hop, 1);
    hop[0] = 1 - hop[0];
    this.#restore.process(hop, 1);
    this.#smoother.process(hop, 1);
    this.#from = this.#to;
    this.#to = hop[0];
    this.#peak = 0;
    this.#position = 0;
  }
}
