// Does the balance show a fault, and which? The balance of finished music varies so much from piece to piece that no single
// band tells; what tells is its shape against how pieces stray together.
//   y: levels of the bands less their mean and less what is usual for the kind; y ~ N(0, Σ) where nothing is wrong,
//   y ~ N(d, Σ) where the fault d is there.  w_d = P(d) · exp(dᵀΣ⁻¹y − ½ dᵀΣ⁻¹d),  expected fault = Σ w_d·d / (P(none) + Σ w_d)
// What comes out is the expected fault: near nothing for most music, and nearly all of a fault that nothing else explains.
// Source: Bayes' rule for a mixture of normal distributions; Σ and the usual from scripts/measure-tolerance.ts.
import { type EqShape, prototypeDbAt } from '../dsp/eq-design.ts';
import { usualBands, usualCovariance } from './finished-music.ts';

const FARTHEST = 3;
/** How strong a fault may be, as part of its shape. */
const STRENGTHS = [0.6, 1, 1.4];

const bell = (frequencyHz: number, gainDb: number): EqShape => ({ kind: 'bell', frequencyHz, gainDb, q: 1 });
const lowShelf = (frequencyHz: number, gainDb: number, q = 0.71): EqShape => ({
  kind: 'low-shelf',
  frequencyHz,
  gainDb,
  q,
});
const highShelf = (frequencyHz: number, gainDb: number, q = 0.71): EqShape => ({
  kind: 'high-shelf',
  frequencyHz,
  gainDb,
  q,
});
/** Two wide shelves that lean against each other: nearly a straight line. */
const tilt = (gainDb: number): EqShape[] => [lowShelf(350, -gainDb, 0.4), highShelf(2800, gainDb, 0.4)];

/** The faults that mixing rooms and hurry leave: each a sum of filters, at about the strength it is met with. */
const FAULTS: readonly EqShape[][] = [
  ...[200, 260, 330].map((hz) => [bell(hz, 4)]),
  ...[700, 1100].map((hz) => [bell(hz, 4)]),
  ...[3000, 3800, 4800].map((hz) => [bell(hz, 4.5)]),
  ...[4000, 6000, 8000].map((hz) => [highShelf(hz, -6)]),
  ...[[bell(80, 6)], [bell(100, 6)], [lowShelf(120, 6)]],
  ...[150, 220].map((hz) => [lowShelf(hz, -6)]),
  ...[[highShelf(7000, 5)], tilt(4), tilt(-4)],
];

/** A band's level in the mix. */
type BandLevel = { centreHz: number; levelDb: number };
/** How far a band lies from the usual, and how much of that is a fault. */
export type Stray = { centreHz: number; deviationDb: number; excessDb: number };

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i], 0);
const withoutMean = (values: readonly number[]): number[] => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
};

/** Lower triangle L with L·Lᵀ = Σ (Cholesky). */
const factor = (covariance: readonly (readonly number[])[]): number[][] => {
  const rows: number[][] = [];
  covariance.forEach((column, i) => {
    const row: number[] = [];
    for (let j = 0; j <= i; j++) {
      const rest = column[j] - dot(row.slice(0, j), (rows[j] ?? row).slice(0, j));
      row.push(j === i ? Math.sqrt(rest) : rest / rows[j][j]);
    }
    rows.push(row);
  });
  return rows;
};

const TRIANGLE = factor(usualCovariance);

/** L⁻¹·v: what varies together is taken apart, and each part has a variance of one. Where a low rate has fewer bands, of those. */
const whitened = (values: readonly number[]): number[] => {
  const out: number[] = [];
  values.forEach((value, i) => {
    out.push((value - dot(TRIANGLE[i].slice(0, i), out)) / TRIANGLE[i][i]);
  });
  return out;
};

/** What each fault does to every band, in dB. */
const FAULT_CURVES = FAULTS.map((shapes) =>
  usualBands.map(({ centreHz }) => shapes.reduce((sum, shape) => sum + prototypeDbAt(shape, centreHz), 0)),
);

/**
 * How the balance strays from what is usual, and the fault to expect in that.
 * @param acoustic the kind, 0 … 1
 * @param faulty how many mixes have a fault at all, before this one was heard: 0 … 1
 */
export const straysOf = (bands: readonly BandLevel[], acoustic: number, faulty: number): Stray[] => {
  const rows = usualBands.flatMap((usual) => {
    const heard = bands.find(({ centreHz }) => centreHz === usual.centreHz);
    return heard ? [{ ...usual, raw: heard.levelDb - usual.levelDb - usual.slopeDb * (acoustic - 0.5) }] : [];
  });
  const deviations = withoutMean(rows.map(({ raw }) => raw));
  const held = deviations.map((db, k) =>
    Math.max(-FARTHEST * rows[k].spreadDb, Math.min(FARTHEST * rows[k].spreadDb, db)),
  );
  const seen = whitened(withoutMean(held));
  const expected = rows.map(() => 0);
  let total = 1 - faulty;
  const share = faulty / (FAULTS.length * STRENGTHS.length);
  for (const whole of FAULT_CURVES) {
    const curve = withoutMean(whole.slice(0, rows.length));
    const told = whitened(curve);
    for (const strength of STRENGTHS) {
      const weight = share * Math.exp(strength * dot(told, seen) - (strength ** 2 * dot(told, told)) / 2);
      total += weight;
      for (let k = 0; k < curve.length; k++) expected[k] += weight * strength * curve[k];
    }
  }
  return rows.map(({ centreHz }, k) => ({ centreHz, deviationDb: deviations[k], excessDb: expected[k] / total }));
};
