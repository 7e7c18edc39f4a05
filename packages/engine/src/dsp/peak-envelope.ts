// Envelope of a channel's true peaks: for each frame the largest magnitude on it and between it and the next.
// At four times the rate with 64 taps; where the signal bends so much that a peak could hide between these points, at eight
// times, which reads within 0.17 dB of the true maximum even at Nyquist, and as a meter of fewer taps reads it. Linear.
import { BLOCK_FRAMES } from '../audio.ts';
import { reserve } from '../kernels/wasm.ts';
import { GROUP, type Scan, Tape } from './intervals.ts';
import { designOversampler, METERING_OVERSAMPLER, type Oversampler } from './oversampler.ts';

const TAPS = 64;
const FOUR_TIMES: Oversampler = designOversampler(4, TAPS);
const EIGHT_TIMES: Oversampler = designOversampler(8, TAPS);
/**
 * No point of the finer grid lies further beyond its neighbours on the coarser than this times the largest second difference
 * (0.0363 by the reckoning of oversampler.ts for the difference of the two filters).
 */
const HIDDEN = 0.037;
/** What may hide without a closer look, as a part of what there can be at most: 0.07 dB. The reading is raised by as much. */
const HIDDEN_ALLOWED = 0.008;

/** Starts with a whole group; shared, since nothing stays in it. */
const readings = reserve(BLOCK_FRAMES + 2 * GROUP);
const groupReadings = reserve(GROUP);

export class PeakEnvelope {
  readonly latencyFrames: number;
  readonly #matters: number;
  readonly #tape = new Tape(TAPS);

  /** @param matters level up to which nobody asks: below it the envelope may tell only the samples, roughly */
  constructor(matters: number) {
    this.#matters = matters;
    this.latencyFrames = this.#tape.latencyFrames;
  }

  /** Hears at most BLOCK_FRAMES samples; writes as many values, which belong to the frames `latencyFrames` earlier. */
  process(samples: Float64Array, envelope: Float64Array, frames: number): void {
    const tape = this.#tape;
    const { shift } = tape;
    tape.lay(samples, 0, frames);
    const scan = tape.scan(EIGHT_TIMES, frames);
    readings.fill(0);
    tape.raiseAll(readings);
    for (let group = 0; group < scan.groups; group++) {
      if (scan.bounds[group] >= this.#matters) this.#read(scan, group);
    }
    tape.wind(frames);
    envelope.set(readings.subarray(shift, shift + frames));
  }

  /** What is read depends on the signal alone, so that every limiter of it is told the same. */
  #read({ bends, bounds }: Scan, group: number): void {
    const bound = bounds[group];
    let hidden = HIDDEN * bends[group];
    const isBright = hidden > HIDDEN_ALLOWED * bound;
    if (isBright) hidden = 0;
    groupReadings.fill(0);
    this.#tape.raise(isBright ? EIGHT_TIMES : FOUR_TIMES, group, groupReadings, 0);
    if (isBright) this.#tape.raise(METERING_OVERSAMPLER, group, groupReadings, 0);
    for (let i = 0, at = group * GROUP; i < GROUP; i++, at++) {
      readings[at] = Math.min(bound, groupReadings[i] + hidden);
    }
  }
}
