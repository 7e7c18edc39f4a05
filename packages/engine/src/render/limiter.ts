// Look-ahead true-peak limiter, both channels linked:
//   hold the peak, let go by programme, smooth, delay the signal, multiply.
// The reduction 1 − 1/envelope is held over the whole reach of smoother and interpolation filter, so that the smoothed gain
// is all the way down, and flat, while a peak passes. Under the ceiling the gain is exactly 1.
// Linear amplitudes; the ceiling is 1. Source: building blocks as named in their files; van Herk 1992 for the hold.
import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { BoxSmoother } from '../dsp/box-smoother.ts';
import { StereoDelay } from '../dsp/delay.ts';
import { PeakEnvelope } from '../dsp/peak-envelope.ts';
import { ProgrammeRelease } from '../dsp/release.ts';
import { SlidingMax } from '../dsp/sliding-max.ts';

/** Length of each of the two averages that shape the attack: short enough to leave a transient its edge. */
const SMOOTHING_MS = 1.5;
/** How long a reduction lasts at least: longer than half a period of 42 Hz, so that a bass note is not reshaped. */
const HOLD_MS = 12;
const RELEASE = { fastMs: 60, slowAttackMs: 300, slowReleaseMs: 900 };
/** Frames on either side of a peak over which the gain stays flat: the heart of the interpolation filter. */
const FLAT_FRAMES = 16;

/** From the envelope of true peaks to the gain that keeps them under 1. */
export class GainComputer {
  /** The gain that comes out belongs to the frame so many frames ago. */
  readonly latencyFrames: number;
  readonly #hold: SlidingMax;
  readonly #release: ProgrammeRelease;
  readonly #smoother: BoxSmoother;

  constructor(sampleRateHz: number) {
    const framesOf = (ms: number) => Math.max(8, Math.round((ms * sampleRateHz) / 1000));
    this.#smoother = new BoxSmoother(framesOf(SMOOTHING_MS));
    this.latencyFrames = this.#smoother.spanSamples + FLAT_FRAMES;
    this.#hold = new SlidingMax(Math.max(this.latencyFrames + 2 * FLAT_FRAMES, framesOf(HOLD_MS)));
    this.#release = new ProgrammeRelease(RELEASE, sampleRateHz);
  }

  /** Turns the first `frames` values of the envelope, times `drive`, into gains 0…1. */
  process(envelope: Float64Array, drive: number, gains: Float64Array, frames: number): void {
    for (let i = 0; i < frames; i++) {
      const peak = envelope[i] * drive;
      gains[i] = peak > 1 ? 1 - 1 / peak : 0;
    }
    this.#hold.process(gains, frames);
    this.#release.process(gains, frames);
    this.#smoother.process(gains, frames);
    for (let i = 0; i < frames; i++) gains[i] = 1 - gains[i];
  }
}

/** What every limiter of one signal shares: the envelope, and the signal delayed to match the gains. */
export class LimiterInput {
  readonly latencyFrames: number;
  readonly envelope = new Float64Array(BLOCK_FRAMES);
  readonly #peaks: PeakEnvelope;
  readonly #delay: StereoDelay;

  /** @param maxDrive the largest factor that any limiter will put before the ceiling of 1 */
  constructor(sampleRateHz: number, maxDrive: number) {
    this.#peaks = new PeakEnvelope(1 / maxDrive);
    this.latencyFrames = this.#peaks.latencyFrames + new GainComputer(sampleRateHz).latencyFrames;
    this.#delay = new StereoDelay(this.latencyFrames);
  }

  /** Follows the first `frames` samples, and replaces them by those `latencyFrames` earlier. */
  process(block: StereoBlock, frames: number): void {
    this.#peaks.process(block, this.envelope, frames);
    this.#delay.process(block, block, frames);
  }
}
