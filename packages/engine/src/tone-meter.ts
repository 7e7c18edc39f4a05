// The long-term tone of a finished file, third-octave by third-octave: what the long windows of analyse/spectrum.ts tell, without what
// lies between the channels, in single precision (dsp/power-sums.ts). Windows of 0.3 to 0.6 s, with silence before and after.
import { windowFrames } from './analyse/spectrum.ts';
import { bandLevels } from './analyse/tone.ts';
import { BLOCK_FRAMES, type StereoBlock } from './audio.ts';
import { narrow } from './dsp/narrow.ts';
import { addWindowPowers, powersInOrder, type Singles } from './dsp/power-sums.ts';
import { Lodger, type Room, roomsBySize } from './kernels/room.ts';

/** So many windows are summed up in single precision. */
const MOST_WINDOWS = 32;

/** Both channels and the sums, two single numbers in the place of one. */
const roomOf = roomsBySize(3, (size) => size / 2);
const silence = new Float64Array(BLOCK_FRAMES);

/** Memory does not grow with what is heard. */
export class ToneMeter {
  readonly #size: number;
  readonly #hop: number;
  readonly #binHz: number;
  readonly #room: Room;
  readonly #lodger = new Lodger();
  readonly #sums: Float64Array;
  #filled: number;
  #windows = 0;

  /** @param overlap how many windows hold each sample: with four every sample counts alike, with two nearly so */
  constructor(sampleRateHz: number, overlap: 2 | 4) {
    this.#size = windowFrames(sampleRateHz);
    this.#binHz = sampleRateHz / this.#size;
    this.#room = roomOf(this.#size);
    this.#sums = new Float64Array(this.#size);
    this.#hop = this.#size / overlap;
    this.#filled = this.#size - this.#hop;
  }

  push({ left, right }: StereoBlock, frames: number): void {
    const planes = this.#enter();
    for (let from = 0; from < frames; ) {
      const to = Math.min(frames, from + BLOCK_FRAMES, from + this.#size - this.#filled);
      narrow(left, from, to, planes.left.subarray(this.#filled));
      narrow(right, from, to, planes.right.subarray(this.#filled));
      this.#filled += to - from;
      from = to;
      if (this.#filled === this.#size) this.#endWindow(planes);
    }
  }

  /** Ends the signal with silence and reads the levels of the bands re the sum of all; none for silence. */
  finish(): { centreHz: number; levelDb: number }[] {
    this.#pushSilence(this.#size);
    this.#addSums(this.#enter().sums);
    return bandLevels({ binHz: this.#binHz, planes: [powersInOrder(this.#sums)] });
  }

  #pushSilence(frames: number): void {
    for (let left = frames; left > 0; left -= BLOCK_FRAMES) {
      this.push({ left: silence, right: silence }, Math.min(left, BLOCK_FRAMES));
    }
  }

  #enter(): Singles {
    const [left, right, sums] = this.#room
      .enter(this.#lodger)
      .map(({ buffer, byteOffset }) => new Float32Array(buffer, byteOffset, this.#size));
    return { left, right, sums };
  }

  #endWindow(planes: Singles): void {
    addWindowPowers(planes);
    this.#windows++;
    if (this.#windows % MOST_WINDOWS === 0) this.#addSums(planes.sums);
    for (const plane of [planes.left, planes.right]) plane.copyWithin(0, this.#hop);
    this.#filled = this.#size - this.#hop;
  }

  #addSums(singles: Float32Array): void {
    const sums = this.#sums;
    for (let i = 0; i < sums.length; i++) sums[i] += singles[i];
    singles.fill(0);
  }
}
