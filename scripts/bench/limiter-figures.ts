// What a limiter does to music, in numbers: noise-to-mask ratio of the difference, and the loss of attacks.
//   all:               e = y / g − x,      g = Σ x·y / Σ x²  over everything, both channels alike
//   without slow gain: e = y / g(t) − x,   g(t) the same over a Hann window of 400 ms, on straight lines between steps of 10 ms
//   attack loss:       mean over onsets of the level of the first 15 ms against 50–200 ms later, x less y, in dB
// An onset is where 10 ms hold 6 dB more than the 50 ms before, within 20 dB of the loudest, most so within ±50 ms.
import type { StereoBlock } from '../../packages/engine/src/audio.ts';
import { type Mask, maskOf, noiseToMaskDb } from './noise-to-mask.ts';

/** A reference and what can be reckoned of it beforehand. */
export type Reference = { samples: StereoBlock; sampleRateHz: number; masks: Mask[]; onsets: number[] };
export type Figures = { nmrAllDb: number; nmrWithoutSlowGainDb: number; attackLossDb: number };

const STEP_SECONDS = 0.01;
/** Half of the Hann window of 400 ms, in steps. */
const SLOW_HALF_STEPS = 20;

/** Sum over both channels of the products of two signals, from frame `from` to `to`. */
const product = (a: StereoBlock, b: StereoBlock, from: number, to: number): number => {
  let sum = 0;
  for (let i = Math.max(0, from); i < Math.min(to, a.left.length); i++) {
    sum += a.left[i] * b.left[i] + a.right[i] * b.right[i];
  }
  return sum;
};

export const referenceOf = (samples: StereoBlock, sampleRateHz: number): Reference => ({
  samples,
  sampleRateHz,
  masks: [maskOf(samples.left, sampleRateHz), maskOf(samples.right, sampleRateHz)],
  onsets: findOnsets(samples, sampleRateHz),
});

const findOnsets = (samples: StereoBlock, sampleRateHz: number): number[] => {
  const step = Math.round(0.005 * sampleRateHz);
  const count = Math.floor(samples.left.length / step);
  const energies = Array.from({ length: count }, (_, k) => product(samples, samples, k * step, (k + 1) * step));
  const pairs = energies.map((energy, k) => energy + (energies[k + 1] ?? 0));
  const loudest = pairs.reduce((a, b) => Math.max(a, b), 0);
  const rises = pairs.map((pair, k) => {
    if (k < 10 || k > count - 42 || pair < loudest / 100) return 0;
    return pair / (energies.slice(k - 10, k).reduce((a, b) => a + b, 0) / 5 + 1e-12);
  });
  const isOnset = (rise: number, k: number) =>
    rise >= 4 && rise >= Math.max(...rises.slice(Math.max(0, k - 10), k + 11));
  return rises.flatMap((rise, k) => (isOnset(rise, k) ? [k * step] : []));
};

const slowGain = (x: StereoBlock, y: StereoBlock, step: number): ((frame: number) => number) => {
  const count = Math.ceil(x.left.length / step);
  const steps = Array.from({ length: count }, (_, k) => k);
  const xy = steps.map((k) => product(x, y, k * step, (k + 1) * step));
  const xx = steps.map((k) => product(x, x, k * step, (k + 1) * step));
  const smooth = (values: number[], k: number): number => {
    let sum = 0;
    for (let j = -SLOW_HALF_STEPS; j <= SLOW_HALF_STEPS; j++) {
      sum += (0.5 + 0.5 * Math.cos((Math.PI * j) / (SLOW_HALF_STEPS + 1))) * (values[k + j] ?? 0);
    }
    return sum;
  };
  const gains = steps.map((k) => smooth(xy, k) / (smooth(xx, k) + 1e-9));
  return (frame) => {
    const position = Math.min(count - 1, Math.max(0, frame / step - 0.5));
    const k = Math.floor(position);
    return gains[k] + (gains[Math.min(count - 1, k + 1)] - gains[k]) * (position - k);
  };
};

const nmrDb = ({ samples: x, masks }: Reference, y: StereoBlock, gainAt: (frame: number) => number): number => {
  // A gain of nothing, in silence, divides nothing.
  const errorOf = (a: Float64Array, b: Float64Array) => a.map((value, i) => b[i] / (gainAt(i) || 1) - value);
  return noiseToMaskDb(masks, [errorOf(x.left, y.left), errorOf(x.right, y.right)]);
};

const attackLossDb = ({ samples, onsets, sampleRateHz }: Reference, y: StereoBlock): number => {
  const levelDb = (block: StereoBlock, onset: number): number => {
    const at = (seconds: number) => onset + Math.round(seconds * sampleRateHz);
    const attack = product(block, block, onset, at(0.015));
    return 10 * Math.log10(attack / product(block, block, at(0.05), at(0.2)));
  };
  const losses = onsets.map((onset) => levelDb(samples, onset) - levelDb(y, onset));
  return losses.reduce((a, b) => a + b, 0) / Math.max(1, losses.length);
};

/** How `y` differs from the reference. */
export const compare = (reference: Reference, y: StereoBlock): Figures => {
  const { samples: x, sampleRateHz } = reference;
  const gain = product(x, y, 0, x.left.length) / product(x, x, 0, x.left.length);
  return {
    nmrAllDb: nmrDb(reference, y, () => gain),
    nmrWithoutSlowGainDb: nmrDb(reference, y, slowGain(x, y, Math.round(STEP_SECONDS * sampleRateHz))),
    attackLossDb: attackLossDb(reference, y),
  };
};
