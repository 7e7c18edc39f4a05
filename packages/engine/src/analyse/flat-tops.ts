// Peaks that were cut off, at whatever level the file has now: what was clipped and then turned down keeps its flat tops.
//   A flat top is a run of 3 samples or more within 1e-4 (3 steps of 16 bits: rounding and dither) from which the waveform
//   falls away steeply on both sides; a smooth peak of any frequency falls by less than 5.6 times what it varies by in the run.
//   A ceiling is a level that many flat tops share and that next to nothing in the file exceeds. Music's own accidents lie
//   at all levels, with thousands of louder places above them; square waves are flat below their top as well.
// One pass; memory for the counts only. Measured on 174 excerpts of finished music: docs/dsp/declip.md.
import { BLOCK_FRAMES } from '../audio.ts';
import { addressOf, kernels, reserve, within } from '../kernels/wasm.ts';
import type { Ceiling } from '../plan.ts';
import { LevelCounts } from './blurred-ceiling.ts';

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
/** What lasts longer under noise is no peak. */
const MOST_OF_A_PLACE = 0.35;
/** Part of the time in flat pieces of other levels, above which the music is made of square waves. */
const SQUARE = 0.05;

const binOf = (magnitude: number): number => Math.min(BINS - 1, Math.floor(magnitude * STEPS));

/** Counts on one side of zero. */
class Side {
  readonly #runs = new Uint32Array(BINS);
  readonly #samples = new Uint32Array(BINS);
  readonly #places = new Uint32Array(BINS);
  readonly levels = new LevelCounts();
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

  /** Of what noise was added to; places stand for runs, which it tears apart. */
  blurredCeiling(noiseRms: number): { magnitude: number; runs: number; samples: number } | null {
    const found = this.levels.ceiling(noiseRms);
    if (found === null) return null;
    let runs = 0;
    for (let bin = binOf(found.magnitude); bin < BINS; bin++) runs += this.#places[bin];
    return found.samples > MOST_OF_A_PLACE * PLACE_FRAMES * runs ? null : { ...found, runs };
  }

  #sum(counts: Uint32Array, bin: number): number {
    let sum = 0;
    for (let k = bin; k < bin + SPREAD; k++) sum += counts[k];
    return sum;
  }
}

/** Workspaces, for the length of a call. */
const copy = reserve(BLOCK_FRAMES);
const RUN = 4;
const workRuns = reserve(RUN * Math.ceil(BLOCK_FRAMES / SHORTEST_RUN_FRAMES + 1));
const workState = reserve(3);
const highest = reserve(BLOCK_FRAMES / PLACE_FRAMES);
const lowest = reserve(BLOCK_FRAMES / PLACE_FRAMES);

/** Of one channel, from where the last block ended: the running run's first sample, the one before it, and its length. */
type Running = { value: number; before: number; length: number };
type OnRun = (value: number, before: number, length: number, after: number) => void;

/** Shows the runs that are steep on both sides together. Kernel: kernels/scans.ts. */
const findRuns = (input: Float64Array, frames: number, running: Running, onRun: OnRun): void => {
  const wasm = kernels();
  if (wasm) {
    workState.set([running.value, running.before, running.length]);
    const [at, state] = [within(input, 0, frames, copy), addressOf(workState)];
    const runs = wasm.findRuns(at, frames, FLAT, STEEP, state, addressOf(workRuns));
    for (let n = 0; n < RUN * runs; n += RUN) onRun(workRuns[n], workRuns[n + 1], workRuns[n + 2], workRuns[n + 3]);
    [running.value, running.before, running.length] = workState;
    return;
  }
  let { value, before, length } = running;
  for (let i = 0; i < frames; i++) {
    const sample = input[i];
    if (Math.abs(sample - value) <= FLAT) {
      length++;
      continue;
    }
    const isSteep = Math.abs(value - before) + Math.abs(value - sample) >= STEEP;
    if (length >= SHORTEST_RUN_FRAMES && isSteep) onRun(value, before, length, sample);
    // Of the run, its first sample stands for the last: they differ by no more than what counts as flat.
    before = value;
    value = sample;
    length = 1;
  }
  Object.assign(running, { value, before, length });
};

/** Highest and lowest sample, or 0, of whole places, in the workspaces. Kernel: kernels/scans.ts. */
const spreadPlaces = (input: Float64Array, from: number, places: number): void => {
  const wasm = kernels();
  if (wasm) {
    const at = within(input, from, from + places * PLACE_FRAMES, copy);
    wasm.spreadPlaces(at, places, PLACE_FRAMES, addressOf(highest), addressOf(lowest));
    return;
  }
  for (let place = 0, i = from; place < places; place++) {
    highest[place] = 0;
    lowest[place] = 0;
    for (const end = i + PLACE_FRAMES; i < end; i++) {
      highest[place] = Math.max(highest[place], input[i]);
      lowest[place] = Math.min(lowest[place], input[i]);
    }
  }
};

/** Finds the ceilings of one channel. */
export class FlatTopMeter {
  readonly #above = new Side();
  readonly #below = new Side();
  #frames = 0;
  #flatSamples = 0;
  readonly #running: Running = { value: 0, before: 0, length: 0 };
  /** Highest and lowest sample of a place that the last block left unfinished. */
  #highest = 0;
  #lowest = 0;
  #placeFrames = 0;

  /** @param frames at most 4096 */
  push(input: Float64Array, frames: number): void {
    findRuns(input, frames, this.#running, this.#addRun);
    this.#pushPlaces(input, frames);
    LevelCounts.push(input, frames, this.#above.levels, this.#below.levels);
    this.#frames += frames;
  }

  #pushPlaces(input: Float64Array, frames: number): void {
    const begun = this.#placeFrames > 0 ? Math.min(frames, PLACE_FRAMES - this.#placeFrames) : 0;
    this.#pushPart(input, 0, begun);
    const places = Math.floor((frames - begun) / PLACE_FRAMES);
    spreadPlaces(input, begun, places);
    for (let place = 0; place < places; place++) this.#addPlace(highest[place], lowest[place]);
    this.#pushPart(input, begun + places * PLACE_FRAMES, frames);
  }

  #pushPart(input: Float64Array, from: number, to: number): void {
    for (let i = from; i < to; i++) {
      this.#highest = Math.max(this.#highest, input[i]);
      this.#lowest = Math.min(this.#lowest, input[i]);
    }
    this.#placeFrames += to - from;
    if (this.#placeFrames === PLACE_FRAMES) this.#endPlace();
  }

  #endPlace(): void {
    this.#addPlace(this.#highest, this.#lowest);
    this.#highest = 0;
    this.#lowest = 0;
    this.#placeFrames = 0;
  }

  #addPlace(high: number, low: number): void {
    this.#above.addPlace(high);
    this.#below.addPlace(-low);
  }

  readonly #addRun: OnRun = (value, before, length, after) => {
    const rise = value - before;
    const fall = value - after;
    // Digital silence that noise cuts into is no square wave.
    if (Math.abs(value) > FLAT) this.#flatSamples += length;
    if (value > 0 && rise > 0 && fall > 0) this.#above.addRun(value, length);
    if (value < 0 && rise < 0 && fall < 0) this.#below.addRun(-value, length);
  };

  /** Ends the signal, in which so much noise was heard. */
  finish(noiseRms: number): { ceiling: Ceiling; runs: number; samples: number } {
    const { value, before, length } = this.#running;
    const isSteep = Math.abs(value - before) + Math.abs(value) >= STEEP;
    if (length >= SHORTEST_RUN_FRAMES && isSteep) this.#addRun(value, before, length, 0);
    this.#endPlace();
    const high = this.#above.ceiling() ?? this.#above.blurredCeiling(noiseRms);
    const low = this.#below.ceiling() ?? this.#below.blurredCeiling(noiseRms);
    const samples = (high?.samples ?? 0) + (low?.samples ?? 0);
    if (this.#flatSamples - samples > SQUARE * this.#frames)
      return { ceiling: { high: null, low: null }, runs: 0, samples: 0 };
    const ceiling = { high: high?.magnitude ?? null, low: low === null ? null : -low.magnitude };
    return { ceiling, runs: (high?.runs ?? 0) + (low?.runs ?? 0), samples };
  }
}
