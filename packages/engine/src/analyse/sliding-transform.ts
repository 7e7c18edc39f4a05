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

/** Samples that a plane holds: of half a window more than one, so that those that stay are seldom moved. */
const heldFrames = (size: number): number => 1.5 * size;
const roomOf = roomsBySize(2, heldFrames);

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
  /** The running window's first sample, and the end of what is there. */
  #from = 0;
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
    this.#room = roomOf(size);
  }

  push(block: StereoBlock, frames: number): void {
    for (let from = 0; from < frames; ) {
      const [left, right] = this.#room.enter(this.#lodger);
      const to = Math.min(frames, from + this.#from + this.size - this.#filled);
      left.set(block.left.subarray(from, to), this.#filled);
      right.set(block.right.subarray(from, to), this.#filled);
      this.#filled += to - from;
      from = to;
      if (this.#filled === this.#from + this.size) this.#endWindow(left, right);
    }
  }

  pushSilence(frames: number): void {
    for (let left = frames; left > 0; left -= SILENT_FRAMES) this.push(SILENCE, Math.min(left, SILENT_FRAMES));
  }

  #endWindow(left: Float64Array, right: Float64Array): void {
    const from = this.#from;
    const planes = { left: left.subarray(from), right: right.subarray(from) };
    this.#onSpectrum(this.#transform.transform(this.#window, planes));
    this.#from += this.hop;
    if (this.#from + this.size <= left.length) return;
    for (const plane of [left, right]) plane.copyWithin(0, this.#from, this.#filled);
    this.#filled -= this.#from;
    this.#from = 0;
  }
}
