// Short-term spectrum that all figures of the running music share: windows of about 93 ms every 23 ms (4096 and 1024 frames at
// 44.1 kHz), as power per third-octave band and as K-weighted power of the whole. Hann windows; mean squares by Parseval:
//   P = Σₖ (|Z[k]|² + |Z[−k]|²) / (N² · 3/8), both channels together, so that a full-scale sine on both has 1 (0 dB).
// Only windows that lie wholly inside the signal are heard. Below 100 Hz a window is wider than a third-octave: such bands
// share what lies between them.
import type { StereoBlock } from '../audio.ts';
import { magnitudeAt } from '../dsp/biquad.ts';
import { designKWeighting } from '../dsp/k-weighting.ts';
import { loudnessOf } from './loud-gate.ts';
import { SlidingTransform } from './sliding-transform.ts';
import { type ThirdOctave, thirdOctavesBelow } from './third-octaves.ts';

const WINDOW_SECONDS = 4096 / 44100;
const HANN_POWER = 3 / 8;

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
  /** Z of the window, and the distance of its bins. */
  readonly re: Float64Array;
  readonly im: Float64Array;
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

const sumOver = (powers: Float64Array, { first, last, firstShare, lastShare }: BinRange): number => {
  let sum = firstShare * powers[first] + lastShare * powers[last];
  for (let k = first + 1; k < last; k++) sum += powers[k];
  return sum;
};

/** Hears the music window by window and passes each on. */
export class FrameMeter {
  readonly listeners: FrameListener[] = [];
  /** From one window to the next. */
  readonly hopSeconds: number;
  readonly #sampleRateHz: number;
  readonly #transform: SlidingTransform;
  readonly #kWeights: Float64Array;
  readonly #powers: Float64Array;
  readonly #ranges: readonly BinRange[];
  readonly #bandPowers: Float64Array;
  #windows = 0;

  constructor(sampleRateHz: number) {
    const size = 2 ** Math.round(Math.log2(WINDOW_SECONDS * sampleRateHz));
    const bins = size / 2 + 1;
    const binHz = sampleRateHz / size;
    const { shelf, highPass } = designKWeighting(sampleRateHz);
    const bands = thirdOctavesBelow(sampleRateHz / 2);
    this.#sampleRateHz = sampleRateHz;
    this.#transform = new SlidingTransform(size, (re, im) => this.#hearWindow(re, im));
    this.hopSeconds = this.#transform.hop / sampleRateHz;
    this.#kWeights = Float64Array.from({ length: bins }, (_, k) => {
      const magnitude = [shelf, highPass].map((section) => magnitudeAt(section, k * binHz, sampleRateHz));
      return (magnitude[0] * magnitude[1]) ** 2;
    });
    this.#powers = new Float64Array(bins);
    this.#ranges = bands.map((band) => binRange(band, binHz, bins));
    this.#bandPowers = new Float64Array(bands.length);
  }

  push(block: StereoBlock, frames: number): void {
    this.#transform.push(block, frames);
  }

  #hearWindow(re: Float64Array, im: Float64Array): void {
    const powers = this.#powers;
    const weights = this.#kWeights;
    const last = re.length - 1;
    const scale = 1 / (re.length * re.length * HANN_POWER);
    let loudPower = 0;
    for (let k = 0; k < powers.length; k++) {
      const mirrored = (last + 1 - k) & last;
      const power = scale * (re[k] * re[k] + im[k] * im[k] + re[mirrored] * re[mirrored] + im[mirrored] * im[mirrored]);
      powers[k] = power;
      loudPower += weights[k] * power;
    }
    for (let b = 0; b < this.#ranges.length; b++) this.#bandPowers[b] = sumOver(powers, this.#ranges[b]);
    const { size, hop } = this.#transform;
    const atSeconds = (this.#windows * hop + size / 2) / this.#sampleRateHz;
    this.#windows++;
    const loudness = loudnessOf(loudPower);
    const binHz = this.#sampleRateHz / size;
    const frame = { atSeconds, loudPower, loudness, bandPowers: this.#bandPowers, re, im, binHz };
    for (const listener of this.listeners) listener.hear(frame);
  }
}
