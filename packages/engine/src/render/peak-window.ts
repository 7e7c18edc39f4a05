// A way through an outline, so many groups at a time: the peaks that come next, and what lasts of those that lie ahead.
import { createBlock } from '../audio.ts';
import { MOST_GROUPS, RECORD } from '../dsp/group-peaks.ts';
import { LastingPeaks, openingLatencyOf } from '../dsp/lasting-peaks.ts';
import type { LimiterDesign, Peaks } from './limiter.ts';
import type { Outline } from './outline.ts';

export class PeakWindow {
  /** What limiters are shown of this step. */
  readonly peaks: Peaks = { channels: createBlock(MOST_GROUPS), groups: 0, largest: 0, lasting: new Float64Array(0) };
  readonly #outline: Outline;
  readonly #lasting: LastingPeaks;
  readonly #hopGroups: number;
  readonly #aheadGroups: number;
  /** From `behindGroups` before the step on. */
  readonly records: Float32Array;
  readonly #behindGroups: number;
  /** Groups that were read, from the start of the step on. */
  #heldGroups = 0;
  /** The group that is read next. */
  #next = 0;
  #hopPosition = 0;
  #hopPeak = 0;

  constructor(outline: Outline, { sustain, latencyGroups }: LimiterDesign) {
    this.#outline = outline;
    this.#lasting = new LastingPeaks(sustain);
    this.#hopGroups = sustain.hopGroups;
    // What is asked of the hops is smoothed, and reached on a line from middle to middle: both lie ahead as well.
    this.#aheadGroups = (openingLatencyOf(sustain) + sustain.smoothing + 1) * sustain.hopGroups;
    this.#behindGroups = latencyGroups + 1;
    this.records = new Float32Array(RECORD * (this.#behindGroups + MOST_GROUPS + this.#aheadGroups));
  }

  /** Goes on by so many groups, at most MOST_GROUPS. */
  async advance(groups: number): Promise<void> {
    const { records, peaks } = this;
    records.copyWithin(0, RECORD * peaks.groups);
    const held = this.#behindGroups + this.#heldGroups - peaks.groups;
    const wanted = this.#behindGroups + groups + this.#aheadGroups;
    const fresh = records.subarray(RECORD * held, RECORD * wanted);
    await this.#outline.read(this.#next, fresh);
    this.#next += wanted - held;
    this.#heldGroups = groups + this.#aheadGroups;
    peaks.lasting = this.#hopsOf(fresh);
    this.#show(groups);
  }

  /** What lasts in the hops that end within these records. */
  #hopsOf(records: Float32Array): Float64Array {
    const hops = new Float64Array(Math.ceil(records.length / RECORD / this.#hopGroups) + 1);
    const hopGroups = this.#hopGroups;
    let position = this.#hopPosition;
    let peak = this.#hopPeak;
    let count = 0;
    for (let at = 0; at < records.length; at += RECORD) {
      const left = records[at];
      const right = records[at + 1];
      if (left > peak) peak = left;
      if (right > peak) peak = right;
      if (++position < hopGroups) continue;
      hops[count++] = peak;
      position = 0;
      peak = 0;
    }
    this.#hopPosition = position;
    this.#hopPeak = peak;
    this.#lasting.process(hops, count);
    return hops.subarray(0, count);
  }

  #show(groups: number): void {
    const { records } = this;
    const { left, right } = this.peaks.channels;
    let largest = 0;
    for (let g = 0, at = RECORD * this.#behindGroups; g < groups; g++, at += RECORD) {
      const l = records[at];
      const r = records[at + 1];
      left[g] = l;
      right[g] = r;
      if (l > largest) largest = l;
      if (r > largest) largest = r;
    }
    this.peaks.groups = groups;
    this.peaks.largest = largest;
  }
}
