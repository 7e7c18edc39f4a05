// The stereo image in numbers. A steady offset is no part of the image and is left out.
import type { Analysis } from '../analysis.ts';
import { dbFromPower } from '../units.ts';
import type { Moments } from './moments.ts';
import { type Spectrum, sumBetween } from './spectrum.ts';

const LOWS_FROM_HZ = 20;
const LOWS_TO_HZ = 120;
/** Lows that hold less of the whole power than this (−50 dB) have no phase that anybody hears. */
const INAUDIBLE_LOWS = 1e-5;
/** Ratios beyond this are said to be this: rounding reaches no further. */
const LARGEST_RATIO_DB = 100;
/** What is left of a power after the offset's is taken from it, and is below this part of it, is rounding. */
const ROUNDING = 1e-12;

const ratioDb = (above: number, below: number): number => {
  if (above === below) return 0;
  const db = dbFromPower(above / below);
  return Math.max(-LARGEST_RATIO_DB, Math.min(LARGEST_RATIO_DB, db));
};

/** −1…1. Two silent channels are alike: 1; one silent channel has nothing in common with the other: 0. */
const correlationOf = (product: number, powerLeft: number, powerRight: number): number => {
  if (powerLeft === 0 && powerRight === 0) return 1;
  if (powerLeft === 0 || powerRight === 0) return 0;
  return Math.max(-1, Math.min(1, product / (Math.sqrt(powerLeft) * Math.sqrt(powerRight))));
};

const lowCorrelationOf = ({ binHz, left, right, cross }: Spectrum): number => {
  const lows = (bins: Float64Array): number => sumBetween(bins, binHz, LOWS_FROM_HZ, LOWS_TO_HZ);
  const whole = (bins: Float64Array): number => sumBetween(bins, binHz, LOWS_FROM_HZ, Number.POSITIVE_INFINITY);
  const audible = INAUDIBLE_LOWS * (whole(left) + whole(right));
  if (!(lows(left) + lows(right) > audible)) return 1;
  return correlationOf(lows(cross), lows(left), lows(right));
};

const withoutOffset = (power: number, offsetPower: number): number => {
  const rest = power - offsetPower;
  return rest > ROUNDING * power ? rest : 0;
};

/** What the image is, from sums over the whole song. Lows that nobody hears count as in phase. */
export const stereoOf = (moments: Moments, spectrum: Spectrum): Analysis['stereo'] => {
  const { meanLeft, meanRight } = moments;
  const left = withoutOffset(moments.powerLeft, meanLeft * meanLeft);
  const right = withoutOffset(moments.powerRight, meanRight * meanRight);
  const product = left > 0 && right > 0 ? moments.product - meanLeft * meanRight : 0;
  const mid = Math.max(0, (left + right) / 4 + product / 2);
  const side = Math.max(0, (left + right) / 4 - product / 2);
  return {
    correlation: correlationOf(product, left, right),
    lowCorrelation: lowCorrelationOf(spectrum),
    sideToMidDb: side > 0 ? ratioDb(side, mid) : null,
    balanceDb: ratioDb(left, right),
    monoFoldDownLossDb: Math.max(0, ratioDb((left + right) / 2, mid)),
  };
};
