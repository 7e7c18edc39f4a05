// How far an error lies below what the music itself hides: noise-to-mask ratio, in dB; 0 dB is just audible, lower is better.
//   NMR = 10 log₁₀ mean over frames, mean over bands of N[k, n] / M[k, n];  M = E / 10^(m/10), m = 3 dB up to 12 Bark, then z / 4
// N is the power of the error in a band of a quarter of a Bark, E the excitation that the reference leaves there: outer and
// middle ear, noise of the ear itself (the threshold in quiet), spreading over frequency by level, forward masking.
// Source: ITU-R BS.1387-1 (PEAQ, FFT ear model), annex 2, sections 2.1 and 4.5.1; Kabal, "An examination and interpretation of
// ITU-R BS.1387", McGill 2003. Unlike PEAQ the error is the difference of the samples, not of the magnitudes, so nothing
// out of phase is forgiven. Full scale is 92 dB SPL. Frames of 2048 under a Hann window, half overlapped.
import { Fft } from '../../packages/engine/src/dsp/fft.ts';

const SIZE = 2048;
const HOP = SIZE / 2;
const FULL_SCALE_DB_SPL = 92;
const BAND_BARK = 0.25;
const LOWEST_HZ = 80;
const HIGHEST_HZ = 18_000;
/** Frames in which the reference is quieter than −70 dBFS are no music; they would only dilute the mean. */
const HEARD_POWER = 1e-7;

const barkOf = (hz: number): number => 7 * Math.asinh(hz / 650);
const hzOf = (bark: number): number => 650 * Math.sinh(bark / 7);

/** The ear at one sample rate: all that does not depend on the signal. */
type Ear = {
  bands: number;
  /** For each band its first bin and, from there on, how much of each bin's power it takes. */
  groups: { firstBin: number; shares: Float64Array }[];
  internalNoise: Float64Array;
  /** Upward spreading per band for a band's power of 1. */
  upward: Float64Array;
  /** Excitation of an even pattern of 1, to which spreading is normalised. */
  normal: Float64Array;
  forward: Float64Array;
  maskRatio: Float64Array;
};

const centreHz = (band: number): number => {
  const from = barkOf(LOWEST_HZ) + band * BAND_BARK;
  return hzOf((from + Math.min(from + BAND_BARK, barkOf(HIGHEST_HZ))) / 2);
};

const earWeight = (hz: number): number => {
  const kHz = Math.max(hz, 1) / 1000;
  const db = -2.184 * kHz ** -0.8 + 6.5 * Math.exp(-0.6 * (kHz - 3.3) ** 2) - 0.001 * kHz ** 3.6;
  return 10 ** (db / 10);
};

const groupOf = (band: number, sampleRateHz: number): Ear['groups'][number] => {
  const binHz = sampleRateHz / SIZE;
  const from = barkOf(LOWEST_HZ) + band * BAND_BARK;
  const lowHz = hzOf(from);
  const highHz = Math.min(hzOf(from + BAND_BARK), HIGHEST_HZ, sampleRateHz / 2);
  const firstBin = Math.floor(lowHz / binHz + 0.5);
  const lastBin = Math.min(SIZE / 2, Math.ceil(highHz / binHz - 0.5));
  const scale = (10 ** (FULL_SCALE_DB_SPL / 20) / (SIZE / 4)) ** 2;
  const shares = Float64Array.from({ length: Math.max(0, lastBin - firstBin + 1) }, (_, i) => {
    const hz = (firstBin + i) * binHz;
    const share = (Math.min(highHz, hz + binHz / 2) - Math.max(lowHz, hz - binHz / 2)) / binHz;
    return Math.max(0, share) * earWeight(hz) * scale;
  });
  return { firstBin, shares };
};

const LOWER_SLOPE = 10 ** (-2.7 * BAND_BARK);

const designEar = (sampleRateHz: number): Ear => {
  const bands = Math.ceil((barkOf(HIGHEST_HZ) - barkOf(LOWEST_HZ)) / BAND_BARK);
  const perBand = (figureOf: (hz: number, band: number) => number) =>
    Float64Array.from({ length: bands }, (_, band) => figureOf(centreHz(band), band));
  const ear = {
    bands,
    groups: Array.from({ length: bands }, (_, band) => groupOf(band, sampleRateHz)),
    internalNoise: perBand((hz) => 10 ** (0.1456 * (hz / 1000) ** -0.8)),
    upward: perBand((hz) => 10 ** ((-2.4 - 23 / hz) * BAND_BARK)),
    normal: new Float64Array(bands).fill(1),
    forward: perBand((hz) => Math.exp(-HOP / sampleRateHz / (0.008 + (100 / hz) * (0.03 - 0.008)))),
    maskRatio: perBand((_, band) => 10 ** (Math.max(3, (band * BAND_BARK) / 4) / 10)),
  };
  return { ...ear, normal: spread(ear, ear.normal) };
};

/** Spreads a pattern over frequency; the parts add as powers of 0.4. */
const spread = ({ bands, upward, normal }: Ear, pattern: Float64Array): Float64Array => {
  const slopes = new Float64Array(bands);
  const parts = new Float64Array(bands);
  for (let k = 0; k < bands; k++) {
    const slope = upward[k] * pattern[k] ** (0.2 * BAND_BARK);
    const down = (1 - LOWER_SLOPE ** (k + 1)) / (1 - LOWER_SLOPE);
    const up = (1 - slope ** (bands - k)) / (1 - slope);
    slopes[k] = slope ** 0.4;
    parts[k] = (pattern[k] / (down + up - 1)) ** 0.4;
  }
  const sums = new Float64Array(bands);
  const lower = LOWER_SLOPE ** 0.4;
  for (let k = bands - 1, below = 0; k >= 0; k--) {
    below = below * lower + parts[k];
    sums[k] += below;
  }
  for (let k = 0; k < bands; k++) {
    for (let j = k + 1, part = parts[k] * slopes[k]; j < bands; j++, part *= slopes[k]) sums[j] += part;
  }
  return sums.map((sum, k) => sum ** 2.5 / normal[k]);
};

/** Powers in the bands, frame by frame, and the mean square of each frame. */
const bandPowers = (samples: Float64Array, ear: Ear): { powers: Float64Array[]; meanSquares: number[] } => {
  const fft = new Fft(SIZE);
  const window = Float64Array.from({ length: SIZE }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / SIZE));
  const [re, im] = [new Float64Array(SIZE), new Float64Array(SIZE)];
  const powers: Float64Array[] = [];
  const meanSquares: number[] = [];
  for (let at = 0; at + SIZE <= samples.length; at += HOP) {
    let energy = 0;
    im.fill(0);
    for (let i = 0; i < SIZE; i++) {
      re[fft.order[i]] = samples[at + i] * window[i];
      energy += samples[at + i] ** 2;
    }
    fft.transform(re, im);
    powers.push(Float64Array.from(ear.groups, (group) => powerOf(group, re, im)));
    meanSquares.push(energy / SIZE);
  }
  return { powers, meanSquares };
};

const powerOf = ({ firstBin, shares }: Ear['groups'][number], re: Float64Array, im: Float64Array): number => {
  let power = 0;
  for (let i = 0, bin = firstBin; i < shares.length; i++, bin++) power += shares[i] * (re[bin] ** 2 + im[bin] ** 2);
  return power;
};

/** What one channel of a reference hides: for each frame the masked power per band, or `null` where there is no music. */
export type Mask = { ear: Ear; thresholds: (Float64Array | null)[] };

/** Reckons the mask of one channel; it serves any number of errors. */
export const maskOf = (reference: Float64Array, sampleRateHz: number): Mask => {
  const ear = designEar(sampleRateHz);
  const { powers, meanSquares } = bandPowers(reference, ear);
  const past = new Float64Array(ear.bands);
  const thresholds = powers.map((pattern) => {
    const excitation = spread(
      ear,
      pattern.map((power, k) => power + ear.internalNoise[k]),
    );
    return excitation.map((now, k) => {
      past[k] = ear.forward[k] * past[k] + (1 - ear.forward[k]) * now;
      return Math.max(past[k], now) / ear.maskRatio[k];
    });
  });
  return { ear, thresholds: thresholds.map((threshold, n) => (meanSquares[n] < HEARD_POWER ? null : threshold)) };
};

/** Mean over bands of noise power over mask, for each frame that holds music. */
export const noiseToMaskOfFrames = ({ ear, thresholds }: Mask, error: Float64Array): number[] =>
  bandPowers(error, ear).powers.flatMap((noise, n) => {
    const threshold = thresholds[n];
    if (!threshold) return [];
    return [noise.reduce((sum, power, k) => sum + power / threshold[k], 0) / ear.bands];
  });

/** Noise-to-mask ratio in dB over all frames of all channels. */
export const noiseToMaskDb = (masks: readonly Mask[], errors: readonly Float64Array[]): number => {
  const ratios = masks.flatMap((mask, c) => noiseToMaskOfFrames(mask, errors[c]));
  return 10 * Math.log10(ratios.reduce((sum, ratio) => sum + ratio, 0) / Math.max(1, ratios.length));
};
