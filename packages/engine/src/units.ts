import type { Level } from './analysis.ts';

/** Decibels to a linear amplitude factor. */
export const gainFromDb = (db: number): number => 10 ** (db / 20);

/** A linear amplitude above 0 to decibels. */
export const dbFromGain = (gain: number): number => 20 * Math.log10(gain);

/** Decibels to a power ratio. */
export const powerFromDb = (db: number): number => 10 ** (db / 10);

/** A power ratio above 0 to decibels. */
export const dbFromPower = (power: number): number => 10 * Math.log10(power);

/** Level of an amplitude in dB re full scale; `null` for zero. */
export const levelFromPeak = (peak: number): Level => (peak > 0 ? dbFromGain(peak) : null);

/** K-weighted mean square, summed over the weighted channels, to LUFS (ITU-R BS.1770-5, eq. 2); `null` for zero. */
export const lufsFromPower = (power: number): Level => (power > 0 ? dbFromPower(power) - 0.691 : null);

/** LUFS to the K-weighted mean square, summed over the channels. */
export const powerFromLufs = (lufs: number): number => powerFromDb(lufs + 0.691);
