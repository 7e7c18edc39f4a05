// Envelope of both channels' true peaks: for each frame the largest magnitude on it and between it and the next.
// At four times the rate with 64 taps; where the signal bends so much that a peak could hide between these points, at eight
// times, which reads within 0.17 dB of the true maximum even at Nyquist, and as a meter of fewer taps reads it. Linear.
import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
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
/** What may hide, as a part of the level that matters, without a closer look: 0.07 dB. The reading is raised by as much. */
const HIDDEN_ALLOWED = 0.008;

/** Starts with a whole group; shared, since nothing stays in it. */
const readings = reserve(BLOCK_FRAMES + 2 * GROUP);
const groupReadings = reserve(GROUP);

export class PeakEnvelope {
  readonly latencyFrames: number;
  readonly #matters: number;
  readonly #left = new Tape(TAPS);
  readonly #right = new Tape(TAPS);

  /** @param matters level up to which nobody asks: below it the envelope tells only the samples, roughly */
  constructor(matters: number) {
    this.#matters = matters;
    this.latencyFrames = this.#left.latencyFrames;
  }

  /** Hears at most BLOCK_FRAMES frames; writes as many values, which belong to the frames `latencyFrames` earlier. */
  process(block: StereoBlock, envelope: Float64Array, frames: number): void {
    const { shift } = this.#left;
    readings.fill(0);
    this.#raise(this.#left, block.left, frames);
    this.#raise(this.#right, block.right, frames);
    envelope.set(readings.subarray(shift, shift + frames));
  }

  #raise(tape: Tape, input: Float64Array, frames: number): void {
    tape.lay(input, 0, frames);
    const scan = tape.scan(EIGHT_TIMES, frames);
    tape.raiseAll(readings);
    for (let group = 0; group < scan.groups; group++) {
      if (scan.bounds[group] >= this.#matters) this.#read(tape, scan, group);
    }
    tape.wind(frames);
  }

  #read(tape: Tape, { bends }: Scan, group: number): void {
    let hidden = HIDDEN * bends[group];
    const isBright = hidden > HIDDEN_ALLOWED * this.#matters;
    if (isBright) hidden = 0;
    groupReadings.fill(0);
    tape.raise(isBright ? EIGHT_TIMES : FOUR_TIMES, group, groupReadings, 0);
    if (isBright) tape.raise(METERING_OVERSAMPLER, group, groupReadings, 0);
    for (let i = 0, at = group * GROUP; i < GROUP; i++, at++) {
      const reading = groupReadings[i] + hidden;
      if (reading > readings[at]) readings[at] = reading;
    }
  }
}
