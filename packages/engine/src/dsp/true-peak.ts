// True peak: the largest magnitude of the signal between its samples as well as on them.
// Source: ITU-R BS.1770-5, Annex 2; EBU Tech 3341, cases 15–23. Linear amplitude, full scale ±1.
import { BLOCK_FRAMES } from '../audio.ts';
import { reserve } from '../kernels/wasm.ts';
import { GROUP, Tape } from './intervals.ts';
import { designOversampler, METERING_OVERSAMPLER, type Oversampler } from './oversampler.ts';

/** Eight points per sample, 128 taps each, exact up to 0.49 of the sample rate. */
const FINE_OVERSAMPLER: Oversampler = designOversampler(8, 128, 0.49);
/** A coarse reading below this part of the peak so far cannot hide a higher one: the most it hides is 0.7 dB. */
const NEAR = 0.9;

const readings = reserve(GROUP);

/**
 * Peak of one channel: read coarsely wherever it can matter, and finely where the coarse reading comes near the peak found
 * so far, because between the points of a coarse grid a bright signal can hide up to 0.7 dB.
 */
export class TruePeakDetector {
  readonly #fine: Oversampler;
  readonly #tape: Tape;
  #peak = 0;

  constructor(fine: Oversampler = FINE_OVERSAMPLER) {
    this.#fine = fine;
    this.#tape = new Tape(fine.tapsPerPhase);
  }

  /** Hears the samples from index `from` up to, not including, `to`. */
  push(input: Float64Array, from: number, to: number): void {
    for (let start = from; start < to; start += BLOCK_FRAMES) {
      const frames = Math.min(to - start, BLOCK_FRAMES);
      this.#tape.lay(input, start, start + frames);
      const { groups, bounds } = this.#tape.scan(METERING_OVERSAMPLER, frames);
      for (let group = 0; group < groups; group++) if (bounds[group] > NEAR * this.#peak) this.#examine(group);
      this.#tape.wind(frames);
    }
  }

  /** Lets the signal ring out into silence. Call it once, after the last push. */
  finish(): void {
    const silence = new Float64Array(2 * this.#tape.latencyFrames);
    this.push(silence, 0, silence.length);
  }

  /** The largest magnitude since the last call, half the filter behind what was pushed. */
  take(): number {
    const peak = this.#peak;
    this.#peak = 0;
    return peak;
  }

  #examine(group: number): void {
    const coarse = this.#read(METERING_OVERSAMPLER, group);
    if (coarse > NEAR * this.#peak) this.#peak = Math.max(this.#peak, coarse, this.#read(this.#fine, group));
  }

  #read(oversampler: Oversampler, group: number): number {
    readings.fill(0);
    this.#tape.raise(oversampler, group, readings, 0);
    let peak = 0;
    for (let i = 0; i < GROUP; i++) if (readings[i] > peak) peak = readings[i];
    return peak;
  }
}
