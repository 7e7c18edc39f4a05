// Where the tone of finished music of the same kind lies, to draw a balance against: what is usual for each third-octave, ± the
// spread within which two of three pieces lie; or the references an artist names, ± what counts as near enough. Levels of a
// mix mean something only relative to each other, so the region is shifted to have the mean of the mix.
// Source: finished-music.ts. Units: dB, as in the tone of an analysis.
import type { Analysis } from '../analysis.ts';
import type { Reference } from '../plan.ts';
import { usualBands } from './finished-music.ts';
import { REFERENCE_TOLERANCE_DB, weightedMean } from './usual.ts';

export type ToneRegion = {
  of: 'finished_music' | 'references';
  bands: { centreHz: number; lowDb: number; highDb: number }[];
};

/** No band at all for silence. */
export const toneRegionOf = ({ tone, kind }: Analysis, references: readonly Reference[]): ToneRegion => {
  const heard = references.filter(({ analysis, weight }) => weight > 0 && analysis.tone.bands.length > 0);
  const levelIn = (bands: Analysis['tone']['bands'], hz: number): number | null =>
    bands.find(({ centreHz }) => centreHz === hz)?.levelDb ?? null;
  const rows = usualBands.flatMap(({ centreHz, levelDb, slopeDb, spreadDb }) => {
    const mixDb = levelIn(tone.bands, centreHz);
    const referenceDb = weightedMean(heard, ({ tone: { bands } }) => levelIn(bands, centreHz));
    if (mixDb === null || (heard.length > 0 && referenceDb === null)) return [];
    const middleDb = referenceDb ?? levelDb + slopeDb * (kind.acoustic - 0.5);
    return [{ centreHz, mixDb, middleDb, spreadDb: referenceDb === null ? spreadDb : REFERENCE_TOLERANCE_DB }];
  });
  const shiftDb = rows.reduce((sum, { mixDb, middleDb }) => sum + mixDb - middleDb, 0) / Math.max(1, rows.length);
  const bands = rows.map(({ centreHz, middleDb, spreadDb }) => ({
    centreHz,
    lowDb: hundredths(middleDb + shiftDb - spreadDb),
    highDb: hundredths(middleDb + shiftDb + spreadDb),
  }));
  return { of: heard.length > 0 ? 'references' : 'finished_music', bands };
};

const hundredths = (db: number): number => Math.round(db * 100) / 100;
