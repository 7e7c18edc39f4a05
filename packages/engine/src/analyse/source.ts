// What the file has been before: the length of its words, and where a lossy encoder or a lower rate has cut it off.
//   word     the fewest bits whose steps, 2^(1 − bits), all samples are multiples of
//   cut-off  the frequency above 10 kHz across which the long-term level falls by at least 20 dB within 400 Hz and from where on
//            nothing comes back: per 100 Hz, the median of the 500 Hz below against the strongest of all that lie above
// Source: Hennequin, Royo-Letelier & Moussallam, "Codec independent lossy audio compression detection", ICASSP 2017 (what
// encoders leave behind); LAME and Vorbis cut at 16 kHz for 128 kbit/s, at 19 … 20 kHz for 192 kbit/s and more.
import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { largestMagnitude } from '../dsp/magnitude.ts';
import { kernels, reserve, within } from '../kernels/wasm.ts';
import { dbFromPower } from '../units.ts';
import { medianOf } from './median.ts';
import { type Spectrum, sumBetween } from './spectrum.ts';

const SHORTEST_WORD = 1;
/** Longer words are those of floating-point numbers. */
const LONGEST_WORD = 24;

/** Workspace, for the length of a call. */
const copy = reserve(BLOCK_FRAMES);

/** Finds the step that all samples are multiples of. */
export class WordMeter {
  #bits = SHORTEST_WORD;
  #sounds = false;

  /** @param frames at most 4096 */
  push({ left, right }: StereoBlock, frames: number): void {
    for (const plane of [left, right]) {
      this.#sounds ||= largestMagnitude(plane, 0, frames) > 0;
      this.#fit(plane, frames);
    }
  }

  /** `null` for silence and for words longer than 24 bits. */
  read(): number | null {
    return this.#sounds && this.#bits <= LONGEST_WORD ? this.#bits : null;
  }

  #fit(samples: Float64Array, frames: number): void {
    for (let i = 0; this.#bits <= LONGEST_WORD; this.#bits++) {
      i += countMultiples(samples, i, frames, 2 ** (this.#bits - 1));
      if (i === frames) return;
    }
  }
}

/** How many samples from index `from` on are multiples of 1 / `scale`; one of an odd number may be left out. Kernel: kernels/scans.ts. */
const countMultiples = (samples: Float64Array, from: number, to: number, scale: number): number => {
  const wasm = kernels();
  if (wasm) return wasm.countMultiples(within(samples, from, to, copy), to - from, scale);
  let i = from;
  while (i < to && samples[i] * scale === Math.trunc(samples[i] * scale)) i++;
  return i - from;
};

const LOWEST_RATE_HZ = 44100;
const SLICE_HZ = 100;
const LOWEST_CUT_HZ = 10000;
/** Converters roll off above this part of half the sample rate. */
const HIGHEST_CUT = 0.95;
const BELOW_SLICES = 5;
/** Slices on either side of the edge that may be in the fall. */
const EDGE_SLICES = 2;
const LEAST_FALL_DB = 20;
const LOWEST_DB = -300;

/** Where the spectrum ends in a step; `null` where it does not, or below 44.1 kHz, where every spectrum does. */
export const cutoffOf = ({ binHz, left, right }: Spectrum): number | null => {
  const nyquistHz = binHz * (left.length - 1);
  if (2 * nyquistHz < LOWEST_RATE_HZ) return null;
  const slices: number[] = [];
  for (let hz = LOWEST_CUT_HZ - BELOW_SLICES * SLICE_HZ; hz + SLICE_HZ <= HIGHEST_CUT * nyquistHz; hz += SLICE_HZ) {
    const power = sumBetween(left, binHz, hz, hz + SLICE_HZ) + sumBetween(right, binHz, hz, hz + SLICE_HZ);
    slices.push(power > 0 ? dbFromPower(power) : LOWEST_DB);
  }
  let cut = { slice: -1, fallDb: LEAST_FALL_DB, belowDb: 0 };
  let aboveDb = LOWEST_DB;
  for (let slice = slices.length - 1 - EDGE_SLICES; slice >= BELOW_SLICES; slice--) {
    aboveDb = Math.max(aboveDb, slices[slice + EDGE_SLICES]);
    const belowDb = medianOf(slices.slice(Math.max(0, slice - BELOW_SLICES - EDGE_SLICES), slice - EDGE_SLICES));
    if (belowDb - aboveDb > cut.fallDb) cut = { slice, belowDb, fallDb: belowDb - aboveDb };
  }
  if (cut.slice < 0) return null;
  // The edge is where half of the fall is done.
  let edge = cut.slice + EDGE_SLICES;
  while (slices[edge - 1] < cut.belowDb - cut.fallDb / 2) edge--;
  return LOWEST_CUT_HZ + (edge - BELOW_SLICES) * SLICE_HZ;
};
