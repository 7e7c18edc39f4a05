// True peak: the largest magnitude of the signal between its samples as well as on them.
// Source: ITU-R BS.1770-5, Annex 2; EBU Tech 3341, cases 15–23. Linear amplitude, full scale ±1.
import { BLOCK_FRAMES } from '../audio.ts';
import {
  designOversampler,
  INTERVALS,
  METERING_OVERSAMPLER,
  type Oversampler,
  peakAfter,
  peaksBetween,
} from './oversampler.ts';

/** Eight points per sample, 128 taps each, exact up to 0.49 of the sample rate. */
const FINE_OVERSAMPLER: Oversampler = designOversampler(8, 128, 0.49);
/** A coarse reading below this part of the peak so far cannot hide a higher one: the most it hides is 0.7 dB. */
const NEAR = 0.9;

/** A channel's running samples with enough of the past in front to interpolate from. */
class Tape {
  readonly samples: Float64Array;
  readonly #past: number;

  constructor(tapsPerPhase: number) {
    this.#past = tapsPerPhase;
    this.samples = new Float64Array(tapsPerPhase + BLOCK_FRAMES + INTERVALS);
  }

  /** Lays at most BLOCK_FRAMES new samples behind the past. */
  lay(input: Float64Array, from: number, to: number): void {
    for (let i = from, k = this.#past; i < to; i++, k++) this.samples[k] = input[i];
  }

  /** Keeps the end as the past of what comes next. */
  wind(frames: number): void {
    this.samples.copyWithin(0, frames, frames + this.#past);
  }
}

/**
 * Peak of one channel: read coarsely everywhere, and finely wherever the coarse reading comes near the peak found so far,
 * because between the points of a coarse grid a bright signal can hide up to 0.7 dB.
 */
export class TruePeakDetector {
  readonly #fine: Oversampler;
  readonly #tape: Tape;
  readonly #half: number;
  readonly #between = new Float64Array(INTERVALS);
  #peak = 0;

  constructor(fine: Oversampler = FINE_OVERSAMPLER) {
    this.#fine = fine;
    this.#half = fine.tapsPerPhase / 2;
    this.#tape = new Tape(fine.tapsPerPhase);
  }

  /** Hears the samples from index `from` up to, not including, `to`. */
  push(input: Float64Array, from: number, to: number): void {
    for (let start = from; start < to; start += BLOCK_FRAMES) {
      const end = Math.min(to, start + BLOCK_FRAMES);
      this.#tape.lay(input, start, end);
      const stop = this.#half + end - start;
      for (let at = this.#half; at < stop; at += INTERVALS) this.#examine(at, Math.min(stop, at + INTERVALS));
      this.#tape.wind(end - start);
    }
  }

  /** Lets the signal ring out into silence. Call it once, after the last push. */
  finish(): void {
    const silence = new Float64Array(this.#fine.tapsPerPhase);
    this.push(silence, 0, silence.length);
  }

  /** The largest magnitude since the last call, half the filter behind what was pushed. */
  take(): number {
    const peak = this.#peak;
    this.#peak = 0;
    return peak;
  }

  /** Skips intervals where the coarse filter cannot come near the peak found so far. */
  #examine(from: number, to: number): void {
    const samples = this.#tape.samples;
    const reachFrames = METERING_OVERSAMPLER.tapsPerPhase / 2;
    let reach = 0;
    for (let i = from + 1 - reachFrames; i < to + reachFrames; i++) reach = Math.max(reach, Math.abs(samples[i]));
    let peak = this.#peak;
    if (reach * METERING_OVERSAMPLER.bound <= NEAR * peak) return;
    const between = this.#between;
    peaksBetween(METERING_OVERSAMPLER, samples, from, between);
    for (let at = from, i = 0; at < to; at++, i++) {
      const coarse = Math.max(Math.abs(samples[at]), between[i]);
      if (coarse <= NEAR * peak) continue;
      peak = Math.max(peak, coarse, peakAfter(this.#fine, samples, at));
    }
    this.#peak = peak;
  }
}
