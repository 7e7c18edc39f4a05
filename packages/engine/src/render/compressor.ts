// Gentle compression in bands, both channels linked; while nothing passes its threshold the samples are bit-equal.
//   x' = x + Σ (gₖ − 1)·bₖ,   bands bₖ that add up to x (dsp/band-split.ts)
//   level: mean square of the band, both channels together, over steps of 8 frames, smoothed; in dB
//   reduction above threshold T with knee W (Giannoulis, Massberg & Reiss, "Digital dynamic range compressor design",
//   JAES 2012, eq. 4):  (1 − 1/ratio)·(level − T), quadratic within ±W/2 of T
// Attack and release follow the reduction in dB; the release has two parts, so that dense passages are let go slowly.
// Gains move in straight lines between the steps, counted from the start. No latency: the gain answers one to two steps late.
import { BLOCK_FRAMES, type StereoBlock } from '../audio.ts';
import { BandSplit } from '../dsp/band-split.ts';
import { dbOfPower, gainOfDb } from '../dsp/logarithm.ts';
import { quantiseCoefficient } from '../dsp/quantise.ts';
import type { CompressorBand } from '../plan.ts';
import type { Processor } from './processor.ts';

/** One more band than crossovers. */
export type CompressorParameters = { crossoversHz: number[]; bands: CompressorBand[] };

const STEP_FRAMES = 8;
/** The level is the mean over about this long: half a period of 50 Hz, so that a bass note is one level. */
const LEVEL_MS = 10;
const SILENT_POWER = 1e-12;
/** Of the release: how much of the reduction is let go slowly, and how much more slowly. */
const SLOW_SHARE = 0.5;
const SLOW_FACTOR = 5;
const NOTHING_DB = 1e-4;

const follow = (timeMs: number, sampleRateHz: number): number =>
  quantiseCoefficient(1 - Math.exp((-1000 * STEP_FRAMES) / (timeMs * sampleRateHz)));

/** From the power of a band, step by step, to its gain. */
class BandGain {
  readonly #band: CompressorBand;
  readonly #level: number;
  readonly #attack: number;
  readonly #release: number;
  readonly #slowRelease: number;
  #power = 0;
  #fastDb = 0;
  #slowDb = 0;

  constructor(band: CompressorBand, sampleRateHz: number) {
    this.#band = band;
    this.#level = follow(LEVEL_MS, sampleRateHz);
    this.#attack = follow(band.attackMs, sampleRateHz);
    this.#release = follow(band.releaseMs, sampleRateHz);
    this.#slowRelease = follow(SLOW_FACTOR * band.releaseMs, sampleRateHz);
  }

  /** Linear gain after a step of so much mean power. */
  next(power: number): number {
    this.#power += this.#level * (power - this.#power);
    const wantedDb = this.#power > SILENT_POWER ? this.#wantedDb(dbOfPower(this.#power)) : 0;
    this.#fastDb += (wantedDb > this.#fastDb ? this.#attack : this.#release) * (wantedDb - this.#fastDb);
    this.#slowDb += (wantedDb > this.#slowDb ? this.#attack : this.#slowRelease) * (wantedDb - this.#slowDb);
    const reductionDb = this.#fastDb + SLOW_SHARE * (this.#slowDb - this.#fastDb);
    return reductionDb > NOTHING_DB ? gainOfDb(-reductionDb) : 1;
  }

  #wantedDb(levelDb: number): number {
    const { thresholdDb, ratio, kneeDb } = this.#band;
    const over = levelDb - thresholdDb;
    const slope = 1 - 1 / ratio;
    if (2 * over <= -kneeDb) return 0;
    if (2 * over >= kneeDb) return slope * over;
    return (slope * (over + kneeDb / 2) ** 2) / (2 * kneeDb);
  }
}

/** Both channels of one band, their gain, and the line it moves along. */
class CompressedBand {
  readonly left = new Float64Array(BLOCK_FRAMES);
  readonly right = new Float64Array(BLOCK_FRAMES);
  readonly #gain: BandGain;
  #energy = 0;
  #from = 1;
  #to = 1;

  constructor(band: CompressorBand, sampleRateHz: number) {
    this.#gain = new BandGain(band, sampleRateHz);
  }

  /** Adds what the gain takes away to what lies ready in `out`; `phase` is the number of frames into the running step. */
  apply(out: StereoBlock, frames: number, phase: number): void {
    let step = phase;
    for (let i = 0; i < frames; i++) {
      const l = this.left[i];
      const r = this.right[i];
      const change = this.#from + ((this.#to - this.#from) * step) / STEP_FRAMES - 1;
      out.left[i] += change * l;
      out.right[i] += change * r;
      this.#energy += l * l + r * r;
      if (++step < STEP_FRAMES) continue;
      step = 0;
      this.#from = this.#to;
      this.#to = this.#gain.next(this.#energy / (2 * STEP_FRAMES));
      this.#energy = 0;
    }
  }
}

export const createCompressor = ({ crossoversHz, bands }: CompressorParameters, sampleRateHz: number): Processor => {
  const splits = [0, 1].map(() => new BandSplit(crossoversHz, sampleRateHz));
  const compressed = bands.map((band) => new CompressedBand(band, sampleRateHz));
  const planes = [compressed.map(({ left }) => left), compressed.map(({ right }) => right)];
  let phase = 0;
  return {
    latencyFrames: 0,
    process: (block: StereoBlock, frames: number) => {
      splits[0].process(block.left, planes[0], frames);
      splits[1].process(block.right, planes[1], frames);
      for (const band of compressed) band.apply(block, frames, phase);
      phase = (phase + frames) % STEP_FRAMES;
    },
  };
};
