// What went wrong before the mix came here: flattened peaks, clicks, a steady offset, silence around the music.
import type { Analysis } from '../analysis.ts';
import type { AudioStream, StereoBlock } from '../audio.ts';
import { dbFromPower, powerFromDb } from '../units.ts';
import { ClickMeter } from './clicks.ts';
import { EdgeMeter } from './edges.ts';
import { FlatTopMeter } from './flat-tops.ts';
import type { Moments } from './moments.ts';
import { SILENCE, SilenceMeter } from './silence.ts';

/** Noise over 10 ms strays by less than this. */
const ABOVE_NOISE_DB = 3;

/** Of what sounds all the time. */
const powerOf = ({ hiss, hum }: Analysis['noise']): number =>
  [hiss, hum].reduce((sum, each) => sum + (each ? powerFromDb(each.levelDbfs) : 0), 0);

/** Finds defects in passing. The two like planes of a mono file count once. */
export class DefectMeter {
  readonly #stream: AudioStream;
  readonly #flatTops: FlatTopMeter[];
  readonly #clicks: ClickMeter;
  readonly #silence = new SilenceMeter();
  readonly #edges: EdgeMeter;

  constructor(stream: AudioStream) {
    this.#stream = stream;
    this.#flatTops = Array.from({ length: stream.channels }, () => new FlatTopMeter());
    this.#clicks = new ClickMeter(stream);
    this.#edges = new EdgeMeter(stream.sampleRateHz);
  }

  push(block: StereoBlock, frames: number): void {
    const planes = [block.left, block.right];
    this.#flatTops.forEach((meter, channel) => {
      meter.push(planes[channel], frames);
    });
    this.#clicks.push(block, frames);
    this.#silence.push(block, frames);
    this.#edges.push(block, frames);
  }

  /** Ends the signal and tells what was found. */
  finish({ meanLeft, meanRight }: Moments, noise: Analysis['noise']): Analysis['defects'] {
    const flatTops = this.#flatTops.map((meter) => meter.finish(Math.sqrt(powerOf(noise))));
    const dcOffset = [meanLeft, meanRight].slice(0, this.#stream.channels);
    const { headFrames, tailFrames } = this.#silenceAround(dcOffset, noise);
    return {
      clippedRuns: flatTops.reduce((sum, { runs }) => sum + runs, 0),
      clippedSamples: flatTops.reduce((sum, { samples }) => sum + samples, 0),
      ceilings: flatTops.map(({ ceiling }) => ceiling),
      ...this.#clicks.finish(),
      dcOffset,
      headSilenceSeconds: headFrames / this.#stream.sampleRateHz,
      tailSilenceSeconds: tailFrames / this.#stream.sampleRateHz,
    };
  }

  /** Silence is what is quieter than −80 dBFS, or no more than the noise or the offset that was found. */
  #silenceAround(dcOffset: readonly number[], noise: Analysis['noise']): ReturnType<SilenceMeter['read']> {
    const exact = this.#silence.read();
    const noisePower = powerOf(noise);
    if (noisePower === 0 && dcOffset.every((offset) => Math.abs(offset) < SILENCE)) return exact;
    const level = noisePower > 0 ? dbFromPower(noisePower) + ABOVE_NOISE_DB : Number.NEGATIVE_INFINITY;
    const audible = this.#edges.read(level);
    return {
      headFrames: Math.max(exact.headFrames, audible.headFrames),
      tailFrames: Math.max(exact.tailFrames, audible.tailFrames),
    };
  }
}
