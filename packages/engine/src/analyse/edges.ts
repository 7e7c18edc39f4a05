// Where the music starts and ends under noise and beside an offset: the first and the last step of 10 ms whose mean square,
// without its offset, passes a level. All levels from −80 to −40 dBFS are watched, since the noise is known only at the end.
//   offset removed by y[n] = x[n] − x[n−1] + R·y[n−1], R = 1 − 2π·10 Hz / rate
import type { StereoBlock } from '../audio.ts';
import { powerFromDb } from '../units.ts';

const STEP_SECONDS = 0.01;
const LOWEST_DBFS = -80;
const LEVELS = 21;
const STEP_DB = 2;
const BLOCKER_HZ = 10;
const LEVEL_POWERS = Array.from({ length: LEVELS }, (_, k) => powerFromDb(LOWEST_DBFS + STEP_DB * k));

/** One channel without its offset. */
class OffsetFree {
  readonly #decay: number;
  #before = Number.NaN;
  #y = 0;

  constructor(sampleRateHz: number) {
    this.#decay = 1 - (2 * Math.PI * BLOCKER_HZ) / sampleRateHz;
  }

  /** Energy of the samples from index `from` up to, not including, `to`. */
  energyOf(samples: Float64Array, from: number, to: number): number {
    let before = Number.isNaN(this.#before) ? samples[from] : this.#before;
    let y = this.#y;
    let energy = 0;
    for (let i = from; i < to; i++) {
      const x = samples[i];
      y = x - before + this.#decay * y;
      before = x;
      energy += y * y;
    }
    this.#before = before;
    this.#y = y;
    return energy;
  }
}

export class EdgeMeter {
  readonly #stepFrames: number;
  readonly #left: OffsetFree;
  readonly #right: OffsetFree;
  readonly #first = new Float64Array(LEVELS).fill(-1);
  readonly #last = new Float64Array(LEVELS).fill(-1);
  #energies: [number, number] = [0, 0];
  #filled = 0;
  #steps = 0;

  constructor(sampleRateHz: number) {
    this.#stepFrames = Math.round(STEP_SECONDS * sampleRateHz);
    this.#left = new OffsetFree(sampleRateHz);
    this.#right = new OffsetFree(sampleRateHz);
  }

  push({ left, right }: StereoBlock, frames: number): void {
    let from = 0;
    while (from < frames) {
      const to = Math.min(frames, from + this.#stepFrames - this.#filled);
      this.#energies[0] += this.#left.energyOf(left, from, to);
      this.#energies[1] += this.#right.energyOf(right, from, to);
      this.#filled += to - from;
      from = to;
      if (this.#filled === this.#stepFrames) this.#endStep();
    }
  }

  /** Frames before and after all that is louder than a level in dBFS; none where nothing is. */
  read(levelDbfs: number): { headFrames: number; tailFrames: number } {
    const level = Math.max(0, Math.min(LEVELS - 1, Math.ceil((levelDbfs - LOWEST_DBFS) / STEP_DB)));
    if (this.#first[level] < 0) return { headFrames: 0, tailFrames: 0 };
    const tailSteps = this.#steps - 1 - this.#last[level];
    return { headFrames: this.#first[level] * this.#stepFrames, tailFrames: tailSteps * this.#stepFrames };
  }

  #endStep(): void {
    const power = Math.max(...this.#energies) / this.#stepFrames;
    for (let k = 0; k < LEVELS && power > LEVEL_POWERS[k]; k++) {
      if (this.#first[k] < 0) this.#first[k] = this.#steps;
      this.#last[k] = this.#steps;
    }
    this.#steps++;
    this.#energies = [0, 0];
    this.#filled = 0;
  }
}
