// Lows that are the same on both sides, but upside down on one: how the channels agree, sixth of an octave by sixth, is held
// against what a crossover leaves that turned the lows of one channel over.
//   c(f) = Σ L·R* / √(Σ|L|² Σ|R|²),   agreement of a guess R/L = e^{iθ}: mean of Re c·e^{iθ}
//   steep: −1 below the crossover, 1 above it;  gentle, w = f/crossover: (iw − 1)/(iw + 1) = (w² − 1 + 2iw)/(w² + 1)
// A gentle one turns the phase of the channel it worked on, which tells that channel. Finished music agrees less with every
// guess than as it is; music whose lows were turned over agrees much more with one of them (docs/dsp/low-end.md).
import type { Analysis, TurnedLows } from '../analysis.ts';
import { type Spectrum, sumBetween } from './spectrum.ts';

const FROM_HZ = 30;
const TO_HZ = 850;
const LOWEST_CROSSOVER_HZ = 60;
const HIGHEST_CROSSOVER_HZ = 300;
const STEP = 2 ** (1 / 6);
/** Bands below this part of the loudest (−35 dB) say nothing. */
const LEAST_SHARE = 10 ** -3.5;
const FEWEST_BANDS = 10;
/** Where such crossovers are met with, and what an octave from there costs, squared: wide mids would pull the guess up. */
const USUAL_CROSSOVER_HZ = 140;
const COST_PER_OCTAVE = 0.06;

/** How the channels agree in one band: the real and the imaginary part of c. */
type Agreement = { hz: number; real: number; imaginary: number };

const bandsOf = ({ binHz, left, right, cross, quadrature }: Spectrum): Agreement[] => {
  const bands: (Agreement & { power: number })[] = [];
  for (let hz = FROM_HZ; hz < TO_HZ; hz *= STEP) {
    const sum = (bins: Float64Array): number => sumBetween(bins, binHz, hz / Math.sqrt(STEP), hz * Math.sqrt(STEP));
    const [l, r] = [sum(left), sum(right)];
    const both = Math.sqrt(l) * Math.sqrt(r);
    if (both > 0) bands.push({ hz, real: sum(cross) / both, imaginary: sum(quadrature) / both, power: l + r });
  }
  const least = LEAST_SHARE * Math.max(...bands.map(({ power }) => power));
  return bands.filter(({ power }) => power > least);
};

/** Re c·e^{iθ}. */
const turnedBy = ({ channel, belowHz, slope }: TurnedLows, { hz, real, imaginary }: Agreement): number => {
  if (slope === 'steep') return hz < belowHz ? -real : real;
  const w = hz / belowHz;
  const sign = channel === 'right' ? 1 : -1;
  return (real * (w * w - 1) - sign * imaginary * 2 * w) / (w * w + 1);
};

const SHAPES = [
  { channel: 'right', slope: 'gentle' },
  { channel: 'left', slope: 'gentle' },
  { channel: 'right', slope: 'steep' },
] as const;

const guesses: readonly TurnedLows[] = SHAPES.flatMap((shape) => {
  const crossovers: number[] = [];
  for (let hz = LOWEST_CROSSOVER_HZ; hz < HIGHEST_CROSSOVER_HZ; hz *= STEP) crossovers.push(Math.round(hz));
  return crossovers.map((belowHz) => ({ ...shape, belowHz }));
});

const costOf = ({ belowHz }: TurnedLows): number => COST_PER_OCTAVE * Math.log2(belowHz / USUAL_CROSSOVER_HZ) ** 2;

/** The guess that the channels agree with best, where they agree better with it than as they are. */
export const turnedLowsOf = (spectrum: Spectrum): Analysis['stereo']['turnedLows'] => {
  const bands = bandsOf(spectrum);
  if (bands.length < FEWEST_BANDS) return null;
  const mean = (of: (band: Agreement) => number): number =>
    bands.reduce((sum, band) => sum + of(band), 0) / bands.length;
  const agreement = mean(({ real }) => real);
  const tried = guesses.map((guess) => ({ guess, turnedAgreement: mean((band) => turnedBy(guess, band)) }));
  const { guess, turnedAgreement } = tried.reduce((a, b) =>
    b.turnedAgreement - costOf(b.guess) > a.turnedAgreement - costOf(a.guess) ? b : a,
  );
  return turnedAgreement > agreement ? { ...guess, agreement, turnedAgreement } : null;
};
