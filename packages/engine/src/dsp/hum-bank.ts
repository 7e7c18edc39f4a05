// What hum is listened to with, in the analysis and in the repair alike: few samples a second, long windows.
import { type DecimationFilter, designDecimation } from './decimator.ts';

/** Hum lives below this; samples are taken at about three times as much. */
const HIGHEST_HZ = 620;
const REDUCED_RATE_HZ = 1800;
const WINDOW_SECONDS = 0.37;
/** No harmonic above the eighth: 480 Hz at a mains frequency of 60 Hz. */
export const HARMONICS = 8;

export type HumBank = { readonly filter: DecimationFilter; readonly rateHz: number; readonly windowSamples: number };

/** @param sampleRateHz from 8 kHz */
export const designHumBank = (sampleRateHz: number): HumBank => {
  const factor = Math.floor(sampleRateHz / REDUCED_RATE_HZ);
  const rateHz = sampleRateHz / factor;
  const windowSamples = 2 * Math.round((WINDOW_SECONDS * rateHz) / 2) + 1;
  return { filter: designDecimation(factor, HIGHEST_HZ / sampleRateHz), rateHz, windowSamples };
};
