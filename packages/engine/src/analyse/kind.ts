// What kind of music it is, as one number from 0 (dense, produced) to 1 (sparse, acoustic), with its evidence:
//   acoustic = 1 / (1 + e^(−logit)),  logit = bias + Σ weight · clamp((value − middle) / scale, ±2)
// Each term is the contribution of a measured figure and is told with it. There is no class behind the number.
// Source: the table below is what scripts/calibrate-kind.ts prints; docs/dsp/hearing.md says on what music and how well it parts.
import type { Analysis } from '../analysis.ts';
import { dbFromPower, powerFromDb } from '../units.ts';

type Kind = Analysis['kind'];
/** What the number follows from. */
type Known = Pick<Analysis, 'loudness' | 'tone' | 'dynamics' | 'texture'>;

const LEAST_DB = -60;
const SUB_BELOW_HZ = 56;
const TOP_FROM_HZ = 5600;
const TOP_HZ = 6000;
const MOST = 2;

/** Power of the bands whose centre lies between, re the sum of all. */
const shareDb = ({ bands }: Analysis['tone'], fromHz: number, toHz: number): number => {
  let power = 0;
  for (const { centreHz, levelDb } of bands) if (centreHz >= fromHz && centreHz < toHz) power += powerFromDb(levelDb);
  return Math.max(LEAST_DB, power > 0 ? dbFromPower(power) : LEAST_DB);
};

/** Of the region that begins there; halfway where the rate does not reach it. */
const topCrestDb = ({ regions }: Analysis['dynamics']): number =>
  regions.find(({ fromHz }) => fromHz === TOP_HZ)?.crestDb ?? KIND_SCALES.topCrestDb.middle;

/** The figures that the number is made of. */
export const kindFigures = ({ loudness, tone, dynamics, texture }: Known): Record<string, number> => ({
  loudnessRangeLu: loudness.loudnessRangeLu,
  plrDb: dynamics.plrDb ?? 0,
  subShareDb: shareDb(tone, 0, SUB_BELOW_HZ),
  topShareDb: shareDb(tone, TOP_FROM_HZ, Number.POSITIVE_INFINITY),
  topCrestDb: topCrestDb(dynamics),
  flatnessDb: texture.flatnessDb,
  onsetsPerSecond: texture.onsetsPerSecond,
});

export const KIND_SCALES: Readonly<Record<string, { middle: number; scale: number }>> = {
  loudnessRangeLu: { middle: 5, scale: 4 },
  plrDb: { middle: 14, scale: 3 },
  subShareDb: { middle: -18, scale: 8 },
  topShareDb: { middle: -24, scale: 6 },
  topCrestDb: { middle: 17, scale: 3 },
  flatnessDb: { middle: -9, scale: 4 },
  onsetsPerSecond: { middle: 2.5, scale: 1.5 },
};

/** A figure as the sum takes it: 0 in the middle between the kinds. */
export const kindTerm = (feature: string, value: number): number => {
  const { middle, scale } = KIND_SCALES[feature];
  return Math.max(-MOST, Math.min(MOST, (value - middle) / scale));
};

const BIAS = 0.02;
const WEIGHTS: Readonly<Record<string, number>> = {
  loudnessRangeLu: 0.08,
  plrDb: 0.82,
  subShareDb: -0.44,
  topShareDb: -0.63,
  topCrestDb: -0.32,
  flatnessDb: -0.15,
  onsetsPerSecond: -0.89,
};

const rounded = (value: number): number => Math.round(100 * value) / 100;

/** Halfway, without evidence, for what has no loudness. */
export const kindOf = (known: Known): Kind => {
  if (known.loudness.integratedLufs === null || known.tone.bands.length === 0) return { acoustic: 0.5, evidence: [] };
  const evidence = Object.entries(kindFigures(known)).map(([feature, value]) => ({
    feature,
    value: rounded(value),
    contribution: rounded(WEIGHTS[feature] * kindTerm(feature, value)),
  }));
  const logit = evidence.reduce((sum, { contribution }) => sum + contribution, BIAS);
  return { acoustic: rounded(1 / (1 + Math.exp(-logit))), evidence };
};
