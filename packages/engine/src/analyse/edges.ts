// Where the music starts and ends under noise and beside an offset: the first and the last step of 10 ms whose mean square,
// without its offset, passes a level. All levels from −80 to −40 dBFS are watched, since the noise is known only at the end.
//   offset removed by y[n] = x[n] − x[n−1] + R·y[n−1], R = 1 − 2π·10 Hz / rate
import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { forgetDenormal } from '../dsp/biquad.ts';
import { addressOf, kernels, reserve, within } from '../kernels/wasm.ts';
import { powerFromDb } from '../units.ts';

const STEP_SECONDS = 0.01;
const LOWEST_DBFS = -80;
const LEVELS = 21;
const STEP_DB = 2;
const BLOCKER_HZ = 10;
const LEVEL_POWERS = Array.from({ length: LEVELS }, (_, k) => powerFromDb(LOWEST_DBFS + STEP_DB * k));

/** Workspaces, for the length of a call. */
const copies = [reserve(BLOCK_FRAMES), reserve(BLOCK_FRAMES)];
/** The samples before, y, and the energies, both channels of each. */
const STATE = 6;
const Y = 2;
const ENERGIES = 4;
const workState = reserve(STATE);

/** Both channels without their offset. Kernel: kernels/scans.ts. */
class OffsetFree {
  readonly #decay: number;
  readonly #state = new Float64Array(STATE);
  #isFirst = true;

  constructor(sampleRateHz: number) {
    this.#decay = 1 - (2 * Math.PI * BLOCKER_HZ) / sampleRateHz;
  }

  /** Adds the energies of the samples from index `from` up to, not including, `to`. */
  add({ left, right }: StereoBlock, from: number, to: number): void {
    const state = this.#state;
    // What comes first is taken to have lasted for ever.
    if (this.#isFirst) state.set([left[from], right[from]]);
    this.#isFirst = false;
    const wasm = kernels();
    if (!wasm) {
      this.#addChannel(left, [from, to], 0);
      this.#addChannel(right, [from, to], 1);
      return;
    }
    for (let k = 0; k < STATE; k++) workState[k] = state[k];
    const [leftAt, rightAt] = [within(left, from, to, copies[0]), within(right, from, to, copies[1])];
    wasm.addOffsetFree(leftAt, rightAt, to - from, this.#decay, addressOf(workState));
    for (let k = 0; k < STATE; k++) state[k] = workState[k];
  }

  #addChannel(samples: Float64Array, [from, to]: readonly [number, number], channel: number): void {
    const state = this.#state;
    for (let i = from; i < to; i++) {
      const x = samples[i];
      const y = x - state[channel] + this.#decay * state[channel + Y];
      state[channel] = x;
      state[channel + Y] = y;
      state[channel + ENERGIES] += y * y;
    }
  }

  /** The larger of both energies since the last call. */
  take(): number {
    const state = this.#state;
    const larger = Math.max(state[ENERGIES], state[ENERGIES + 1]);
    for (let k = Y; k < ENERGIES; k++) state[k] = forgetDenormal(state[k]);
    state.fill(0, ENERGIES);
    return larger;
  }
}

export class EdgeMeter {
  readonly #stepFrames: number;
  readonly #channels: OffsetFree;
  readonly #first = new Float64Array(LEVELS).fill(-1);
  readonly #last = new Float64Array(LEVELS).fill(-1);
  #filled = 0;
  #steps = 0;

  constructor(sampleRateHz: number) {
    this.#stepFrames = Math.round(STEP_SECONDS * sampleRateHz);
    this.#channels = new OffsetFree(sampleRateHz);
  }

  push(block: StereoBlock, frames: number): void {
    let from = 0;
    while (from < frames) {
      const to = Math.min(frames, from + this.#stepFrames - this.#filled);
      this.#channels.add(block, from, to);
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
    const power = this.#channels.take() / this.#stepFrames;
    for (let k = 0; k < LEVELS && power > LEVEL_POWERS[k]; k++) {
      if (this.#first[k] < 0) this.#first[k] = this.#steps;
      this.#last[k] = this.#steps;
    }
    this.#steps++;
    this.#filled = 0;
  }
}
