// Where the sound of a programme starts and ends.
import type { StereoBlock } from '../audio.ts';

/** −80 dBFS: above the dither of a 16-bit file, below any reverb worth keeping. */
export const SILENCE = 1e-4;

/** Remembers where the sound starts and ends. */
export class SilenceMeter {
  #frames = 0;
  #firstSound = -1;
  #lastSound = -1;

  push({ left, right }: StereoBlock, frames: number): void {
    const sounds = (i: number): boolean => Math.abs(left[i]) > SILENCE || Math.abs(right[i]) > SILENCE;
    let last = frames - 1;
    while (last >= 0 && !sounds(last)) last--;
    if (last >= 0) {
      this.#lastSound = this.#frames + last;
      if (this.#firstSound < 0) {
        let first = 0;
        while (!sounds(first)) first++;
        this.#firstSound = this.#frames + first;
      }
    }
    this.#frames += frames;
  }

  /** A signal without any sound is all head. */
  read(): { headFrames: number; tailFrames: number } {
    if (this.#firstSound < 0) return { headFrames: this.#frames, tailFrames: 0 };
    return { headFrames: this.#firstSound, tailFrames: this.#frames - 1 - this.#lastSound };
  }
}
