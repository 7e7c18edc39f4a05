// What lasts of a signal's peaks, in spite of the valleys between them, and what that asks of a limiter.
//   opened = dilate_V( erode_V( dilate_W( peak ) ) ),  p = smooth( d(opened) ),  d = max(0, 1 − 1 / (peak · drive)), hop by hop
// dilate_W bridges what recurs within W; erode_V forgets what does not go on for V; dilate_V gives the rest its length back
// (a morphological opening: Matheron 1975, Serra 1982). A lone peak leaves nothing; a note is turned down evenly from its
// first wave to its last. d grows with the peak, so the opening is the same for every drive. p is a reduction 0…1 on straight
// lines between the middles of hops, which are groups of frames (group-peaks.ts).
import { BoxSmoother } from './box-smoother.ts';
import { GROUP } from './group-peaks.ts';
import { SlidingMax } from './sliding-max.ts';

const HOP_MS = 1;

export type SustainTimes = { recurMs: number; lastMs: number; smoothingMs: number };
/** The same in hops, and the length of a hop. */
export type SustainHops = { hopGroups: number; recur: number; last: number; smoothing: number };

export const sustainHops = (times: SustainTimes, sampleRateHz: number): SustainHops => {
  const hopsOf = (ms: number, frames: number) => Math.max(1, Math.round((ms * sampleRateHz) / (1000 * frames)));
  const hopGroups = hopsOf(HOP_MS, GROUP);
  const [recur, last, smoothing] = [times.recurMs, times.lastMs, times.smoothingMs].map((ms) =>
    hopsOf(ms, GROUP * hopGroups),
  );
  return { hopGroups, recur, last, smoothing };
};

/** What comes out of {@link LastingPeaks} belongs to so many hops ago. */
export const openingLatencyOf = ({ recur, last, smoothing }: SustainHops): number =>
  Math.floor((recur - 1) / 2) + last - 1 + smoothing - 1;

/** The opening, shared by all drives. */
export class LastingPeaks {
  readonly #bridge: SlidingMax;
  /** Works on −x: the largest of those is the least peak. */
  readonly #least: SlidingMax;
  readonly #restore: SlidingMax;

  constructor({ recur, last, smoothing }: SustainHops) {
    this.#bridge = new SlidingMax(recur);
    this.#least = new SlidingMax(last);
    // Longer by the reach of the smoother that follows, so that the level is full from the first wave to the last.
    this.#restore = new SlidingMax(last + 2 * (smoothing - 1));
  }

  /** From the peaks of the first `count` hops to what lasts of them, in place. */
  process(hops: Float64Array, count: number): void {
    this.#bridge.process(hops, count);
    for (let i = 0; i < count; i++) hops[i] = -hops[i];
    this.#least.process(hops, count);
    for (let i = 0; i < count; i++) hops[i] = -hops[i];
    this.#restore.process(hops, count);
  }
}

/** From what lasts to what it asks of one drive, `smoothing` − 1 hops later. */
export class LastingDemand {
  readonly #drive: number;
  readonly #hopGroups: number;
  readonly #smoother: BoxSmoother;
  /** Those that were smoothed and not left behind yet. */
  #demands = new Float64Array(64);
  #count = 0;
  /** Place of the next group on the line from the first demand to the second. */
  #position: number;

  constructor(drive: number, { hopGroups, smoothing }: SustainHops) {
    this.#drive = drive;
    this.#hopGroups = hopGroups;
    this.#smoother = new BoxSmoother(smoothing);
    this.#position = Math.floor(hopGroups / 2);
  }

  /** Hears what lasts in the next hops; the first `skip` that follow from it are left out. */
  hear(lasting: Float64Array, skip: number): void {
    const drive = this.#drive;
    const count = this.#count;
    if (count + lasting.length > this.#demands.length) {
      const grown = new Float64Array(2 * (count + lasting.length));
      grown.set(this.#demands);
      this.#demands = grown;
    }
    const fresh = this.#demands.subarray(count);
    for (let i = 0; i < lasting.length; i++) {
      const peak = lasting[i] * drive;
      fresh[i] = peak > 1 ? 1 - 1 / peak : 0;
    }
    this.#smoother.process(fresh, lasting.length);
    fresh.copyWithin(0, skip, lasting.length);
    this.#count = count + lasting.length - skip;
  }

  /** Writes the reductions of so many groups; gives the largest. */
  draw(reductions: Float64Array, groups: number): number {
    const demands = this.#demands;
    const hopGroups = this.#hopGroups;
    let position = this.#position;
    let largest = 0;
    let k = 0;
    for (let g = 0; g < groups; ) {
      const from = demands[k];
      const to = demands[k + 1];
      const count = Math.min(groups - g, hopGroups - position);
      const step = (to - from) / hopGroups;
      for (let i = 0, at = position + 0.5; i < count; i++, at++) reductions[g + i] = from + step * at;
      if (from > largest) largest = from;
      if (to > largest) largest = to;
      g += count;
      position += count;
      if (position < hopGroups) continue;
      position = 0;
      k++;
    }
    this.#position = position;
    demands.copyWithin(0, k, this.#count);
    this.#count -= k;
    return largest;
  }
}
