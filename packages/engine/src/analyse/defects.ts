// What went wrong before the mix came here: flattened peaks, a steady offset, silence around the music.
import type { Analysis } from '../analysis.ts';
import type { AudioStream, StereoBlock } from '../audio.ts';
import type { Moments } from './moments.ts';

/** Covers the largest positive and the largest negative number of a 16-bit file. */
const FULL_SCALE = 0.9999;
const FULL_SCALE_RUN_FRAMES = 3;
/** A mix that was clipped and then turned down keeps its flat tops; the quiet ones may be the steps of a 16-bit file. */
const LOWEST_FLAT_TOP = 0.5;
/** A 30 Hz tone in 16 bits rests on its highest step for 80 µs. */
const FLAT_TOP_SECONDS = 100e-6;
/** −80 dBFS: above the dither of a 16-bit file, below any reverb worth keeping. */
const SILENCE = 1e-4;

/** Finds runs of equal samples that are too loud and too long to be music, in one channel. */
class ClippingDetector {
  readonly #flatTopFrames: number;
  runs = 0;
  samples = 0;
  #value = 0;
  #length = 0;

  constructor(sampleRateHz: number) {
    this.#flatTopFrames = Math.max(FULL_SCALE_RUN_FRAMES, Math.ceil(FLAT_TOP_SECONDS * sampleRateHz));
  }

  push(input: Float64Array, frames: number): void {
    let value = this.#value;
    let length = this.#length;
    for (let i = 0; i < frames; i++) {
      if (input[i] === value) {
        length++;
        continue;
      }
      if (length >= FULL_SCALE_RUN_FRAMES) this.#endRun(Math.abs(value), length);
      value = input[i];
      length = 1;
    }
    this.#value = value;
    this.#length = length;
  }

  finish(): void {
    this.#endRun(Math.abs(this.#value), this.#length);
    this.#length = 0;
  }

  #endRun(magnitude: number, length: number): void {
    const least = magnitude >= FULL_SCALE ? FULL_SCALE_RUN_FRAMES : this.#flatTopFrames;
    if (magnitude < LOWEST_FLAT_TOP || length < least) return;
    this.runs++;
    this.samples += length;
  }
}

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
  readonly #clipping: ClippingDetector[];
  readonly #silence = new SilenceDetector();

  constructor(stream: AudioStream) {
    this.#stream = stream;
    this.#clipping = Array.from({ length: stream.channels }, () => new ClippingDetector(stream.sampleRateHz));
  }

  push(block: StereoBlock, frames: number): void {
    const planes = [block.left, block.right];
    this.#clipping.forEach((detector, channel) => {
      detector.push(planes[channel], frames);
    });
    this.#silence.push(block, frames);
  }

  /** Ends the signal and tells what was found. */
  finish({ meanLeft, meanRight }: Moments): Analysis['defects'] {
    for (const detector of this.#clipping) detector.finish();
    const { headFrames, tailFrames } = this.#silence.read();
    return {
      clippedRuns: this.#clipping.reduce((sum, { runs }) => sum + runs, 0),
      clippedSamples: this.#clipping.reduce((sum, { samples }) => sum + samples, 0),
      dcOffset: [meanLeft, meanRight].slice(0, this.#stream.channels),
      headSilenceSeconds: headFrames / this.#stream.sampleRateHz,
      tailSilenceSeconds: tailFrames / this.#stream.sampleRateHz,
    };
  }
}
