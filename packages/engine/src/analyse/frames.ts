// Short-term spectrum that all figures of the running music share: windows of about 93 ms every 23 ms (4096 and 1024 frames at
// 44.1 kHz), as power per third-octave band and as K-weighted power of the whole. Hann windows; mean squares by Parseval:
//   P = Σₖ (|Z[k]|² + |Z[−k]|²) / (N² · 3/8), both channels together, so that a full-scale sine on both has 1 (0 dB).
// Only windows that lie wholly inside the signal are heard. Below 100 Hz a window is wider than a third-octave: such bands
// share what lies between them.
import type { StereoBlock } from '../audio.ts';
import { magnitudeAt } from '../dsp/biquad.ts';
import { designKWeighting } from '../dsp/k-weighting.ts';
import { PairSpectrum, slotsOf } from '../dsp/pair-spectrum.ts';
import type { SingleComplexes } from '../dsp/power-sums.ts';
import { dotProduct } from '../dsp/sums.ts';
import { Lodger, type Room, roomsBySize } from '../kernels/room.ts';
import { dbFromPower } from '../units.ts';
import { loudnessOf } from './loud-gate.ts';
import { SlidingTransform } from './sliding-transform.ts';
import { type ThirdOctave, thirdOctavesBelow } from './third-octaves.ts';

const WINDOW_SECONDS = 4096 / 44100;
/** Mean square of the window. */
export const HANN_POWER = 3 / 8;

/** Reused for the next window once all have heard it. */
export type Frame = {
  /** The middle of the window. */
  readonly atSeconds: number;
  /** K-weighted mean square, summed over both channels. */
  readonly loudPower: number;
  /** Its step of loudness, see {@link loudnessOf}. */
  readonly loudness: number;
  /** Mean square per third-octave band, summed over both channels. */
  readonly bandPowers: Float64Array;
  /** The same in dB; of no meaning where there is no power. */
  readonly bandLevels: Float64Array;
  /** Z of the window, where its bins stand, and their distance. */
  readonly spectrum: SingleComplexes;
  readonly order: Uint32Array;
  /** |Z[k]|² + |Z[−k]|² stands at powers[slots[k]]. */
  readonly powers: Float64Array;
  readonly slots: Uint32Array;
  readonly binHz: number;
};

type FrameListener = { hear(frame: Frame): void };

/** The bins of one band, the outer ones by their share. */
type BinRange = { first: number; last: number; firstShare: number; lastShare: number };

const binRange = ({ fromHz, toHz }: ThirdOctave, binHz: number, bins: number): BinRange => {
  const from = fromHz / binHz + 0.5;
  const to = Math.min(toHz / binHz + 0.5, bins);
  const first = Math.floor(from);
  const last = Math.ceil(to) - 1;
  if (first >= last) return { first, last: first, firstShare: to - from, lastShare: 0 };
  return { first, last, firstShare: first + 1 - from, lastShare: to - last };
};

const OVERLAP = 4;
/** The K-weighting's power, per slot of the spectrum. */
const weightsOf = roomsBySize(1, slotsOf);

/** Hears the music window by window and passes each on. */
export class FrameMeter {
  readonly listeners: FrameListener[] = [];
  /** From one window to the next. */
  readonly hopSeconds: number;
  readonly #sampleRateHz: number;
  readonly #transform: SlidingTransform;
  readonly #bins: PairSpectrum;
  readonly #weights: Room;
  readonly #lodger = new Lodger();
  readonly #ranges: readonly BinRange[];
  /** Those of each band's bins that count in full: from the first to before the last. */
  readonly #wholeBins: Float64Array;
  readonly #bandPowers: Float64Array;
  readonly #bandLevels: Float64Array;
  #windows = 0;

  constructor(sampleRateHz: number) {
    const size = 2 ** Math.round(Math.log2(WINDOW_SECONDS * sampleRateHz));
    const binHz = sampleRateHz / size;
    const bands = thirdOctavesBelow(sampleRateHz / 2);
    this.#sampleRateHz = sampleRateHz;
    this.#transform = new SlidingTransform(size, OVERLAP, (spectrum) => this.#hearWindow(spectrum));
    this.hopSeconds = this.#transform.hop / sampleRateHz;
    this.#bins = new PairSpectrum(size);
    this.#weights = weightsOf(size);
    this.#layWeights();
    this.#ranges = bands.map((band) => binRange(band, binHz, slotsOf(size)));
    this.#wholeBins = Float64Array.from(this.#ranges.flatMap(({ first, last }) => [first + 1, last]));
    this.#bandPowers = new Float64Array(bands.length);
    this.#bandLevels = new Float64Array(bands.length);
  }

  push(block: StereoBlock, frames: number): void {
    this.#transform.push(block, frames);
  }

  /** Hears the last windows. */
  finish(): void {
    this.#transform.flush();
  }

  #layWeights(): void {
    const [weights] = this.#weights.enter(this.#lodger);
    const { shelf, highPass } = designKWeighting(this.#sampleRateHz);
    const { slots, size } = this.#bins;
    for (const [k, slot] of slots.entries()) {
      const hz = (k * this.#sampleRateHz) / size;
      const [ofShelf, ofHighPass] = [shelf, highPass].map((section) => magnitudeAt(section, hz, this.#sampleRateHz));
      weights[slot] = (ofShelf * ofHighPass) ** 2;
    }
  }

  #hearWindow(spectrum: SingleComplexes): void {
    const { size, hop, order } = this.#transform;
    const scale = 1 / (size * size * HANN_POWER);
    const powers = this.#bins.powersOf(spectrum);
    const [weights] = this.#weights.enter(this.#lodger);
    const loudPower = scale * dotProduct(powers, 0, weights, slotsOf(size));
    this.#sumBands(powers, scale);
    const atSeconds = (this.#windows * hop + size / 2) / this.#sampleRateHz;
    this.#windows++;
    const loudness = loudnessOf(loudPower);
    const binHz = this.#sampleRateHz / size;
    const [bandPowers, bandLevels] = [this.#bandPowers, this.#bandLevels];
    const heard = { spectrum, order, powers, slots: this.#bins.slots, binHz };
    const frame = { atSeconds, loudPower, loudness, bandPowers, bandLevels, ...heard };
    for (const listener of this.listeners) listener.hear(frame);
  }

  #sumBands(powers: Float64Array, scale: number): void {
    const sums = this.#bandPowers;
    const { slots } = this.#bins;
    this.#bins.sumRanges(powers, this.#wholeBins, sums);
    for (let b = 0; b < sums.length; b++) {
      const { first, last, firstShare, lastShare } = this.#ranges[b];
      sums[b] = scale * (firstShare * powers[slots[first]] + lastShare * powers[slots[last]] + sums[b]);
      this.#bandLevels[b] = dbFromPower(sums[b]);
    }
  }
}
