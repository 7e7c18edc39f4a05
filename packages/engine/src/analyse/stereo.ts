// The stereo image in numbers. A steady offset is no part of the image and is left out.
import type { Analysis } from '../analysis.ts';
import { dbFromPower } from '../units.ts';
import { medianOf } from './median.ts';
import type { Moments } from './moments.ts';
import { regionsBelow } from './regions.ts';
import { type Spectrum, sumBetween } from './spectrum.ts';
import { turnedLowsOf } from './turned-lows.ts';

type Stereo = Analysis['stereo'];

const LOWS_FROM_HZ = 20;
const LOWS_TO_HZ = 120;
/** Lows that hold less of the whole power than this (−50 dB) have no phase that anybody hears. */
const INAUDIBLE_LOWS = 1e-5;
/** Ratios beyond this are said to be this: rounding reaches no further. */
const LARGEST_RATIO_DB = 100;
/** What is left of a power after the offset's is taken from it, and is below this part of it, is rounding. */
const ROUNDING = 1e-12;
/** Sides this far below the centre (−130 dB) are rounding. */
const SAME = 1e-13;

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

/** Regions to ask: third-octaves from here to there, where music has its voices. */
const ASKED_FROM_HZ = 100;
const ASKED_TO_HZ = 8000;
const THIRD_OCTAVE = 10 ** 0.1;
/** Regions that hold less of the asked power than this (−40 dB) say nothing. */
const LEAST_SHARE = 1e-4;
const UNHEARD = { centreOffsetDb: null, centreSpreadDb: null };

/** How much louder the left is in the middle of all regions, and how far half of them stray from that. */
const centreOf = ({ binHz, left, right }: Spectrum): Pick<Stereo, 'centreOffsetDb' | 'centreSpreadDb'> => {
  const regions: { left: number; right: number }[] = [];
  for (let hz = ASKED_FROM_HZ; hz < ASKED_TO_HZ; hz *= THIRD_OCTAVE) {
    const powerOf = (bins: Float64Array): number => sumBetween(bins, binHz, hz, hz * THIRD_OCTAVE);
    regions.push({ left: powerOf(left), right: powerOf(right) });
  }
  const least = LEAST_SHARE * regions.reduce((sum, region) => sum + region.left + region.right, 0);
  const offsets = regions
    .filter((region) => region.left > least && region.right > least)
    .map((region) => dbFromPower(region.left / region.right));
  if (offsets.length < regions.length / 2) return UNHEARD;
  const centreOffsetDb = medianOf(offsets);
  return { centreOffsetDb, centreSpreadDb: medianOf(offsets.map((db) => Math.abs(db - centreOffsetDb))) };
};

const withoutOffset = (power: number, offsetPower: number): number => {
  const rest = power - offsetPower;
  return rest > ROUNDING * power ? rest : 0;
};

/** The image of one region after the other. */
const regionsOf = ({ binHz, left, right, cross }: Spectrum): Stereo['regions'] => {
  const whole = (bins: Float64Array): number => bins.reduce((sum, power) => sum + power, 0);
  const rounding = SAME * (whole(left) + whole(right));
  return regionsBelow(2 * binHz * (left.length - 1)).map(({ fromHz, toHz }) => {
    const [l, r, lr] = [left, right, cross].map((bins) =>
      sumBetween(bins, binHz, Math.max(LOWS_FROM_HZ, fromHz), toHz),
    );
    return { fromHz, toHz, correlation: correlationOf(lr, l, r), ...sidesOf(l, r, lr, rounding) };
  });
};

/**
 * How wide, and what is lost in mono.
 * @param rounding sides of no more power than this are none
 */
const sidesOf = (
  left: number,
  right: number,
  product: number,
  rounding = 0,
): Pick<Stereo, 'sideToMidDb' | 'monoFoldDownLossDb'> => {
  const mid = Math.max(0, (left + right) / 4 + product / 2);
  const side = Math.max(0, (left + right) / 4 - product / 2);
  return {
    sideToMidDb: side > Math.max(SAME * mid, rounding) ? ratioDb(side, mid) : null,
    monoFoldDownLossDb: Math.max(0, ratioDb((left + right) / 2, mid)),
  };
};

/** What the image is, from sums over the whole song. Lows that nobody hears count as in phase. */
export const stereoOf = (moments: Moments, spectrum: Spectrum): Omit<Stereo, 'panningReachDb' | 'middle'> => {
  const { meanLeft, meanRight } = moments;
  const left = withoutOffset(moments.powerLeft, meanLeft * meanLeft);
  const right = withoutOffset(moments.powerRight, meanRight * meanRight);
  const product = left > 0 && right > 0 ? moments.product - meanLeft * meanRight : 0;
  return {
    correlation: correlationOf(product, left, right),
    lowCorrelation: lowCorrelationOf(spectrum),
    turnedLows: turnedLowsOf(spectrum),
    ...sidesOf(left, right, product),
    balanceDb: ratioDb(left, right),
    ...centreOf(spectrum),
    regions: regionsOf(spectrum),
  };
};
