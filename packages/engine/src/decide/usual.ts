// What a mix is compared with: finished music at large, or the references the artist names.
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
    const levels = heard.flatMap(({ analysis, weight }) => {
      const band = analysis.tone.bands.find((each) => each.centreHz === centreHz);
      return band ? [{ levelDb: band.levelDb, weight }] : [];
    });
    const total = levels.reduce((sum, { weight }) => sum + weight, 0);
    const levelDb = levels.reduce((sum, each) => sum + each.levelDb * each.weight, 0) / total;
    return total > 0 ? [{ centreHz, levelDb, toleranceDb: REFERENCE_TOLERANCE_DB }] : [];
  });
  return { bands, name: heard.length === 1 ? 'the reference' : `the ${heard.length} references` };
};
