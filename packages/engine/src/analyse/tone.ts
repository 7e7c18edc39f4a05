// Tonal balance in third-octave bands. Source: IEC 61260-1 (bands of base ten), ISO 266 (their nominal names).
import type { Analysis } from '../analysis.ts';
import { dbFromPower } from '../units.ts';
import { type Spectrum, sumBetween } from './spectrum.ts';

// biome-ignore format: a table
const NOMINAL_CENTRES_HZ = [
  20, 25, 31.5, 40, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800,
  1000, 1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000, 10000, 12500, 16000, 20000,
];
const FIRST_EXPONENT = 13;
const LOWEST_LEVEL_DB = -120;
/** Bands that hold less of the whole power than this hold only what rounding left there. */
const NOTHING = 1e-18;

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

/** Both channels' power in every band whose centre the sample rate reaches. */
const bandPowers = ({ binHz, left, right }: Spectrum): { centreHz: number; power: number }[] => {
  const nyquistHz = binHz * (left.length - 1);
  return NOMINAL_CENTRES_HZ.filter((centreHz) => centreHz < nyquistHz).map((centreHz, n) => {
    const fromHz = 10 ** ((FIRST_EXPONENT + n - 0.5) / 10);
    const toHz = 10 ** ((FIRST_EXPONENT + n + 0.5) / 10);
    return { centreHz, power: sumBetween(left, binHz, fromHz, toHz) + sumBetween(right, binHz, fromHz, toHz) };
  });
};

/** Levels of the bands, re the sum of all; none at all for silence and for a signal that lies wholly outside of them. */
export const toneOf = (spectrum: Spectrum): Analysis['tone'] => {
  const powers = bandPowers(spectrum);
  const total = powers.reduce((a, { power }) => a + power, 0);
  if (!(total > NOTHING * (sum(spectrum.left) + sum(spectrum.right)))) return { bands: [] };
  const level = (power: number): number =>
    power > 0 ? Math.max(LOWEST_LEVEL_DB, dbFromPower(power / total)) : LOWEST_LEVEL_DB;
  return { bands: powers.map(({ centreHz, power }) => ({ centreHz, levelDb: level(power) })) };
};
