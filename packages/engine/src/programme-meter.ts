import type { Measurement } from './analysis.ts';
import type { AudioStream, StereoBlock } from './audio.ts';
import { LoudnessMeter } from './loudness-meter.ts';
import { TruePeakMeter } from './true-peak-meter.ts';
import { levelFromPeak } from './units.ts';

/** All the meters that make a {@link Measurement}. */
export class ProgrammeMeter {
  readonly loudness: LoudnessMeter;
  readonly truePeak = new TruePeakMeter();
  #frames = 0;

  constructor(sampleRateHz: number) {
    this.loudness = new LoudnessMeter(sampleRateHz);
  }

  /** Linear; of the whole programme once it has ended. */
  get samplePeak(): number {
    return this.truePeak.samplePeak;
  }

  push(block: StereoBlock, frames: number): void {
    this.loudness.push(block, frames);
    this.truePeak.push(block, frames);
    this.#frames += frames;
  }

  /** Ends the programme and reads the meters. */
  finish(stream: AudioStream): Measurement {
    this.truePeak.finish();
    return {
      integratedLufs: this.loudness.integratedLufs(),
      loudnessRangeLu: this.loudness.loudnessRangeLu(),
      maxMomentaryLufs: this.loudness.maxMomentaryLufs(),
      maxShortTermLufs: this.loudness.maxShortTermLufs(),
      truePeakDbtp: this.truePeak.truePeakDbtp(),
      samplePeakDbfs: levelFromPeak(this.samplePeak),
      durationSeconds: this.#frames / stream.sampleRateHz,
      sampleRateHz: stream.sampleRateHz,
      channels: stream.channels,
    };
  }
}
