// Loudness of a programme as it runs by: momentary, short-term, integrated, and loudness range.
// Source: ITU-R BS.1770-5, EBU Tech 3341, EBU Tech 3342. Units: full scale ±1 in, LUFS and LU out.
// Sliding windows move by 10 ms: a step of 100 ms can read a short burst 0.5 LU low. The gates see every tenth window.
import type { Level } from './analysis.ts';
import { BLOCK_FRAMES, type StereoBlock } from './audio.ts';
import { GrowingList, integratedLufs, loudnessRangeLu } from './dsp/gating.ts';
import { KWeightedPair, MOST_STEPS, type Span, stepEnds } from './dsp/k-weighting.ts';
import { type LoudnessCourse, loudnessCourseOf } from './loudness-course.ts';
import { lufsFromPower } from './units.ts';

const STEPS_PER_SECOND = 100;
const STEPS_PER_TENTH = 10;
const MOMENTARY_TENTHS = 4;
const SHORT_TERM_TENTHS = 30;
const RING_STEPS = SHORT_TERM_TENTHS * STEPS_PER_TENTH;

/** Cheap enough to run inside a search; memory grows by 16 bytes per 100 ms. */
export class LoudnessMeter {
  readonly #sampleRateHz: number;
  readonly #weights: readonly number[];
  /** Channels two by two; an odd one is its own partner, of no weight. */
  readonly #pairs: readonly KWeightedPair[];
  /** Energies of the last steps of 10 ms, and of the last windows of 100 ms ending at each of those steps. */
  readonly #stepEnergies = new Float64Array(RING_STEPS);
  readonly #tenthEnergies = new Float64Array(RING_STEPS);
  /** Of the steps that end in a span, all channels. */
  readonly #energies = new Float64Array(MOST_STEPS);
  readonly #blockPowers = new GrowingList();
  readonly #shortTermPowers = new GrowingList();
  #steps = 0;
  #frames = 0;
  #momentaryPower = 0;
  #shortTermPower = 0;
  #maxMomentaryPower = 0;
  #maxShortTermPower = 0;

  /** @param channelWeights BS.1770-5, table 3: 1 for left, right and centre, 1.41 for surrounds. */
  constructor(sampleRateHz: number, channelWeights: readonly number[] = [1, 1]) {
    this.#sampleRateHz = sampleRateHz;
    this.#weights = channelWeights;
    this.#pairs = Array.from({ length: Math.ceil(channelWeights.length / 2) }, () => new KWeightedPair(sampleRateHz));
  }

  /** Hears the first `frames` samples of both planes. Blocks may be of any size. */
  push(block: StereoBlock, frames: number): void {
    this.pushPlanes([block.left, block.right], frames);
  }

  /** Like `push`, one plane per channel weight. */
  pushPlanes(planes: readonly Float64Array[], frames: number): void {
    for (let from = 0; from < frames; ) {
      const span = this.#spanFrom(from, frames);
      this.#energies.fill(0, 0, span.steps);
      for (let c = 0; c < planes.length; c += 2) this.#addPair(c, planes, span);
      for (let step = 0; step < span.steps; step++) this.#endStep(this.#energies[step]);
      this.#frames += span.to - from;
      from = span.to;
    }
  }

  /** Gated loudness so far; `null` while nothing louder than −70 LUFS filled a block of 400 ms. */
  integratedLufs(): Level {
    return integratedLufs(this.#blockPowers.values);
  }

  /** 0 while nothing louder than −70 LUFS filled a window of 3 s. */
  loudnessRangeLu(): number {
    return loudnessRangeLu(this.#shortTermPowers.values);
  }

  /** Loudness of the last 400 ms; the time before the start counts as silence. */
  momentaryLufs(): Level {
    return lufsFromPower(this.#momentaryPower);
  }

  /** Loudness of the last 3 s; the time before the start counts as silence. */
  shortTermLufs(): Level {
    return lufsFromPower(this.#shortTermPower);
  }

  maxMomentaryLufs(): Level {
    return lufsFromPower(this.#maxMomentaryPower);
  }

  maxShortTermLufs(): Level {
    return lufsFromPower(this.#maxShortTermPower);
  }

  /** How the loudness ran so far. */
  course(): LoudnessCourse {
    return loudnessCourseOf({ momentary: this.#blockPowers.values, shortTerm: this.#shortTermPowers.values });
  }

  /** As new. */
  reset(): void {
    for (const pair of this.#pairs) pair.reset();
    this.#stepEnergies.fill(0);
    this.#tenthEnergies.fill(0);
    this.#blockPowers.clear();
    this.#shortTermPowers.clear();
    this.#steps = 0;
    this.#frames = 0;
    this.#momentaryPower = 0;
    this.#shortTermPower = 0;
    this.#maxMomentaryPower = 0;
    this.#maxShortTermPower = 0;
  }

  /** Where a step starts; steps of a rate that 100 does not divide differ by one frame and never drift. */
  #frameOfStep(step: number): number {
    return Math.round((step * this.#sampleRateHz) / STEPS_PER_SECOND);
  }

  /** As much as can be heard in one go, and where steps end in it. */
  #spanFrom(from: number, frames: number): Span {
    let to = Math.min(frames, from + BLOCK_FRAMES);
    let steps = 0;
    for (; steps < MOST_STEPS; steps++) {
      const end = this.#frameOfStep(this.#steps + steps + 1) - this.#frames;
      if (end > to - from) return { from, to, steps };
      stepEnds[steps] = end;
    }
    to = from + stepEnds[steps - 1];
    return { from, to, steps };
  }

  #addPair(channel: number, planes: readonly Float64Array[], span: Span): void {
    const [first, second] = [this.#weights[channel], this.#weights[channel + 1] ?? 0];
    const sums = this.#pairs[channel / 2].add(planes[channel], planes[channel + 1] ?? planes[channel], span);
    for (let step = 0; step < span.steps; step++) {
      this.#energies[step] += first * sums[2 * step] + second * sums[2 * step + 1];
    }
  }

  #endStep(energy: number): void {
    const slot = this.#steps % RING_STEPS;
    this.#stepEnergies[slot] = energy;
    this.#tenthEnergies[slot] = this.#sum(this.#stepEnergies, STEPS_PER_TENTH, 1);
    this.#momentaryPower = this.#windowPower(MOMENTARY_TENTHS);
    this.#shortTermPower = this.#windowPower(SHORT_TERM_TENTHS);
    this.#steps++;
    this.#maxMomentaryPower = Math.max(this.#maxMomentaryPower, this.#momentaryPower);
    this.#maxShortTermPower = Math.max(this.#maxShortTermPower, this.#shortTermPower);
    if (this.#steps % STEPS_PER_TENTH === 0) this.#endTenth();
  }

  /** Only windows that lie wholly inside the programme count towards its figures. */
  #endTenth(): void {
    if (this.#steps >= MOMENTARY_TENTHS * STEPS_PER_TENTH) this.#blockPowers.push(this.#momentaryPower);
    if (this.#steps >= SHORT_TERM_TENTHS * STEPS_PER_TENTH) this.#shortTermPowers.push(this.#shortTermPower);
  }

  /** Mean square over the window of so many tenths of a second that ends with the running step. */
  #windowPower(tenths: number): number {
    const frames = this.#frameOfStep(this.#steps + 1) - this.#frameOfStep(this.#steps + 1 - tenths * STEPS_PER_TENTH);
    return this.#sum(this.#tenthEnergies, tenths, STEPS_PER_TENTH) / frames;
  }

  /** Sum of `count` entries of a ring, `stride` apart, back from the running step. No running sum, so nothing drifts. */
  #sum(ring: Float64Array, count: number, stride: number): number {
    let sum = 0;
    for (let k = 0, at = this.#steps % RING_STEPS; k < count; k++) {
      sum += ring[at];
      at -= stride;
      if (at < 0) at += RING_STEPS;
    }
    return sum;
  }
}
