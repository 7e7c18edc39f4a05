/**
 * How far a piece of music lies from the undamaged original, axis by axis, in just-noticeable steps, after alignment in time
 * and loudness. One step: 1 dB of a third-octave band in the mean (Moore et al., 1989: 1 to 1.5 dB for broad changes), 1 dB of
 * momentary loudness, 1.5 dB of width, 1 dB of mono loss in the lows, 1 dB between the channels (Mills 1960), 3 dB of a
 * line of hum or of the noise floor, 4 clicks, 0.1 % of full scale of offset, half a second of silence, 1 dB of a peak.
 */

import { type Spectrum, SpectrumMeter, sumBetween } from '../../../packages/engine/src/analyse/spectrum.ts';
import type { StereoBlock } from '../../../packages/engine/src/audio.ts';
import { Fft } from '../../../packages/engine/src/dsp/fft.ts';
import { LoudnessMeter } from '../../../packages/engine/src/loudness-meter.ts';
import { dbFromGain, dbFromPower, gainFromDb } from '../../../packages/engine/src/units.ts';
import { SAMPLE_RATE_HZ } from '../music.ts';
import { loudnessOf, peakOf, scaled } from '../signal.ts';
import type { Damaged } from './damage.ts';

export const axes = [
  'tone',
  'dynamics',
  'width',
  'lows',
  'balance',
  'hum',
  'hiss',
  'clicks',
  'dc',
  'silence',
  'clip',
] as const;
export type Axis = (typeof axes)[number];
export type Distances = Record<Axis, number>;

/** A piece of music, and how much longer than the original it is at either end. */
export type Piece = { audio: StereoBlock; extraSeconds: number };

/** Beyond so many steps nothing gets worse. */
const FARTHEST_STEPS = 20;

export const distanceOf = (distances: Distances): number => Math.hypot(...axes.map((axis) => distances[axis]));

const THIRD = 10 ** 0.1;
const TONE_BANDS_HZ = Array.from({ length: 25 }, (_, k) => 10 ** ((17 + k) / 10));

type Heard = {
  audio: StereoBlock;
  bandsDb: number[];
  momentaryLufs: number[];
  widthDb: number;
  lowLossDb: number;
  balanceDb: number;
  humDb: number[];
  floorDb: number;
};

const spectrumOf = ({ left, right }: StereoBlock): Spectrum => {
  const meter = new SpectrumMeter(SAMPLE_RATE_HZ);
  meter.push({ left, right }, left.length);
  return meter.finish();
};

const midSideOf = (
  { left, right, cross, binHz }: Spectrum,
  fromHz: number,
  toHz: number,
): { mid: number; side: number } => {
  const [l, r, c] = [left, right, cross].map((bins) => sumBetween(bins, binHz, fromHz, toHz));
  return { mid: (l + r) / 4 + c / 2 + 1e-12, side: Math.max(0, (l + r) / 4 - c / 2) + 1e-12 };
};

const momentaryOf = (audio: StereoBlock): number[] => {
  const meter = new LoudnessMeter(SAMPLE_RATE_HZ);
  const step = SAMPLE_RATE_HZ / 10;
  const values: number[] = [];
  for (let at = 0; at + step <= audio.left.length; at += step) {
    meter.push({ left: audio.left.subarray(at, at + step), right: audio.right.subarray(at, at + step) }, step);
    values.push(meter.momentaryLufs() ?? -70);
  }
  return values;
};

/** One sample in so many is enough for hum. */
const DECIMATION = 64;

/** Power at a frequency of a signal that is windowed already. Source: Goertzel 1958. */
const powerAt = (samples: Float64Array, hz: number): number => {
  const c = 2 * Math.cos((2 * Math.PI * hz * DECIMATION) / SAMPLE_RATE_HZ);
  let [s1, s2] = [0, 0];
  for (const sample of samples) [s1, s2] = [sample + c * s1 - s2, s1];
  return s1 * s1 + s2 * s2 - c * s1 * s2;
};

/** The mid signal at 689 Hz under a Hann window; two averages in a row keep the rest of the spectrum away. */
const lowsOf = ({ left, right }: StereoBlock): Float64Array => {
  const frames = Math.floor(left.length / DECIMATION) - 2;
  return Float64Array.from({ length: frames }, (_, n) => {
    let sum = 0;
    for (let i = 0; i < 2 * DECIMATION; i++) {
      const at = n * DECIMATION + i;
      sum += (left[at] + right[at]) * (DECIMATION - Math.abs(i + 0.5 - DECIMATION));
    }
    return (sum / DECIMATION ** 2) * (0.5 - 0.5 * Math.cos((2 * Math.PI * n) / frames));
  });
};

/** How far each possible line of mains hum stands above what lies beside it, in dB. */
const humOf = (audio: StereoBlock): number[] => {
  const lows = lowsOf(audio);
  return [50, 60].flatMap((mainsHz) =>
    [1, 2, 3].map((k) => {
      const hz = mainsHz * k;
      const beside = [-1.9, -1.3, -0.7, 0.7, 1.3, 1.9].map((off) => powerAt(lows, hz + off));
      const floor = beside.reduce((a, b) => a + b, 0) / 6 + 1e-9;
      return Math.max(0, dbFromPower((powerAt(lows, hz) + 1e-9) / floor));
    }),
  );
};

const FLOOR_SIZE = 4096;

/** The quietest tenth of the time between 8 and 15 kHz, in dB. */
const floorOf = ({ left, right }: StereoBlock): number => {
  const fft = new Fft(FLOOR_SIZE);
  const [re, im] = [new Float64Array(FLOOR_SIZE), new Float64Array(FLOOR_SIZE)];
  const window = Float64Array.from(
    { length: FLOOR_SIZE },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FLOOR_SIZE),
  );
  const powers: number[] = [];
  for (let at = 0; at + FLOOR_SIZE <= left.length; at += FLOOR_SIZE) {
    for (let n = 0; n < FLOOR_SIZE; n++) {
      re[fft.order[n]] = window[n] * left[at + n];
      im[fft.order[n]] = window[n] * right[at + n];
    }
    fft.transform(re, im);
    // Both halves of the spectrum together hold the power of both channels.
    const bins = Float64Array.from({ length: FLOOR_SIZE / 2 }, (_, k) => {
      const m = (FLOOR_SIZE - k) % FLOOR_SIZE;
      return re[k] ** 2 + im[k] ** 2 + re[m] ** 2 + im[m] ** 2;
    });
    powers.push(sumBetween(bins, SAMPLE_RATE_HZ / FLOOR_SIZE, 8000, 15000));
  }
  powers.sort((a, b) => a - b);
  return dbFromPower((powers[Math.floor(powers.length / 10)] ?? 0) + 1e-3);
};

const hear = (audio: StereoBlock): Heard => {
  const spectrum = spectrumOf(audio);
  const band = (bins: Float64Array, hz: number) =>
    sumBetween(bins, spectrum.binHz, hz / Math.sqrt(THIRD), hz * Math.sqrt(THIRD));
  const { mid, side } = midSideOf(spectrum, 200, 8000);
  const lows = midSideOf(spectrum, 30, 120);
  const [l, r] = [spectrum.left, spectrum.right].map((bins) => sumBetween(bins, spectrum.binHz, 30, 16000) + 1e-12);
  return {
    audio,
    bandsDb: TONE_BANDS_HZ.map((hz) => dbFromPower(band(spectrum.left, hz) + band(spectrum.right, hz) + 1e-6)),
    momentaryLufs: momentaryOf(audio),
    widthDb: Math.max(-30, dbFromPower(side / mid)),
    lowLossDb: dbFromPower(lows.mid / (lows.mid + lows.side)),
    balanceDb: dbFromPower(l / r),
    humDb: humOf(audio),
    floorDb: floorOf(audio),
  };
};

const rmsOf = (values: readonly number[]): number =>
  Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / Math.max(1, values.length));

/** Compares pieces with one original. */
export class Judge {
  readonly #original: Heard;
  readonly #lufs: number;

  constructor(original: StereoBlock) {
    this.#original = hear(original);
    this.#lufs = loudnessOf(original);
  }

  distances({ audio, extraSeconds }: Piece, damaged: Pick<Damaged, 'clicks'> & { isClipped: boolean }): Distances {
    const original = this.#original;
    const heard = hear(scaled(audio, gainFromDb(this.#lufs - loudnessOf(audio))));
    const music = original.bandsDb.map((db) => db > Math.max(...original.bandsDb) - 50);
    const moved = heard.bandsDb.map((db, k) => (music[k] ? db - original.bandsDb[k] : 0));
    const loud = original.momentaryLufs.map((lufs) => lufs > this.#lufs - 20);
    const top = moved.slice(-5).reduce((sum, db) => sum + db, 0) / 5;
    const steps: Distances = {
      tone: rmsOf(moved.filter((_, k) => music[k])),
      dynamics: rmsOf(heard.momentaryLufs.map((lufs, k) => lufs - original.momentaryLufs[k]).filter((_, k) => loud[k])),
      width: Math.abs(heard.widthDb - original.widthDb) / 1.5,
      lows: Math.abs(heard.lowLossDb - original.lowLossDb),
      balance: Math.abs(heard.balanceDb - original.balanceDb),
      hum: rmsOf(heard.humDb.map((db, k) => db - original.humDb[k])) / 3,
      hiss: Math.abs(heard.floorDb - original.floorDb - top) / 3,
      clicks: clicksLeft(original.audio, heard.audio, damaged.clicks) / 4,
      dc: Math.max(0, offsetOf(heard.audio) - offsetOf(original.audio)) / 0.001,
      silence: extraSeconds / 0.5,
      clip: damaged.isClipped ? peaksMissingDb(original.audio, heard.audio) : 0,
    };
    return Object.fromEntries(axes.map((axis) => [axis, Math.min(FARTHEST_STEPS, steps[axis])])) as Distances;
  }
}

/** The larger of the steady offsets of both channels. */
const offsetOf = ({ left, right }: StereoBlock): number =>
  Math.max(...[left, right].map((plane) => Math.abs(plane.reduce((sum, v) => sum + v, 0) / plane.length)));

/** How many of the clicks can still be told from the music around them, by their curvature. */
const clicksLeft = (original: StereoBlock, heard: StereoBlock, clicks: readonly number[]): number =>
  clicks.filter((at) =>
    [0, 1].some((c) => {
      const [a, b] = c === 0 ? [original.left, heard.left] : [original.right, heard.right];
      const curve = (x: Float64Array, i: number): number => x[i - 1] - 2 * x[i] + x[i + 1];
      let around = 1e-12;
      for (let i = Math.max(1, at - 512); i < Math.min(a.length - 1, at + 512); i++) around += curve(a, i) ** 2 / 1024;
      let worst = 0;
      for (let i = Math.max(1, at - 2); i < Math.min(a.length - 1, at + 14); i++)
        worst = Math.max(worst, Math.abs(curve(b, i) - curve(a, i)));
      return worst > 4 * Math.sqrt(around) + 1e-3;
    }),
  ).length;

/** By how much the peaks fall short (or overshoot) where the original goes beyond 5 dB below its peak. */
const peaksMissingDb = (original: StereoBlock, heard: StereoBlock): number => {
  const level = peakOf(original) * gainFromDb(-5);
  const missing: number[] = [];
  for (const side of ['left', 'right'] as const)
    original[side].forEach((v, i) => {
      if (Math.abs(v) > level) missing.push(dbFromGain(Math.abs(heard[side][i]) / Math.abs(v) + 1e-3));
    });
  return rmsOf(missing);
};
