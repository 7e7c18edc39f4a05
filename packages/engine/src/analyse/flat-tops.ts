// Peaks that were cut off, at whatever level the file has now: what was clipped and then turned down keeps its flat tops.
//   A flat top is a run of 3 samples or more within 1e-4 (3 steps of 16 bits: rounding and dither) from which the waveform
//   falls away steeply on both sides; a smooth peak of any frequency falls by less than 5.6 times what it varies by in the run.
//   A ceiling is a level that many flat tops share and that next to nothing in the file exceeds. Music's own accidents lie
//   at all levels, with thousands of louder places above them; square waves are flat below their top as well.
// One pass; memory for the counts only. Measured on 174 excerpts of finished music: docs/dsp/declip.md.
import { addressOf, kernels, reserve, within } from '../kernels/wasm.ts';
import type { Ceiling } from '../plan.ts';

/** Steps of the counts: those of 16 bits. */
const STEPS = 32_768;
/** One more for −1, one for all that lies beyond. */
const BINS = STEPS + 2;
/** A run at −40 dBFS says nothing: 16 bits have steps of 1 % there. */
const LOWEST_BIN = 327;
const FLAT = 1e-4;
const SHORTEST_RUN_FRAMES = 3;
const STEEP = 8 * FLAT;
/** Bins that one ceiling may be spread over. */
const SPREAD = 4;
const FEWEST_RUNS = 5;
/** At full scale there is no doubt what a flat top is. */
const FULL_SCALE_BIN = STEPS - 4;
/** Frames whose loudest sample counts as one place. */
const PLACE_FRAMES = 64;
/** Part of the time in flat pieces of other levels, above which the music is made of square waves. */
const SQUARE = 0.05;

const binOf = (magnitude: number): number => Math.min(BINS - 1, Math.floor(magnitude * STEPS));

/** Counts on one side of zero. */
class Side {
  readonly #runs = new Uint32Array(BINS);
  readonly #samples = new Uint32Array(BINS);
  readonly #places = new Uint32Array(BINS);
  loudest = 0;

  addRun(magnitude: number, length: number): void {
    this.#runs[binOf(magnitude)]++;
    this.#samples[binOf(magnitude)] += length;
  }

  addPlace(magnitude: number): void {
    this.#places[binOf(magnitude)]++;
    if (magnitude > this.loudest) this.loudest = magnitude;
  }

  /** The level that most flat tops share, of those that hardly anything exceeds. */
  ceiling(): { magnitude: number; runs: number; samples: number } | null {
    let louder = 0;
    let best: { bin: number; runs: number } | null = null;
    for (let bin = BINS - SPREAD; bin >= LOWEST_BIN && louder <= STEPS; bin--) {
      const runs = this.#sum(this.#runs, bin);
      const fewest = bin >= FULL_SCALE_BIN ? 1 : FEWEST_RUNS;
      if (runs >= fewest && louder <= runs && runs >= (best?.runs ?? 0)) best = { bin, runs };
      louder += this.#places[bin + SPREAD - 1];
    }
    if (best === null) return null;
    let bin = best.bin;
    while (this.#runs[bin] === 0) bin++;
    const magnitude = bin === BINS - 1 ? this.loudest - FLAT : bin / STEPS;
    return { magnitude, runs: best.runs, samples: this.#sum(this.#samples, best.bin) };
  }

  #sum(counts: Uint32Array, bin: number): number {
    let sum = 0;
    for (let k = bin; k < bin + SPREAD; k++) sum += counts[k];
    return sum;
  }
}

/** Workspaces, for the length of a call. */
const copy = reserve(PLACE_FRAMES);
const workExtremes = reserve(2);

/** Widens the extremes by samples of one place. Kernel: kernels/sums.ts. */
const spread = (input: Float64Array, from: number, to: number, extremes: Float64Array): void => {
  const wasm = kernels();
  if (!wasm) {
    for (let i = from; i < to; i++) {
      extremes[0] = Math.max(extremes[0], input[i]);
      extremes[1] = Math.min(extremes[1], input[i]);
    }
    return;
  }
  workExtremes[0] = extremes[0];
  workExtremes[1] = extremes[1];
  wasm.spread(within(input, from, to, copy), to - from, addressOf(workExtremes));
  extremes[0] = workExtremes[0];
  extremes[1] = workExtremes[1];
};

/** Finds the ceilings of one channel. */
export class FlatTopMeter {
  readonly #above = new Side();
  readonly #below = new Side();
  #frames = 0;
  #flatSamples = 0;
  /** First sample of the run, the one before it, and its length. */
  #value = 0;
  #before = 0;
  #length = 0;
  /** Highest and lowest sample of the place. */
  readonly #extremes = new Float64Array(2);
  #placeFrames = 0;

  push(input: Float64Array, frames: number): void {
    this.#pushRuns(input, frames);
    this.#pushPlaces(input, frames);
    this.#frames += frames;
  }

  #pushRuns(input: Float64Array, frames: number): void {
    let value = this.#value;
    let length = this.#length;
    for (let i = 0; i < frames; i++) {
      const sample = input[i];
      if (Math.abs(sample - value) <= FLAT) {
        length++;
        continue;
      }
      if (length >= SHORTEST_RUN_FRAMES) this.#endRun(value, length, sample);
      // Of the run, its first sample stands for the last: they differ by no more than what counts as flat.
      this.#before = value;
      value = sample;
      length = 1;
    }
    this.#value = value;
    this.#length = length;
  }

  #pushPlaces(input: Float64Array, frames: number): void {
    for (let from = 0; from < frames; ) {
      const to = Math.min(frames, from + PLACE_FRAMES - this.#placeFrames);
      spread(input, from, to, this.#extremes);
      this.#placeFrames += to - from;
      from = to;
      if (this.#placeFrames === PLACE_FRAMES) this.#endPlace();
    }
  }

  #endPlace(): void {
    this.#above.addPlace(this.#extremes[0]);
    this.#below.addPlace(-this.#extremes[1]);
    this.#extremes.fill(0);
    this.#placeFrames = 0;
  }

  #endRun(value: number, length: number, after: number): void {
    const rise = value - this.#before;
    const fall = value - after;
    if (Math.abs(rise) + Math.abs(fall) < STEEP) return;
    this.#flatSamples += length;
    if (value > 0 && rise > 0 && fall > 0) this.#above.addRun(value, length);
    if (value < 0 && rise < 0 && fall < 0) this.#below.addRun(-value, length);
  }

  /** Ends the signal. */
  finish(): { ceiling: Ceiling; runs: number; samples: number } {
    if (this.#length >= SHORTEST_RUN_FRAMES) this.#endRun(this.#value, this.#length, 0);
    this.#endPlace();
    const high = this.#above.ceiling();
    const low = this.#below.ceiling();
    const samples = (high?.samples ?? 0) + (low?.samples ?? 0);
    if (this.#flatSamples - samples > SQUARE * this.#frames)
      return { ceiling: { high: null, low: null }, runs: 0, samples: 0 };
    const ceiling = { high: high?.magnitude ?? null, low: low === null ? null : -low.magnitude };
    return { ceiling, runs: (high?.runs ?? 0) + (low?.runs ?? 0), samples };
  }
}
