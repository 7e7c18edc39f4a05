// What a mix is compared with: finished music at large, or the references the artist names.
import type { Analysis, Level } from '../analysis.ts';
import type { Reference } from '../plan.ts';
import { type ToleranceBand, tolerance } from './tolerance.ts';

/** The balance to hold a mix against, and what to call it. */
export type Usual = { bands: readonly ToleranceBand[]; name: string };

/** How near to a reference is near enough: about two just-noticeable steps of a broad band. */
const REFERENCE_TOLERANCE_DB = 1;

/** References, if there are any, each by its weight; music at large otherwise. */
export const usualFor = (references: readonly Reference[]): Usual => {
  const heard = references.filter(({ analysis, weight }) => weight > 0 && analysis.tone.bands.length > 0);
  if (heard.length === 0) return { bands: tolerance, name: 'the usual balance' };
  const bands = tolerance.flatMap(({ centreHz }) => {
    const levelDb = weightedMean(
      heard,
      ({ tone }) => tone.bands.find((band) => band.centreHz === centreHz)?.levelDb ?? null,
    );
    return levelDb === null ? [] : [{ centreHz, levelDb, toleranceDb: REFERENCE_TOLERANCE_DB }];
  });
  return { bands, name: heard.length === 1 ? 'the reference' : `the ${heard.length} references` };
};

/** A figure of the references, each by its weight; `null` where none has it. */
export const weightedMean = (references: readonly Reference[], figureOf: (analysis: Analysis) => Level): Level => {
  let sum = 0;
  let total = 0;
  for (const { analysis, weight } of references) {
    const figure = figureOf(analysis);
    if (figure === null) continue;
    sum += weight * figure;
    total += weight;
  }
  return total > 0 ? sum / total : null;
};
