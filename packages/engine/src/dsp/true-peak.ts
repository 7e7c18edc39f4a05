// True peak: the largest magnitude of the signal between its samples as well as on them.
// Source: ITU-R BS.1770-5, Annex 2; EBU Tech 3341, cases 15–23. Linear amplitude, full scale ±1.
import { BLOCK_FRAMES } from '../audio.ts';
import { addressOf, type Kernels, kernels, reserve } from '../kernels/wasm.ts';
import { GROUP, type Scan, samples, Tape } from './intervals.ts';
import { FINE_OVERSAMPLER, METERING_OVERSAMPLER, type Oversampler } from './oversampler.ts';

/**
 * What the fine points of an interval can read at most: so many times the largest coarse one, and so much for each unit of
 * the largest second difference around. Smooth music hides next to nothing between coarse points, brightness up to 0.141:
 * the most that was found in white noise, tones and bursts up to 0.499 of the sample rate, and limited music.
 */
const HIDDEN_FACTOR = 1.03;
const HIDDEN_PER_BEND = 0.16;

/** Folds that are read together. */
const FAN = 3;
/** Numbers for one pair of samples: even taps of three folds, the middle of the first, odd taps, and one unused. */
const PLACE = 8;

/** The folds of an oversampler three by three: ready for one interval at a time. */
type Fans = { readonly taps: Float64Array; readonly count: number; readonly pairs: number };

const makeFans = ({ folds, foldCount, tapsPerPhase }: Oversampler): Fans => {
  const pairs = tapsPerPhase / 2;
  const count = Math.ceil(foldCount / FAN);
  const taps = reserve(count * pairs * PLACE);
  for (let fold = 0; fold < foldCount; fold++) {
    for (let pair = 0; pair < pairs; pair++) {
      const [even, odd, middle] = folds.subarray(3 * (fold * pairs + pair));
      const place = (Math.floor(fold / FAN) * pairs + pair) * PLACE;
      taps[place + (fold % FAN)] = even;
      taps[place + FAN + 1 + (fold % FAN)] = odd;
      if (fold === 0) taps[place + FAN] = middle;
    }
  }
  return { taps, count, pairs };
};

const made = new WeakMap<Oversampler, Fans>();

/** Made once for each oversampler. */
const fansOf = (oversampler: Oversampler): Fans => {
  const fans = made.get(oversampler) ?? makeFans(oversampler);
  made.set(oversampler, fans);
  return fans;
};

/** Workspaces, for the length of a call. */
const readings = reserve(GROUP);
const tables = reserve(8);

/**
 * Peak of one channel: read coarsely wherever it can matter, and finely where the coarse reading comes near the peak found
 * so far, because a bright signal can hide more between the points of a coarse grid. Kernel: kernels/true-peak.ts.
 */
export class TruePeakDetector {
  readonly #fine: Fans;
  readonly #tape: Tape;
  #peak = 0;
  #samplePeak = 0;

  constructor(fine: Oversampler = FINE_OVERSAMPLER) {
    this.#fine = fansOf(fine);
    this.#tape = new Tape(fine.tapsPerPhase);
  }

  /** Hears the samples from index `from` up to, not including, `to`. */
  push(input: Float64Array, from: number, to: number): void {
    for (let start = from; start < to; start += BLOCK_FRAMES) {
      const frames = Math.min(to - start, BLOCK_FRAMES);
      this.#tape.lay(input, start, start + frames);
      const scan = this.#tape.scan(METERING_OVERSAMPLER, frames);
      const largest = this.#tape.largestSample();
      this.#samplePeak = Math.max(this.#samplePeak, largest);
      // A sample is a reading: from here on only what may exceed it needs to be examined.
      this.#peak = Math.max(this.#peak, largest);
      const wasm = kernels();
      if (wasm) this.#raiseByKernel(wasm, scan);
      else this.#raise(scan);
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

  /** The largest magnitude of a sample so far, as far behind. */
  get samplePeak(): number {
    return this.#samplePeak;
  }

  #raiseByKernel(wasm: Kernels, { groups, bends, bounds }: Scan): void {
    const { folds, foldCount, tapsPerPhase } = METERING_OVERSAMPLER;
    const { taps, count, pairs } = this.#fine;
    const coarse = [addressOf(folds), foldCount, tapsPerPhase / 2];
    tables.set([...coarse, addressOf(taps), count, pairs, HIDDEN_FACTOR, HIDDEN_PER_BEND]);
    const [first, bend, bound] = [addressOf(samples, this.#tape.start), addressOf(bends), addressOf(bounds)];
    const peak = this.#peak;
    this.#peak = wasm.raisePeak(first, groups, bend, bound, addressOf(readings), addressOf(tables), peak);
  }

  #raise({ groups, bends, bounds }: Scan): void {
    for (let group = 0; group < groups; group++) {
      const hidden = HIDDEN_PER_BEND * bends[group];
      if (HIDDEN_FACTOR * bounds[group] + hidden > this.#peak) this.#examine(group, hidden);
    }
  }

  #examine(group: number, hidden: number): void {
    readings.fill(0);
    this.#tape.raise(METERING_OVERSAMPLER, group, readings, 0);
    const first = this.#tape.start + group * GROUP;
    for (let i = 0; i < GROUP; i++) {
      const reading = Math.max(readings[i], Math.abs(samples[first + i + 1]));
      this.#peak = Math.max(this.#peak, reading);
      if (HIDDEN_FACTOR * reading + hidden > this.#peak) {
        this.#peak = Math.max(this.#peak, readInterval(this.#fine, first + i));
      }
    }
  }
}

/** The largest magnitude between a sample and the next. */
const readInterval = ({ taps, count, pairs }: Fans, sample: number): number => {
  let peak = 0;
  for (let fan = 0; fan < count; fan++) {
    const sums = new Float64Array(PLACE);
    for (let pair = 0; pair < pairs; pair++) {
      const place = (fan * pairs + pair) * PLACE;
      const [first, last] = [samples[sample - pair], samples[sample + 1 + pair]];
      for (let k = 0; k < PLACE; k++) sums[k] += taps[place + k] * (k < PLACE / 2 ? first + last : first - last);
    }
    for (let k = 0; k < PLACE / 2; k++) peak = Math.max(peak, Math.abs(sums[k]) + Math.abs(sums[PLACE / 2 + k]));
  }
  return peak;
};
