// What a mix is compared with: finished music at large, or the references the artist names.
import type { Analysis, Level } from '../analysis.ts';
import type { Reference } from '../plan.ts';
import { type Stray, straysOf } from './faults.ts';
import { usualBands } from './finished-music.ts';

/** How near to a reference is near enough: about two just-noticeable steps of a broad band. */
export const REFERENCE_TOLERANCE_DB = 1;

/** How many mixes have a fault of tone. Whether this one has is a guess, so what is done about it is held (tone.ts, docs/dsp/decide.md). */
const FAULTY = 0.3;
const MOST_FAULTY = 0.6;
/** Who asks for more believes more readily that there is a fault. */
const faultyAt = (intensity: number): number => Math.min(MOST_FAULTY, FAULTY * (intensity / 50) ** 2);

/** How the tone of a mix strays, and what from: references, if there are any, each by its weight; music at large otherwise. */
export const strayFrom = (
  { tone, kind }: Analysis,
  intensity: number,
  references: readonly Reference[],
): { strays: Stray[]; name: string } => {
  const heard = references.filter(({ analysis, weight }) => weight > 0 && analysis.tone.bands.length > 0);
  if (heard.length === 0) {
    return { strays: straysOf(tone.bands, kind.acoustic, faultyAt(intensity)), name: 'the usual balance' };
  }
  const name = heard.length === 1 ? 'the reference' : `the ${heard.length} references`;
  return { strays: strayFromReferences(tone.bands, heard), name };
};

/** Differences over an octave once the mean is taken out; what exceeds the tolerance is too far. */
const strayFromReferences = (bands: Analysis['tone']['bands'], references: readonly Reference[]): Stray[] => {
  const levelIn = (of: Analysis['tone']['bands'], hz: number): Level =>
    of.find(({ centreHz }) => centreHz === hz)?.levelDb ?? null;
  const rows = usualBands.flatMap(({ centreHz }) => {
    const [mix, wanted] = [
      levelIn(bands, centreHz),
      weightedMean(references, ({ tone }) => levelIn(tone.bands, centreHz)),
    ];
    return mix === null || wanted === null ? [] : [{ centreHz, difference: mix - wanted }];
  });
  const mean = rows.reduce((sum, { difference }) => sum + difference, 0) / rows.length;
  return rows.map(({ centreHz }, i) => {
    const octave = rows.slice(Math.max(0, i - 1), i + 2);
    const deviationDb = octave.reduce((sum, { difference }) => sum + difference, 0) / octave.length - mean;
    const excess = Math.max(0, Math.abs(deviationDb) - REFERENCE_TOLERANCE_DB);
    return { centreHz, deviationDb, excessDb: Math.sign(deviationDb) * excess };
  });
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
