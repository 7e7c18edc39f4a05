// Windows of both channels in their frequencies, one after the other: Hann, each by default a quarter of its length after the
// last.
// One transform carries both channels, Z = L + iR: |L|² + |R|² = (|Z[k]|² + |Z[−k]|²) / 2. The ends are the caller's matter.
import type { StereoBlock } from '../audio.ts';
import { Fft, hannWindow } from '../dsp/fft.ts';

const USUAL_OVERLAP = 4;
const SILENT_FRAMES = 4096;
const SILENCE: StereoBlock = { left: new Float64Array(SILENT_FRAMES), right: new Float64Array(SILENT_FRAMES) };

/** Takes Z of one window, valid until it returns. */
type OnSpectrum = (re: Float64Array, im: Float64Array) => void;

/** The size of the blocks leaves no trace. */
export class SlidingTransform {
  readonly size: number;
  readonly hop: number;
  readonly #onSpectrum: OnSpectrum;
  readonly #fft: Fft;
  readonly #window: Float64Array;
  readonly #left: Float64Array;
  readonly #right: Float64Array;
  #filled = 0;

  /** @param size and overlap, how many windows hold each sample: powers of two */
  constructor(size: number, onSpectrum: OnSpectrum, overlap = USUAL_OVERLAP) {
    this.size = size;
    this.hop = size / overlap;
    this.#onSpectrum = onSpectrum;
    this.#fft = new Fft(size);
    this.#window = hannWindow(size);
    this.#left = new Float64Array(size);
    this.#right = new Float64Array(size);
  }

  push(block: StereoBlock, frames: number): void {
    let from = 0;
    while (from < frames) {
      const to = Math.min(frames, from + this.size - this.#filled);
      this.#left.set(block.left.subarray(from, to), this.#filled);
      this.#right.set(block.right.subarray(from, to), this.#filled);
      this.#filled += to - from;
      from = to;
      if (this.#filled === this.size) this.#endWindow();
    }
  }

  pushSilence(frames: number): void {
    for (let left = frames; left > 0; left -= SILENT_FRAMES) this.push(SILENCE, Math.min(left, SILENT_FRAMES));
  }

  #endWindow(): void {
    const { re, im } = this.#fft.transformWindow(this.#window, { left: this.#left, right: this.#right });
    this.#onSpectrum(re, im);
    this.#left.copyWithin(0, this.hop);
    this.#right.copyWithin(0, this.hop);
    this.#filled = this.size - this.hop;
  }
}
