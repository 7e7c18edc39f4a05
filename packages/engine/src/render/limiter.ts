// Look-ahead true-peak limiter: find what lasts, let each peak ask for the rest, hold, smooth, delay the signal, multiply.
//   gain = 1 − smooth(hold(r)),  r = max(sustained, 1 − 1 / (peak · drive)), and from there halfway to the other channel's r
// The sustained part turns both channels down evenly; what peaks ask beyond it is short, and partly each channel's own. A
// reduction is held over the whole reach of smoother and interpolation filter, so that the gain is all the way down, and
// flat, while a peak passes. Under the ceiling the gain is exactly 1.
// Linear amplitudes; the ceiling is 1. Source: blocks as named in their files; times as measured, docs/dsp/limiter.md.
import { BLOCK_FRAMES, createBlock, type StereoBlock } from '../audio.ts';
import { StereoDelay } from '../dsp/delay.ts';
import { largestMagnitude } from '../dsp/magnitude.ts';
import { PeakEnvelope } from '../dsp/peak-envelope.ts';
import { StereoDips } from '../dsp/stereo-dips.ts';
import { SustainedDemand } from '../dsp/sustained-demand.ts';
import { reservedBlock } from '../kernels/blocks.ts';
import { addressOf, isReserved, kernels, reserve, within } from '../kernels/wasm.ts';

/** Half a period of 42 Hz recurs within 12 ms; a note, or a dense passage, lasts 200 ms. */
const SUSTAIN = { recurMs: 12, lastMs: 200, smoothingMs: 10 };
/** Length of each of the two averages that shape a dip: shorter, bass distorts; longer, attacks lose their edge. */
const SMOOTHING_MS = 0.85;
/** Frames on either side of a peak over which the gain stays flat: the heart of the interpolation filter. */
const FLAT_FRAMES = 16;
/** How far a channel follows the other's greater reduction: at 1 both move alike, at 0 the image shifts. */
const LINK = 0.5;

/** What every limiter of one signal shares: the peaks of each channel, in time with one another. */
export type Peaks = {
  /** The greater of both channels, so much earlier that the sustained part can be found. */
  readonly ahead: Float64Array;
  readonly channels: StereoBlock;
  /** Of all that a block holds of these. */
  largest: number;
};

/** From the peaks of both channels to the gains that keep them under 1. */
export class GainComputer {
  /** How far ahead {@link Peaks.ahead} must be of {@link Peaks.channels}. */
  readonly lookAheadFrames: number;
  /** The gains that come out belong to the frame of {@link Peaks.channels} so many frames ago. */
  readonly latencyFrames: number;
  readonly #sustained: SustainedDemand;
  readonly #dips: StereoDips;
  /** After so many frames under the ceiling no memory of an earlier peak is left. */
  readonly #restFrames: number;
  #quietFrames = 0;

  constructor(sampleRateHz: number) {
    this.#sustained = new SustainedDemand(SUSTAIN, sampleRateHz);
    const smoothingFrames = Math.max(8, Math.round((SMOOTHING_MS * sampleRateHz) / 1000));
    this.#dips = new StereoDips(smoothingFrames, FLAT_FRAMES);
    this.lookAheadFrames = this.#sustained.latencyFrames;
    this.latencyFrames = this.#dips.latencyFrames;
    this.#restFrames = this.#sustained.memoryFrames + this.#dips.memoryFrames;
  }

  /** Turns the first `frames` peaks, times `drive`, into gains 0…1, to reserved numbers. */
  process(peaks: Peaks, drive: number, gains: StereoBlock, frames: number): void {
    if (this.#isAtRest(peaks.largest * drive, frames)) {
      this.#sustained.rest(frames);
      gains.left.fill(1, 0, frames);
      gains.right.fill(1, 0, frames);
      return;
    }
    this.#sustained.process(peaks.ahead, drive, sustained, frames);
    ask(peaks.channels, drive, gains, frames);
    this.#dips.process(gains, frames);
  }

  #isAtRest(largest: number, frames: number): boolean {
    const isAtRest = largest <= 1 && this.#quietFrames >= this.#restFrames;
    this.#quietFrames = largest <= 1 ? this.#quietFrames + frames : 0;
    return isAtRest;
  }
}

/** Workspaces, for the length of a call. */
const sustained = reserve(BLOCK_FRAMES);
const copies = [reservedBlock(), reservedBlock()];

/** What each channel must be turned down at least: by what lasts, by its own peak, and by its share of the other's. */
const ask = (peaks: StereoBlock, drive: number, reductions: StereoBlock, frames: number): void => {
  const wasm = kernels();
  if (wasm) {
    wasm.ask(
      within(peaks.left, 0, frames, copies[0].left),
      within(peaks.right, 0, frames, copies[0].right),
      addressOf(sustained),
      frames,
      drive,
      LINK,
      addressOf(reductions.left),
      addressOf(reductions.right),
    );
    return;
  }
  for (let i = 0; i < frames; i++) {
    const left = Math.max(sustained[i], reductionOf(peaks.left[i] * drive));
    const right = Math.max(sustained[i], reductionOf(peaks.right[i] * drive));
    const share = LINK * (right - left);
    reductions.left[i] = share > 0 ? left + share : left;
    reductions.right[i] = share < 0 ? right - share : right;
  }
};

const reductionOf = (peak: number): number => (peak > 1 ? 1 - 1 / peak : 0);

type Driving = { delayed: StereoBlock; gains: StereoBlock; gain: number; driven: StereoBlock };

/** driven = delayed · gains · gain; gains are reserved. */
export const applyGains = ({ delayed, gains, gain, driven }: Driving, frames: number): void => {
  const wasm = kernels();
  for (const side of ['left', 'right'] as const) {
    const [signal, factors, out] = [delayed[side], gains[side], driven[side]];
    if (wasm && isReserved(out)) {
      wasm.applyGains(within(signal, 0, frames, copies[0][side]), addressOf(factors), frames, gain, addressOf(out));
    } else {
      for (let i = 0; i < frames; i++) out[i] = signal[i] * (factors[i] * gain);
    }
  }
};

/** What every limiter of one signal shares: the peaks, and the signal delayed to match the gains. */
export class LimiterInput {
  readonly latencyFrames: number;
  readonly peaks: Peaks = { ahead: new Float64Array(BLOCK_FRAMES), channels: createBlock(), largest: 0 };
  readonly #left: PeakEnvelope;
  readonly #right: PeakEnvelope;
  readonly #peakDelay: StereoDelay;
  readonly #delay: StereoDelay;

  /** @param maxDrive the largest factor that any limiter will put before the ceiling of 1 */
  constructor(sampleRateHz: number, maxDrive: number) {
    const { lookAheadFrames, latencyFrames } = new GainComputer(sampleRateHz);
    this.#left = new PeakEnvelope(1 / maxDrive);
    this.#right = new PeakEnvelope(1 / maxDrive);
    this.latencyFrames = this.#left.latencyFrames + lookAheadFrames + latencyFrames;
    this.#peakDelay = new StereoDelay(lookAheadFrames);
    this.#delay = new StereoDelay(this.latencyFrames);
  }

  /** Follows the first `frames` samples, and replaces them by those `latencyFrames` earlier. */
  process(block: StereoBlock, frames: number): void {
    const { ahead, channels } = this.peaks;
    this.#left.process(block.left, channels.left, frames);
    this.#right.process(block.right, channels.right, frames);
    const { left, right } = channels;
    for (let i = 0; i < frames; i++) ahead[i] = left[i] > right[i] ? left[i] : right[i];
    this.#peakDelay.process(channels, channels, frames);
    this.peaks.largest = Math.max(...[ahead, left, right].map((peaks) => largestMagnitude(peaks, 0, frames)));
    this.#delay.process(block, block, frames);
  }
}
