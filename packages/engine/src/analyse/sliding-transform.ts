// Windows of both channels in their frequencies, one after the other: Hann, each a part of its length after the last.
// One transform carries both channels, Z = L + iR (dsp/window-transform.ts). The ends are the caller's matter.
import type { StereoBlock } from '../audio.ts';
import { hannWindow } from '../dsp/fft.ts';
import { type Complexes, WindowTransform } from '../dsp/window-transform.ts';
import { Lodger, type Room, roomsBySize } from '../kernels/room.ts';

const SILENT_FRAMES = 4096;
const SILENCE: StereoBlock = { left: new Float64Array(SILENT_FRAMES), right: new Float64Array(SILENT_FRAMES) };

/** Takes Z of one window, valid until it returns. */
type OnSpectrum = (spectrum: Complexes) => void;

/** Windows that are transformed in one go, so that what they share is fetched once. */
const TOGETHER = 2;
const roomsOf = {
  2: roomsBySize(2, (size) => size + (TOGETHER - 1) * (size / 2)),
  4: roomsBySize(2, (size) => size + (TOGETHER - 1) * (size / 4)),
};

/** The size of the blocks leaves no trace. */
export class SlidingTransform {
  readonly size: number;
  readonly hop: number;
  /** Where Z[k] stands. */
  readonly order: Uint32Array;
  readonly #onSpectrum: OnSpectrum;
  readonly #transform: WindowTransform;
  readonly #window: Float64Array;
  readonly #room: Room;
  readonly #lodger = new Lodger();
  #filled = 0;

  /** @param size a power of two
   *  @param overlap how many windows hear each sample */
  constructor(size: number, overlap: 2 | 4, onSpectrum: OnSpectrum) {
    this.size = size;
    this.hop = size / overlap;
    this.#onSpectrum = onSpectrum;
    this.#transform = new WindowTransform(size);
    this.order = this.#transform.order;
    this.#window = hannWindow(size);
    this.#room = roomsOf[overlap](size);
  }

  push(block: StereoBlock, frames: number): void {
    for (let from = 0; from < frames; ) {
      const [left, right] = this.#room.enter(this.#lodger);
      const to = Math.min(frames, from + left.length - this.#filled);
      left.set(block.left.subarray(from, to), this.#filled);
      right.set(block.right.subarray(from, to), this.#filled);
      this.#filled += to - from;
      from = to;
      if (this.#filled === left.length) this.flush();
    }
  }

  pushSilence(frames: number): void {
    for (let left = frames; left > 0; left -= SILENT_FRAMES) this.push(SILENCE, Math.min(left, SILENT_FRAMES));
  }

  /** Transforms all windows that are complete. */
  flush(): void {
    const [left, right] = this.#room.enter(this.#lodger);
    let from = 0;
    for (; from + this.size <= this.#filled; from += this.hop) {
      const planes = { left: left.subarray(from), right: right.subarray(from) };
      this.#onSpectrum(this.#transform.transform(this.#window, planes));
    }
    for (const plane of [left, right]) plane.copyWithin(0, from, this.#filled);
    this.#filled -= from;
  }
}
