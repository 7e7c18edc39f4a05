// Envelope of a channel's true peaks: for each frame the largest magnitude on it and between it and the next.
// First at four times the rate; where that comes near the level that matters, again with eight times and twice the taps,
// because between the points of a coarse grid a bright signal can hide up to 0.7 dB (cos(π/8) at Nyquist).
// Linear amplitude. Latency: half the taps of the long filter.
import { BLOCK_FRAMES } from '../audio.ts';
import {
  designOversampler,
  INTERVALS,
  METERING_OVERSAMPLER,
  type Oversampler,
  peakAfter,
  peaksBetween,
} from './oversampler.ts';

/** Eight points per sample, 64 taps each: reads within 0.17 dB of the true maximum even at Nyquist. */
const FINE_OVERSAMPLER: Oversampler = designOversampler(8, 64);
/** Coarse readings below this part of the level that matters cannot hide a peak that reaches it. */
const NEAR = 0.85;
const PAST = FINE_OVERSAMPLER.tapsPerPhase;

export class PeakEnvelope {
  readonly latencyFrames = PAST / 2;
  readonly #matters: number;
  readonly #samples = new Float64Array(PAST + BLOCK_FRAMES + INTERVALS);
  readonly #peaks = new Float64Array(INTERVALS);

  /** @param matters level up to which nobody asks: below it the envelope may read low */
  constructor(matters: number) {
    this.#matters = matters;
  }

  /** Hears at most BLOCK_FRAMES samples; writes as many values, which belong to the frames `latencyFrames` earlier. */
  process(samples: Float64Array, envelope: Float64Array, frames: number): void {
    this.#samples.set(samples.subarray(0, frames), PAST);
    for (let i = 0; i < frames; i += INTERVALS) this.#follow(envelope, i, Math.min(INTERVALS, frames - i));
    this.#samples.copyWithin(0, frames, frames + PAST);
  }

  #follow(envelope: Float64Array, start: number, count: number): void {
    const samples = this.#samples;
    const from = start + this.latencyFrames;
    const reach = reachOf(samples, from, count);
    if (reach * FINE_OVERSAMPLER.bound < this.#matters) {
      envelope.fill(reach, start, start + count);
      return;
    }
    const peaks = this.#peaks;
    peaksBetween(METERING_OVERSAMPLER, samples, from, peaks);
    for (let i = 0; i < count; i++) {
      const peak = Math.max(Math.abs(samples[from + i]), peaks[i]);
      const isNear = peak >= NEAR * this.#matters;
      envelope[start + i] = isNear ? Math.max(peak, peakAfter(FINE_OVERSAMPLER, samples, from + i)) : peak;
    }
  }
}

/** Largest magnitude that the long filter sees from any of `count` frames. */
const reachOf = (samples: Float64Array, from: number, count: number): number => {
  const half = PAST / 2;
  let reach = 0;
  for (let i = from + 1 - half; i < from + count + half; i++) {
    const magnitude = Math.abs(samples[i]);
    if (magnitude > reach) reach = magnitude;
  }
  return reach;
};
