// Windows of both channels in their frequencies, one after the other: Hann, each a part of its length after the last.
// One transform carries both channels, Z = L + iR, in single precision (dsp/power-sums.ts): what rounding adds lies some 140 dB
// below the whole of a window. The ends are the caller's matter.
import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { bitReversal } from '../dsp/fft.ts';
import { narrow } from '../dsp/narrow.ts';
import { type SingleComplexes, transformSingles } from '../dsp/power-sums.ts';
import { Lodger, type Room, roomsBySize } from '../kernels/room.ts';

const SILENCE: StereoBlock = { left: new Float64Array(BLOCK_FRAMES), right: new Float64Array(BLOCK_FRAMES) };

/** Takes Z of one window, valid until it returns. */
type OnSpectrum = (spectrum: SingleComplexes) => void;

/** Windows that are transformed in one go, so that what they share is fetched once. */
const TOGETHER = 4;
const framesOf = (size: number, overlap: number): number => size + (TOGETHER - 1) * (size / overlap);
/** Two single numbers in the place of one. */
const roomsOf = {
  2: roomsBySize(2, (size) => framesOf(size, 2) / 2),
  4: roomsBySize(2, (size) => framesOf(size, 4) / 2),
};

/** The size of the blocks leaves no trace. */
export class SlidingTransform {
  readonly size: number;
  readonly hop: number;
  /** Where Z[k] stands. */
  readonly order: Uint32Array;
  readonly #onSpectrum: OnSpectrum;
  readonly #room: Room;
  readonly #lodger = new Lodger();
  readonly #left: Float32Array;
  readonly #right: Float32Array;
  #filled = 0;

  /** @param size a power of two, of at least 64
   *  @param overlap how many windows hear each sample */
  constructor(size: number, overlap: 2 | 4, onSpectrum: OnSpectrum) {
    this.size = size;
    this.hop = size / overlap;
    this.#onSpectrum = onSpectrum;
    this.order = bitReversal(size);
    this.#room = roomsOf[overlap](size);
    const planes = this.#room.enter(this.#lodger);
    const frames = framesOf(size, overlap);
    [this.#left, this.#right] = planes.map(({ buffer, byteOffset }) => new Float32Array(buffer, byteOffset, frames));
  }

  push({ left, right }: StereoBlock, frames: number): void {
    this.#room.enter(this.#lodger);
    for (let from = 0; from < frames; ) {
      const to = Math.min(frames, from + BLOCK_FRAMES, from + this.#left.length - this.#filled);
      narrow(left, from, to, this.#left.subarray(this.#filled));
      narrow(right, from, to, this.#right.subarray(this.#filled));
      this.#filled += to - from;
      from = to;
      if (this.#filled === this.#left.length) this.flush();
    }
  }

  pushSilence(frames: number): void {
    for (let left = frames; left > 0; left -= BLOCK_FRAMES) this.push(SILENCE, Math.min(left, BLOCK_FRAMES));
  }

  /** Transforms all windows that are complete. */
  flush(): void {
    this.#room.enter(this.#lodger);
    let from = 0;
    for (; from + this.size <= this.#filled; from += this.hop) {
      const planes = { left: this.#left.subarray(from), right: this.#right.subarray(from) };
      this.#onSpectrum(transformSingles(planes, this.size));
    }
    for (const plane of [this.#left, this.#right]) plane.copyWithin(0, from, this.#filled);
    this.#filled -= from;
  }
}
