// Tonal balance in third-octave bands: the long-term mean, and how far each band moves about it in the loud parts.
// The mean comes from the long windows, which separate the lows; the movement from the short ones, which follow the music.
// Source: Elowsson & Friberg, "Long-term average spectrum in popular music and its relation to the level of the percussion",
// AES 142, 2017; Pestana et al., "Spectral characteristics of popular commercial recordings 1950–2010", AES 135, 2013.
import type { Analysis } from '../analysis.ts';
import { dbFromPower } from '../units.ts';
import type { LevelSpread } from './loud-bands.ts';
import { type Spectrum, sumBetween } from './spectrum.ts';
import { thirdOctavesBelow } from './third-octaves.ts';

const LOWEST_LEVEL_DB = -120;
/** Bands that hold less of the whole power than this hold only what rounding left there. */
const NOTHING = 1e-11;
const NO_SPREAD: LevelSpread = { p10Db: 0, p50Db: 0, p90Db: 0 };

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

/** Powers at the frequencies k · `binHz`, from 0 to half the sample rate, of one channel or of all together. */
type Powers = { readonly binHz: number; readonly planes: readonly Float64Array[] };

/** Power in every band whose centre the sample rate reaches. */
const bandPowers = ({ binHz, planes }: Powers): { centreHz: number; power: number }[] =>
  thirdOctavesBelow(binHz * (planes[0].length - 1)).map(({ centreHz, fromHz, toHz }) => ({
    centreHz,
    power: planes.reduce((power, plane) => power + sumBetween(plane, binHz, fromHz, toHz), 0),
  }));

/**
 * Levels of the bands, re the sum of all; none at all for silence and for a signal that lies wholly outside of them.
 */
export const bandLevels = (powers: Powers): { centreHz: number; levelDb: number }[] => {
  const bands = bandPowers(powers);
  const total = bands.reduce((a, { power }) => a + power, 0);
  if (!(total > NOTHING * powers.planes.reduce((power, plane) => power + sum(plane), 0))) return [];
  return bands.map(({ centreHz, power }) => {
    const levelDb = power > 0 ? Math.max(LOWEST_LEVEL_DB, dbFromPower(power / total)) : LOWEST_LEVEL_DB;
    return { centreHz, levelDb };
  });
};

/** @param spreads of the same bands over the loud parts, or none where nothing is loud */
export const toneOf = ({ binHz, left, right }: Spectrum, spreads: readonly LevelSpread[]): Analysis['tone'] => {
  const bands = bandLevels({ binHz, planes: [left, right] }).map(({ centreHz, levelDb }, n) => {
    const { p10Db, p50Db, p90Db } = spreads[n] ?? NO_SPREAD;
    const about = (db: number): number => Math.max(LOWEST_LEVEL_DB, levelDb + db);
    return { centreHz, levelDb, p10Db: about(p10Db), p50Db: about(p50Db), p90Db: about(p90Db) };
  });
  return { bands };
};
