import type { Level } from './analysis.ts';
import type { StereoBlock } from './audio.ts';
import type { Oversampler } from './dsp/oversampler.ts';
import { TruePeakDetector } from './dsp/true-peak.ts';
import { levelFromPeak } from './units.ts';

/** True peak of both channels. ITU-R BS.1770-5, Annex 2. */
export class TruePeakMeter {
  readonly #left: TruePeakDetector;
  readonly #right: TruePeakDetector;
  #peak = 0;

  constructor(oversampler?: Oversampler) {
    this.#left = new TruePeakDetector(oversampler);
    this.#right = new TruePeakDetector(oversampler);
  }

  /** Hears the first `frames` samples of both planes. Blocks may be of any size. */
  push(block: StereoBlock, frames: number): void {
    this.#left.push(block.left, 0, frames);
    this.#right.push(block.right, 0, frames);
  }

  /** Lets the signal ring out into silence. Call it once, after the last push and before the reading. */
  finish(): void {
    this.#left.finish();
    this.#right.finish();
  }

  /** Largest magnitude since the last call, linear; half the filter behind what was pushed. */
  takePeak(): number {
    const peak = Math.max(this.#left.take(), this.#right.take());
    this.#peak = Math.max(this.#peak, peak);
    return peak;
  }

  /** Largest magnitude of a sample, linear; half the filter behind what was pushed. */
  get samplePeak(): number {
    return Math.max(this.#left.samplePeak, this.#right.samplePeak);
  }

  /** True peak so far; `null` for digital silence. */
  truePeakDbtp(): Level {
    this.takePeak();
    return levelFromPeak(this.#peak);
  }
}
