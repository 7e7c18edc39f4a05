// Loudness and how far the peaks stand above it.
// PSR: largest true peak of the last 3 s above the short-term loudness of the same 3 s, every 100 ms; the densest place counts.
import type { Analysis, Level, Measurement } from '../analysis.ts';
import type { AudioStream, StereoBlock } from '../audio.ts';
import { ProgrammeMeter } from '../programme-meter.ts';
import { dbFromGain, dbFromPower } from '../units.ts';
import { LoudnessCurveMeter } from './loudness-curve.ts';
import type { Moments } from './moments.ts';
import { RegionMeter } from './regions.ts';

const TENTHS_PER_SECOND = 10;
const WINDOW_TENTHS = 30;
const MOMENTARY_TENTHS = 4;
const AUDIBLE_LUFS = -70;

const above = (level: Level, reference: Level): Level =>
  level === null || reference === null ? null : level - reference;

/** A {@link ProgrammeMeter} that also watches the ratio of peak to short-term loudness. */
export class DynamicsMeter {
  readonly #sampleRateHz: number;
  readonly #programme: ProgrammeMeter;
  readonly #regions: RegionMeter;
  readonly #curve = new LoudnessCurveMeter();
  readonly #peaks = new Float64Array(WINDOW_TENTHS);
  #tenths = 0;
  #frames = 0;
  #psrDb: Level = null;

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz;
    this.#programme = new ProgrammeMeter(sampleRateHz);
    this.#regions = new RegionMeter(sampleRateHz);
  }

  push(block: StereoBlock, frames: number): void {
    let from = 0;
    while (from < frames) {
      const tenthEnd = Math.round(((this.#tenths + 1) * this.#sampleRateHz) / TENTHS_PER_SECOND);
      const to = Math.min(frames, from + tenthEnd - this.#frames);
      const part = { left: block.left.subarray(from, to), right: block.right.subarray(from, to) };
      this.#programme.push(part, to - from);
      this.#regions.push(part, to - from);
      this.#frames += to - from;
      from = to;
      if (this.#frames === tenthEnd) this.#endTenth();
    }
  }

  /** Ends the programme and reads the meters. */
  finish(stream: AudioStream, moments: Moments): { loudness: Measurement; dynamics: Analysis['dynamics'] } {
    const loudness = this.#programme.finish(stream);
    const power = (moments.powerLeft + moments.powerRight) / 2;
    return {
      loudness,
      dynamics: {
        crestFactorDb: power > 0 ? dbFromGain(this.#programme.samplePeak) - dbFromPower(power) : 0,
        plrDb: above(loudness.truePeakDbtp, loudness.integratedLufs),
        psrDb: this.#psrDb,
        regions: this.#regions.read(),
        loudnessCurve: this.#curve.read(),
      },
    };
  }

  #endTenth(): void {
    this.#peaks[this.#tenths % WINDOW_TENTHS] = this.#programme.truePeak.takePeak();
    this.#tenths++;
    if (this.#tenths % MOMENTARY_TENTHS === 0) this.#regions.endWindow();
    const loudness = this.#programme.loudness.shortTermLufs();
    if (this.#tenths >= WINDOW_TENTHS && this.#tenths % TENTHS_PER_SECOND === 0) this.#curve.push(loudness);
    if (this.#tenths < WINDOW_TENTHS || loudness === null || loudness < AUDIBLE_LUFS) return;
    this.#psrDb = Math.min(this.#psrDb ?? Number.POSITIVE_INFINITY, dbFromGain(Math.max(...this.#peaks)) - loudness);
  }
}
