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
const NOTHING = 1e-18;
const NO_SPREAD: LevelSpread = { p10Db: 0, p50Db: 0, p90Db: 0 };

const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0);

/** Both channels' power in every band whose centre the sample rate reaches. */
const bandPowers = ({ binHz, left, right }: Spectrum): { centreHz: number; power: number }[] =>
  thirdOctavesBelow(binHz * (left.length - 1)).map(({ centreHz, fromHz, toHz }) => ({
    centreHz,
    power: sumBetween(left, binHz, fromHz, toHz) + sumBetween(right, binHz, fromHz, toHz),
  }));

/**
 * Levels of the bands, re the sum of all; none at all for silence and for a signal that lies wholly outside of them.
 * @param spreads of the same bands over the loud parts, or none where nothing is loud
 */
export const toneOf = (spectrum: Spectrum, spreads: readonly LevelSpread[]): Analysis['tone'] => {
  const powers = bandPowers(spectrum);
  const total = powers.reduce((a, { power }) => a + power, 0);
  if (!(total > NOTHING * (sum(spectrum.left) + sum(spectrum.right)))) return { bands: [] };
  const bands = powers.map(({ centreHz, power }, n) => {
    const levelDb = power > 0 ? Math.max(LOWEST_LEVEL_DB, dbFromPower(power / total)) : LOWEST_LEVEL_DB;
    const { p10Db, p50Db, p90Db } = spreads[n] ?? NO_SPREAD;
    const about = (db: number): number => Math.max(LOWEST_LEVEL_DB, levelDb + db);
    return { centreHz, levelDb, p10Db: about(p10Db), p50Db: about(p50Db), p90Db: about(p90Db) };
  });
  return { bands };
};
