// Clicks in one channel, found and replaced by what surrounds them predicts.
//   screen:  |x[n−2] − 2x[n−1] + x[n]| stands above its mean of ±12 ms and above its peaks there
//   find:    a model of both sides of the place; min(|e|, |e backwards|) stands `thresholdDb` above the largest |e| of ±12 ms.
//            It starts where e from the past first rises above that, and ends where e from the future last does.
//   mend:    least squares interpolation, kept only if the sound goes on after it as the model says: a drum does not.
// The longer it lasts, the further it must stand out: music has its own short noises, and they are long.
// Source: Godsill & Rayner, "Digital Audio Restoration", 1998, 5.2 (interpolation), 5.3 (detection). The constants were found on
// 174 excerpts of finished music (docs/dsp/declick.md). Latency: hop and future of the bench, 38 ms.
import { Autoregression } from './autoregression.ts';
import { Bends } from './bends.ts';
import { Interpolator } from './interpolator.ts';
import { largestMagnitude } from './magnitude.ts';
import { Workbench } from './workbench.ts';

const ORDER = 31;
/** How far above the largest residual around it that of a short click stands. Of 174 excerpts of music two come so far; half
 *  of the clicks stand above by 40 dB. */
export const CLICK_THRESHOLD_DB = 18;
/** Lengths below are for rates up to 66 kHz, in frames; above they are doubled, and so on. */
const BASE_RATE_HZ = 44_100;
const BLOCK = 32;
const SCREENED_BLOCKS = 16;
/** Blocks next to the loudest that the same click may reach into. */
const OWN_BLOCKS = 2;
const SIDE = 1024;
const LOOK = 512;
/** How far a click may reach to either side of the sample that gave it away. */
const REACH = 50;
const PAUSE = 16;
const GUARD = 2 * BLOCK;
const HOP = 512;
const AHEAD = 1184;
const BEHIND = 1152;

const SCREEN_ABOVE_MEAN = 4;
const SCREEN_ABOVE_PEAKS = 1.2;
const ABOVE_MEAN = 8;
/** What is left of the residual after mending, re the largest around it. */
const LEFT_OVER = 1.5;
/** −50 dBFS. */
const LEAST_AMPLITUDE = 0.003;
const LONGEST_SECONDS = 1.3e-3;
const SHORT_SECONDS = 0.37e-3;
/** A peak that was cut off is no click: a sample this near to the loudest around, that should be louder by a quarter, or
 *  that is part of a flat top and should be nearly as loud. */
const CUT_OFF = 0.95;
const GROWTH = 0.25;
const FLAT = 1e-4;

/** How far the threshold rises with the length: by 11 dB for a click of 1 ms. */
const lengthFactor = (seconds: number): number => {
  const ratio = Math.max(1, seconds / SHORT_SECONDS);
  return ratio * Math.sqrt(Math.sqrt(ratio));
};

type Candidate = { from: number; count: number; background: number; excess: number };

export class ClickMender {
  /** Where clicks were mended since this was last emptied, counted in frames from the start. */
  readonly found: number[] = [];
  /** Short noises that stand out, but less than a click: at least half as far. */
  likes = 0;
  readonly #sampleRateHz: number;
  readonly #threshold: number;
  readonly #unit: number;
  readonly #bench: Workbench;
  readonly #model: Autoregression;
  readonly #interpolator: Interpolator;
  readonly #missing: Int32Array;
  readonly #kept: Float64Array;
  readonly #forwards: Float64Array;
  readonly #backwards: Float64Array;
  readonly #bends: Bends;
  #position: number;

  /** @param threshold linear: how often the residual around it the residual of a short click must be */
  constructor(sampleRateHz: number, threshold: number) {
    const unit = Math.max(1, Math.round(sampleRateHz / BASE_RATE_HZ));
    this.#sampleRateHz = sampleRateHz;
    this.#threshold = threshold;
    this.#unit = unit;
    const bench = { behindFrames: BEHIND * unit, hopFrames: HOP * unit, aheadFrames: AHEAD * unit };
    this.#bench = new Workbench(bench, (samples) => this.#mend(samples));
    this.#model = new Autoregression(ORDER, SIDE * unit);
    const longest = Math.ceil(LONGEST_SECONDS * sampleRateHz);
    this.#interpolator = new Interpolator(longest);
    this.#missing = new Int32Array(longest);
    this.#kept = new Float64Array(longest);
    this.#forwards = new Float64Array(2 * LOOK * unit);
    this.#backwards = new Float64Array(2 * LOOK * unit);
    this.#bends = new Bends((BEHIND + HOP + AHEAD) / BLOCK, BLOCK * unit);
    this.#position = -(BEHIND + HOP + AHEAD) * unit;
  }

  get latencyFrames(): number {
    return this.#bench.latencyFrames;
  }

  /** Writes what comes out to `output`, or nowhere where only what is found is asked for. */
  process(input: Float64Array, output: Float64Array | null, frames: number): void {
    this.#bench.process(input, output, frames);
  }

  #mend(samples: Float64Array): void {
    const newBlocks = HOP / BLOCK;
    this.#position += HOP * this.#unit;
    this.#bends.moveOn(samples, newBlocks);
    const first = (BEHIND + GUARD) / BLOCK;
    for (let block = first; block < first + newBlocks; block++) {
      if (this.#standsOut(block)) this.#examine(samples, this.#summitOf(samples, block));
    }
  }

  #standsOut(block: number): boolean {
    const { peaks, means } = this.#bends;
    const peak = peaks[block];
    if (peak < LEAST_AMPLITUDE || peak < peaks[block - 1] || peak < peaks[block + 1]) return false;
    for (let k = OWN_BLOCKS + 1; k <= SCREENED_BLOCKS; k++) {
      const other = Math.max(peaks[block - k], peaks[block + k]);
      if (peak < SCREEN_ABOVE_PEAKS * other) return false;
    }
    let sum = 0;
    for (let k = OWN_BLOCKS + 1; k <= SCREENED_BLOCKS; k++) sum += means[block - k] + means[block + k];
    return peak >= (SCREEN_ABOVE_MEAN * sum) / (2 * (SCREENED_BLOCKS - OWN_BLOCKS));
  }

  #summitOf(samples: Float64Array, block: number): number {
    const size = BLOCK * this.#unit;
    for (let n = block * size; n < (block + 1) * size; n++) {
      if (Math.abs(samples[n - 2] - 2 * samples[n - 1] + samples[n]) === this.#bends.peaks[block]) return n - 1;
    }
    return block * size;
  }

  #examine(samples: Float64Array, summit: number): void {
    const candidate = this.#candidateAt(samples, summit);
    if (candidate === null) return;
    const { from, count, excess } = candidate;
    const needed = this.#threshold * lengthFactor(count / this.#sampleRateHz);
    if (excess < needed / 2) return;
    this.#kept.set(samples.subarray(from, from + count));
    for (let k = 0; k < count; k++) this.#missing[k] = from + k;
    const solved = this.#interpolator.solve(this.#model, samples, this.#missing, count);
    const isClick = solved && this.#goesOn(samples, candidate) && this.#wasAdded(samples, candidate);
    if (isClick && excess >= needed) {
      this.found.push(this.#position + from);
      const size = BLOCK * this.#unit;
      this.#bends.screen(samples, Math.floor(from / size), Math.floor((from + count + 1) / size) + 1);
      return;
    }
    samples.set(this.#kept.subarray(0, count), from);
    if (isClick) this.likes++;
  }

  /** Something short whose residual stands above that of what surrounds it, or nothing. */
  #candidateAt(samples: Float64Array, summit: number): Candidate | null {
    const reach = REACH * this.#unit;
    const look = LOOK * this.#unit;
    const start = summit - look;
    const model = this.#model;
    model.forget();
    model.show(samples, summit - reach - SIDE * this.#unit);
    model.show(samples, summit + reach + 1);
    model.fit();
    model.residual(samples, [start, summit + reach], 1, this.#forwards);
    // What does not stand above its past needs no second look.
    if (
      largestMagnitude(this.#forwards, look - reach, look + reach) <= largestMagnitude(this.#forwards, 0, look - reach)
    )
      return null;
    model.residual(samples, [summit - reach, summit + look], -1, this.#backwards.subarray(look - reach));
    const { background, mean } = this.#around(look - reach);
    let peak = 0;
    for (let n = look - reach; n < look + reach; n++) {
      peak = Math.max(peak, Math.min(Math.abs(this.#forwards[n]), Math.abs(this.#backwards[n])));
    }
    if (peak <= background || peak < ABOVE_MEAN * mean) return null;
    const first = this.#edge(this.#forwards, -1, background);
    const last = this.#edge(this.#backwards, 1, background);
    const count = last - first + 3;
    if (count < 3 || count > this.#missing.length) return null;
    return {
      from: start + first - 1,
      count,
      background,
      excess: peak / background,
    };
  }

  /** The outermost sample, from the summit on, that stands above the background; pauses within a click are short. */
  #edge(residual: Float64Array, direction: 1 | -1, background: number): number {
    const summit = LOOK * this.#unit;
    let edge = summit;
    for (let k = 0; k < REACH * this.#unit && k - Math.abs(edge - summit) <= PAUSE * this.#unit; k++) {
      const n = summit + direction * k;
      if (Math.abs(residual[n]) > background) edge = n;
    }
    return edge;
  }

  /** Largest and mean residual of the first and of the last `frames`, each predicted from where no click is. */
  #around(frames: number): { background: number; mean: number } {
    let background = 0;
    let sum = 0;
    const end = this.#backwards.length;
    for (let n = 0; n < frames; n++) {
      const before = Math.abs(this.#forwards[n]);
      const after = Math.abs(this.#backwards[end - 1 - n]);
      background = Math.max(background, before, after);
      sum += before + after;
    }
    return { background, mean: sum / (2 * frames) };
  }

  /** Whether the sound after the mended place is what the mended place leads to expect. */
  #goesOn(samples: Float64Array, { from, count, background }: Candidate): boolean {
    const range = [from, from + count + ORDER] as const;
    this.#model.residual(samples, range, 1, this.#forwards);
    for (let n = 0; n < range[1] - range[0]; n++) {
      if (Math.abs(this.#forwards[n]) > LEFT_OVER * background) return false;
    }
    return true;
  }

  /** Whether what was there came on top of the music, loud enough to be heard, rather than being a peak that was cut off. */
  #wasAdded(samples: Float64Array, { from, count }: Candidate): boolean {
    let amplitude = 0;
    for (let k = 0; k < count; k++) amplitude = Math.max(amplitude, Math.abs(samples[from + k] - this.#kept[k]));
    if (amplitude < LEAST_AMPLITUDE) return false;
    const loudest = this.#loudestAround(samples, from, count);
    for (let k = 0; k < count; k++) if (this.#isCutOff(samples, from + k, k, loudest)) return false;
    return true;
  }

  #isCutOff(samples: Float64Array, n: number, k: number, loudest: number): boolean {
    const was = this.#kept[k];
    if (Math.abs(was) < CUT_OFF * loudest) return false;
    const ratio = samples[n] / was;
    const isFlat = k > 0 && Math.abs(was - this.#kept[k - 1]) <= FLAT && Math.abs(was - this.#kept[k + 1]) <= FLAT;
    return ratio > 1 + GROWTH || (isFlat && ratio > 1 - GROWTH);
  }

  #loudestAround(samples: Float64Array, from: number, count: number): number {
    let loudest = 0;
    for (let k = 0; k < count; k++) loudest = Math.max(loudest, Math.abs(this.#kept[k]));
    for (let n = from - LOOK * this.#unit; n < from + LOOK * this.#unit; n++) {
      if (n < from || n >= from + count) loudest = Math.max(loudest, Math.abs(samples[n]));
    }
    return loudest;
  }
}
