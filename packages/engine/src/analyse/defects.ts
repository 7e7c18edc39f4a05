// What went wrong before the mix came here: flattened peaks, clicks, a steady offset, silence around the music.
import type { Analysis } from '../analysis.ts';
import type { AudioStream, StereoBlock } from '../audio.ts';
import { ClickMeter } from './clicks.ts';
import { FlatTopMeter } from './flat-tops.ts';
import type { Moments } from './moments.ts';

/** −80 dBFS: above the dither of a 16-bit file, below any reverb worth keeping. */
const SILENCE = 1e-4;

/** Remembers where the sound starts and ends. */
class SilenceDetector {
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

/** Finds defects in passing. The two like planes of a mono file count once. */
export class DefectMeter {
  readonly #stream: AudioStream;
  readonly #flatTops: FlatTopMeter[];
  readonly #clicks: ClickMeter;
  readonly #silence = new SilenceDetector();

  constructor(stream: AudioStream) {
    this.#stream = stream;
    this.#flatTops = Array.from({ length: stream.channels }, () => new FlatTopMeter());
    this.#clicks = new ClickMeter(stream);
  }

  push(block: StereoBlock, frames: number): void {
    const planes = [block.left, block.right];
    this.#flatTops.forEach((meter, channel) => {
      meter.push(planes[channel], frames);
    });
    this.#clicks.push(block, frames);
    this.#silence.push(block, frames);
  }

  /** Ends the signal and tells what was found. */
  finish({ meanLeft, meanRight }: Moments): Analysis['defects'] {
    const flatTops = this.#flatTops.map((meter) => meter.finish());
    const { headFrames, tailFrames } = this.#silence.read();
    return {
      clippedRuns: flatTops.reduce((sum, { runs }) => sum + runs, 0),
      clippedSamples: flatTops.reduce((sum, { samples }) => sum + samples, 0),
      ceilings: flatTops.map(({ ceiling }) => ceiling),
      ...this.#clicks.finish(),
      dcOffset: [meanLeft, meanRight].slice(0, this.#stream.channels),
      headSilenceSeconds: headFrames / this.#stream.sampleRateHz,
      tailSilenceSeconds: tailFrames / this.#stream.sampleRateHz,
    };
  }
}
