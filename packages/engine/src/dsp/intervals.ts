// The intervals between samples, eight at a time: how large a signal can become in them, and how large it does.
// Source of filter and bound: oversampler.ts. Linear amplitude. Kernels: kernels/peaks.ts.
import { BLOCK_FRAMES } from '../audio.ts';
import { addressOf, kernels, reserve } from '../kernels/wasm.ts';
import { largestMagnitude } from './magnitude.ts';
import type { Oversampler } from './oversampler.ts';

/** Intervals that are examined together; groups start at multiples of this, counted from the start of the signal. */
export const GROUP = 8;
const LONGEST_TAPS = 128;
const MOST_GROUPS = BLOCK_FRAMES / GROUP + 2;

/** Shared by all tapes: each uses it within one call and leaves nothing there that matters. */
export const samples = reserve(2 * LONGEST_TAPS + 4 * GROUP + BLOCK_FRAMES);
const groupPeaks = reserve(samples.length / GROUP);
const groupBends = reserve(samples.length / GROUP);
/** Second differences of samples up to 1 are at most 4: sums, maxima and products of a few such numbers err by less. */
const ROUNDING = 1 + 1e-9;

/** What is known of the groups that touch the samples laid, before they are read; the first holds the first interval. */
export type Scan = {
  groups: number;
  /** Largest second difference that the filter sees from within each group. */
  readonly bends: Float64Array;
  /** No interpolated value in the group is larger. */
  readonly bounds: Float64Array;
};
const scanned: Scan = { groups: 0, bends: reserve(MOST_GROUPS), bounds: reserve(MOST_GROUPS) };

/**
 * One channel's running samples, with enough of the past in front to interpolate from. Between `lay` and `wind` no other
 * tape may be touched: they share their workspace, and keep only their past to themselves.
 */
export class Tape {
  /** The intervals that can be read lie so far behind the samples laid. */
  readonly latencyFrames: number;
  /** Of the first interval that can be read: its place in its group. */
  shift = 0;
  readonly #past: Float64Array;
  /** Where on the workspace that group starts. */
  readonly start: number;

  /** @param longestTaps of the filters to read with */
  constructor(longestTaps: number) {
    this.latencyFrames = longestTaps / 2 + GROUP;
    this.start = this.latencyFrames;
    this.#past = new Float64Array(2 * this.latencyFrames);
  }

  /** Lays at most BLOCK_FRAMES new samples behind the past. */
  lay(input: Float64Array, from: number, to: number): void {
    samples.set(this.#past, this.shift);
    samples.set(input.subarray(from, to), this.shift + this.#past.length);
  }

  /** Keeps the end as the past of what comes next. */
  wind(frames: number): void {
    const from = this.shift + frames;
    this.#past.set(samples.subarray(from, from + this.#past.length));
    this.shift = from % GROUP;
  }

  /** Looks at the groups of the intervals that belong to `frames` samples laid; valid until the next call. */
  scan({ tapsPerPhase, bend }: Oversampler, frames: number): Scan {
    const reach = tapsPerPhase / (2 * GROUP);
    const first = this.start / GROUP;
    scanned.groups = Math.ceil((this.shift + frames) / GROUP);
    scanGroups(first - reach, scanned.groups + 2 * reach);
    boundGroups(first, reach, bend * ROUNDING);
    return scanned;
  }

  /** The largest magnitude of a sample in the groups scanned. */
  largestSample(): number {
    const first = this.start / GROUP;
    return largestMagnitude(groupPeaks, first, first + scanned.groups);
  }

  /** Raises eight of `readings`, from index `at` on, to the magnitudes of a group's samples and of what follows each. */
  raise(oversampler: Oversampler, group: number, readings: Float64Array, at: number): void {
    raiseGroup(oversampler, this.start + group * GROUP, readings, at);
  }
}

/** Largest magnitude and largest second difference of so many groups of the workspace. */
const scanGroups = (first: number, groups: number): void => {
  const wasm = kernels();
  if (wasm) {
    wasm.scanGroups(
      addressOf(samples, first * GROUP),
      groups,
      addressOf(groupPeaks, first),
      addressOf(groupBends, first),
    );
    return;
  }
  for (let g = first; g < first + groups; g++) {
    let peak = 0;
    let bend = 0;
    for (let i = g * GROUP; i < (g + 1) * GROUP; i++) {
      const magnitude = Math.abs(samples[i]);
      const difference = Math.abs(samples[i - 1] + samples[i + 1] - (samples[i] + samples[i]));
      if (magnitude > peak) peak = magnitude;
      if (difference > bend) bend = difference;
    }
    groupPeaks[g] = peak;
    groupBends[g] = bend;
  }
};

/** From what the groups hold to what a filter that sees `reach` groups to either side can make of it. */
const boundGroups = (first: number, reach: number, bendFactor: number): void => {
  const { groups, bends, bounds } = scanned;
  const wasm = kernels();
  if (wasm) {
    const [own, peaks, around] = [
      addressOf(samples, first * GROUP),
      addressOf(groupPeaks, first),
      addressOf(groupBends, first),
    ];
    wasm.boundGroups(own, groups, peaks, around, reach, bendFactor, addressOf(bends), addressOf(bounds));
    return;
  }
  for (let k = 0, g = first; k < groups; k++, g++) {
    let bend = 0;
    for (let h = g - reach; h <= g + reach; h++) if (groupBends[h] > bend) bend = groupBends[h];
    const next = Math.abs(samples[(g + 1) * GROUP]);
    bends[k] = bend;
    bounds[k] = (groupPeaks[g] > next ? groupPeaks[g] : next) + bendFactor * bend;
  }
};

const raiseGroup = (oversampler: Oversampler, from: number, readings: Float64Array, at: number): void => {
  const { folds, foldCount, tapsPerPhase } = oversampler;
  const wasm = kernels();
  if (wasm) {
    wasm.raiseGroup(addressOf(folds), foldCount, tapsPerPhase / 2, addressOf(samples, from), addressOf(readings, at));
    return;
  }
  const foldLength = 3 * (tapsPerPhase / 2);
  for (let i = 0; i < GROUP; i++) {
    let peak = Math.max(readings[at + i], Math.abs(samples[from + i]));
    for (let fold = 0; fold < foldCount * foldLength; fold += foldLength) {
      let even = 0;
      let odd = 0;
      let middle = 0;
      let before = from + i;
      let after = before + 1;
      for (let j = fold; j < fold + foldLength; j += 3, before--, after++) {
        const sum = samples[before] + samples[after];
        even += folds[j] * sum;
        odd += folds[j + 1] * (samples[before] - samples[after]);
        middle += folds[j + 2] * sum;
      }
      peak = Math.max(peak, Math.abs(even) + Math.abs(odd), Math.abs(middle));
    }
    readings[at + i] = peak;
  }
};
