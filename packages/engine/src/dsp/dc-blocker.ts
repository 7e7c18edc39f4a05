// First-order high-pass that removes a constant offset: y = g·(x[n] − x[n−1]) + R·y[n−1], R = (1 − K)/(1 + K),
// K = tan(π·cutoff/rate), g = (1 + R)/2, so that the gain at Nyquist is 1. Source: bilinear transform of s/(s + 1).
// −3 dB at the cut-off, −0.1 dB at 6.5 times it. No latency.
import type { Biquad } from './biquad.ts';
import { quantiseCoefficient } from './quantise.ts';

/** @param cutoffHz below anything musical, 2 … 10 */
export const designDcBlocker = (cutoffHz: number, sampleRateHz: number): Biquad => {
  const K = Math.tan((Math.PI * cutoffHz) / sampleRateHz);
  const R = quantiseCoefficient((1 - K) / (1 + K));
  const gain = (1 + R) / 2;
  return { b0: gain, b1: -gain, b2: 0, a1: -R, a2: 0 };
};
