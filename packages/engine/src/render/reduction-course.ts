// How much the limiter turns down as the music runs, short enough to draw and to send: at most 600 points.
//   deepest  the greatest reduction of whichever channel is turned down more, among the groups of eight frames of a point
//   mean     of its gains at the starts of those groups, as a reduction
// Units: linear gains in, dB of reduction to a hundredth out.
import type { StereoBlock } from '../audio.ts';
import { GROUP } from '../dsp/group-peaks.ts';
import { dbFromGain } from '../units.ts';

const MOST_POINTS = 600;
const LEAST_STEP_SECONDS = 0.1;

/** Point k stands for the time from `k · stepSeconds` on. */
export type ReductionCourse = { stepSeconds: number; deepestDb: number[]; meanDb: number[] };

export class ReductionCourseMeter {
  readonly #stepFrames: number;
  readonly #stepSeconds: number;
  readonly #least: Float64Array;
  readonly #sums: Float64Array;
  readonly #counts: Float64Array;
  #frames = 0;

  /** @param frames of the whole signal; the last point takes whatever is more */
  constructor(sampleRateHz: number, frames: number) {
    this.#stepFrames = Math.ceil(Math.max(frames / MOST_POINTS, LEAST_STEP_SECONDS * sampleRateHz));
    this.#stepSeconds = this.#stepFrames / sampleRateHz;
    const points = Math.ceil(frames / this.#stepFrames);
    this.#least = new Float64Array(points).fill(1);
    this.#sums = new Float64Array(points);
    this.#counts = new Float64Array(points);
  }

  /** Hears the gains at the starts of the next groups. */
  push({ left, right }: StereoBlock, groups: number): void {
    const last = this.#least.length - 1;
    if (last < 0) return;
    for (let i = 0; i < groups; ) {
      const point = Math.min(last, Math.floor(this.#frames / this.#stepFrames));
      const ahead = point === last ? groups : Math.ceil(((point + 1) * this.#stepFrames - this.#frames) / GROUP);
      const end = Math.min(groups, i + ahead);
      let [least, sum] = [this.#least[point], this.#sums[point]];
      this.#counts[point] += end - i;
      this.#frames += GROUP * (end - i);
      for (; i < end; i++) {
        const gain = left[i] < right[i] ? left[i] : right[i];
        if (gain < least) least = gain;
        sum += gain;
      }
      this.#least[point] = least;
      this.#sums[point] = sum;
    }
  }

  read(): ReductionCourse {
    const means = this.#sums.map((sum, k) => sum / Math.max(1, this.#counts[k]));
    return { stepSeconds: this.#stepSeconds, deepestDb: reductions(this.#least), meanDb: reductions(means) };
  }
}

const reductions = (gains: Float64Array): number[] =>
  Array.from(gains, (gain) => Math.max(0, Math.round(-100 * dbFromGain(gain)) / 100));
