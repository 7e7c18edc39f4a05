// Counts clicks in passing, by mending a copy. What is found in both channels within 1 ms is one click.
import { type AudioStream, BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { CLICK_THRESHOLD_DB, ClickMender } from '../dsp/click-mender.ts';
import { quantiseCoefficient } from '../dsp/quantise.ts';
import { gainFromDb } from '../units.ts';

const SAME_SECONDS = 1e-3;

/** Clicks, and short noises of the music that come near to being taken for one. */
export type Clicks = { clicks: number; clickLikes: number };

export class ClickMeter {
  readonly #menders: ClickMender[];
  readonly #sameFrames: number;
  #clicks = 0;

  constructor({ channels, sampleRateHz }: AudioStream) {
    const threshold = quantiseCoefficient(gainFromDb(CLICK_THRESHOLD_DB));
    this.#menders = Array.from({ length: channels }, () => new ClickMender(sampleRateHz, threshold));
    this.#sameFrames = SAME_SECONDS * sampleRateHz;
  }

  push({ left, right }: StereoBlock, frames: number): void {
    this.#menders.forEach((mender, channel) => {
      mender.process(channel === 0 ? left : right, null, frames);
    });
    this.#count();
  }

  #count(): void {
    if (this.#menders.every(({ found }) => found.length === 0)) return;
    const [left, right] = this.#menders.map(({ found }) => found.splice(0));
    const isNew = (at: number) => !left.some((other) => Math.abs(other - at) < this.#sameFrames);
    this.#clicks += left.length + (right ?? []).filter(isNew).length;
  }

  /** Ends the signal with silence. */
  finish(): Clicks {
    const silence = new Float64Array(BLOCK_FRAMES);
    for (let left = this.#menders[0].latencyFrames; left > 0; left -= BLOCK_FRAMES) {
      this.push({ left: silence, right: silence }, Math.min(left, BLOCK_FRAMES));
    }
    return { clicks: this.#clicks, clickLikes: this.#menders.reduce((sum, { likes }) => sum + likes, 0) };
  }
}
