// Look-ahead true-peak limiter: find what lasts, let each peak ask for the rest, hold, smooth, multiply.
//   gain = 1 − smooth(hold(r)),  r = max(lasting, 1 − 1 / (peak · drive)), and from there halfway to the other channel's r
// The part that lasts turns both channels down evenly; what peaks ask beyond it is short, and partly each channel's own. A
// reduction is held over the whole reach of the smoother and the heart of the interpolation filter, so that the gain is all
// the way down, and flat, while a peak passes. Under the ceiling the gain is exactly 1.
// It works on an outline (outline.ts): one gain for each group of eight frames, and between their middles a smooth curve, the
// quadratic B-spline: over a group of gain b between a and c, ½·(1 − t)²·a + (½ + t − t²)·b + ½·t²·c, t = 0…1. It stays between them.
// Linear amplitudes; the ceiling is 1. Source: blocks as named in their files; times as measured, docs/dsp/limiter.md.
import { createBlock, type StereoBlock } from '../audio.ts';
import { GROUP, MOST_GROUPS } from '../dsp/group-peaks.ts';
import { LastingDemand, openingLatencyOf, type SustainHops, sustainHops } from '../dsp/lasting-peaks.ts';
import { type DipShape, holdOf, latencyOf, StereoDips } from '../dsp/stereo-dips.ts';
import { reservedBlock } from '../kernels/blocks.ts';
import { addressOf, isReserved, kernels, reserve, within } from '../kernels/wasm.ts';

/** Half a period of 42 Hz recurs within 12 ms; a note, or a dense passage, lasts 200 ms. */
const SUSTAIN = { recurMs: 12, lastMs: 200, smoothingMs: 10 };
/** Length of each of the two averages that shape a dip: shorter, bass distorts; longer, attacks lose their edge. */
const SMOOTHING_MS = 1.06;
/** Groups on either side of a peak's over which the gain stays flat: the heart of the interpolation filter. */
const FLAT_GROUPS = 1;
/** How far a channel follows the other's greater reduction: at 1 both move alike, at 0 the image shifts. */
const LINK = 0.5;

export type LimiterDesign = {
  readonly sustain: SustainHops;
  readonly dip: DipShape;
  /** Gains belong to the groups so many before the peaks that they follow from. */
  readonly latencyGroups: number;
};

export const designLimiter = (sampleRateHz: number): LimiterDesign => {
  const smoothing = Math.max(2, Math.round((SMOOTHING_MS * sampleRateHz) / (1000 * GROUP)));
  const dip = { smoothing, flat: FLAT_GROUPS };
  return { sustain: sustainHops(SUSTAIN, sampleRateHz), dip, latencyGroups: latencyOf(dip) };
};

/** Groups over which a limiter holds a reduction. */
export const dipGroupsAt = (sampleRateHz: number): number => holdOf(designLimiter(sampleRateHz).dip);

/** What every limiter of one signal is shown at a time: the peaks of some groups, and what lasts in some hops far ahead. */
export type Peaks = {
  readonly channels: StereoBlock;
  groups: number;
  /** Of all the peaks. */
  largest: number;
  lasting: Float64Array;
};

/** From the peaks of both channels to the gains that keep them under 1. */
export class Limiter {
  readonly drive: number;
  readonly #lasting: LastingDemand;
  readonly #dips: StereoDips;
  /** Gains of groups, from the first that is still needed on. */
  readonly #kept = createBlock(3);
  #keptCount = 0;
  /** Hops that lie before the start and are still to come. */
  #skipHops: number;
  #quietGroups = 0;
  /** Whether all the gains that were given last are exactly 1. */
  isAtRest = false;

  constructor(drive: number, { sustain, dip }: LimiterDesign) {
    this.drive = drive;
    this.#lasting = new LastingDemand(drive, sustain);
    this.#dips = new StereoDips(dip);
    // All but the one before the start, from which the first line begins.
    this.#skipHops = openingLatencyOf(sustain) + sustain.smoothing - 2;
  }

  /**
   * Gains of groups, which follow from the next peaks: those kept, and `latencyGroups` behind the peaks as many new ones. Of
   * them the last `keep` will be the first of the next call's. Valid until that of any limiter.
   */
  follow({ channels, groups, largest, lasting }: Peaks, keep: number): StereoBlock {
    const skip = Math.min(this.#skipHops, lasting.length);
    this.#skipHops -= skip;
    this.#lasting.hear(lasting, skip);
    const kept = this.#keptCount;
    nodes.left.set(this.#kept.left.subarray(0, kept));
    nodes.right.set(this.#kept.right.subarray(0, kept));
    const fresh = { left: nodes.left.subarray(kept), right: nodes.right.subarray(kept) };
    const isQuiet = this.#lasting.draw(sustained, groups) === 0 && largest * this.drive <= 1;
    this.isAtRest = isQuiet && this.#quietGroups >= this.#dips.memory;
    if (this.isAtRest) {
      fresh.left.fill(1, 0, groups);
      fresh.right.fill(1, 0, groups);
    } else {
      ask(channels, this.drive, fresh, groups);
      this.#dips.process(fresh, groups);
    }
    this.#quietGroups = isQuiet ? this.#quietGroups + groups : 0;
    const end = kept + groups;
    this.#keptCount = Math.min(keep, end);
    this.#kept.left.set(nodes.left.subarray(end - this.#keptCount, end));
    this.#kept.right.set(nodes.right.subarray(end - this.#keptCount, end));
    return nodes;
  }
}

/** Workspaces, for the length of a call. */
const sustained = reserve(MOST_GROUPS);
const nodes = reservedBlock();
const copies = reservedBlock();

/** What each channel must be turned down at least: by what lasts, by its own peak, and by its share of the other's. */
const ask = (peaks: StereoBlock, drive: number, reductions: StereoBlock, groups: number): void => {
  const wasm = kernels();
  if (wasm) {
    wasm.ask(
      within(peaks.left, 0, groups, copies.left),
      within(peaks.right, 0, groups, copies.right),
      addressOf(sustained),
      groups,
      drive,
      LINK,
      addressOf(reductions.left),
      addressOf(reductions.right),
    );
    return;
  }
  for (let i = 0; i < groups; i++) {
    const left = Math.max(sustained[i], reductionOf(peaks.left[i] * drive));
    const right = Math.max(sustained[i], reductionOf(peaks.right[i] * drive));
    const share = LINK * (right - left);
    reductions.left[i] = share > 0 ? left + share : left;
    reductions.right[i] = share < 0 ? right - share : right;
  }
};

const reductionOf = (peak: number): number => (peak > 1 ? 1 - 1 / peak : 0);

/** Gains from the group before that of the first sample on, which lies `phase` frames behind its start. */
type Driving = { gains: StereoBlock; phase: number; gain: number; driven: StereoBlock };

/** driven = signal · (curve through the gains · gain); gains are reserved. */
export const applyGains = (signal: StereoBlock, frames: number, { gains, phase, gain, driven }: Driving): void => {
  const wasm = kernels();
  for (const side of ['left', 'right'] as const) {
    const [input, factors, out] = [signal[side], gains[side], driven[side]];
    if (wasm && isReserved(out)) {
      const samples = within(input, 0, frames, copies[side]);
      wasm.applyGains(samples, addressOf(factors), frames, phase, gain, addressOf(out));
      continue;
    }
    for (let i = 0, k = phase, group = 0; i < frames; i++, k++) {
      if (k === GROUP) {
        k = 0;
        group++;
      }
      const [before, here, next] = [factors[group], factors[group + 1], factors[group + 2]];
      const slope = here - before;
      const bend = (next - here - slope) * 0.5;
      const t = k / GROUP;
      out[i] = input[i] * (((before + here) * 0.5 + (slope + bend * t) * t) * gain);
    }
  }
};
