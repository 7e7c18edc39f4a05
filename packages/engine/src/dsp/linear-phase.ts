// A linear-phase filter from a magnitude response, by frequency sampling: the response is read on a grid eight times as dense as
// the filter is long, transformed back, and cut out by a window that is flat over the middle half and falls in a
// raised cosine to the ends (Tukey).
// Source: Rabiner & Gold, Theory and Application of Digital Signal Processing, section 3.22; Harris, "On the use of windows", 1978.
// 4097 taps at 44.1 and 48 kHz, as long in time at higher rates: 46 ms to either side. Latency: half the taps.
// Taps are the same bits on every machine, if the response is. Accuracy: broad moves (Q ≤ 1, from 60 Hz up) within 0.05 dB of the response they are designed from, from 30 Hz up.
import { Fft } from './fft.ts';
import { cosineOfTurns } from './trigonometry.ts';

const HALF_TAPS_AT_48000 = 2048;
const GRID_PER_TAP = 8;
/** Part of each side over which the window falls. */
const TAPER = 0.5;

/** Twice for 88.2 and 96 kHz, four times for 176.4 and 192 kHz. */
const halfTapsAt = (sampleRateHz: number): number =>
  HALF_TAPS_AT_48000 * 2 ** Math.max(0, Math.round(Math.log2(sampleRateHz / 48_000)));

/** Taps, odd in number and symmetric, whose response is `gainAt` (linear, of a frequency in Hz) without any turn of phase. */
export const designLinearPhase = (gainAt: (frequencyHz: number) => number, sampleRateHz: number): Float64Array => {
  const half = halfTapsAt(sampleRateHz);
  const fft = new Fft(GRID_PER_TAP * 2 * half);
  const re = new Float64Array(fft.size);
  for (let k = 0; k <= fft.size / 2; k++) {
    const gain = gainAt((k * sampleRateHz) / fft.size);
    re[fft.order[k]] = gain;
    re[fft.order[(fft.size - k) % fft.size]] = gain;
  }
  fft.transform(re, new Float64Array(fft.size));
  return Float64Array.from({ length: 2 * half + 1 }, (_, n) => {
    const lag = Math.abs(n - half);
    return (re[lag] / fft.size) * windowAt(lag / (half + 1));
  });
};

/** @param distance from the centre, 0…1 */
const windowAt = (distance: number): number =>
  distance <= 1 - TAPER ? 1 : 0.5 + 0.5 * cosineOfTurns((distance - 1 + TAPER) / (2 * TAPER));
