// The tone: what is a fault is taken back, and no further than the intensity allows; what merely differs is left alone.
import type { Analysis } from '../analysis.ts';
import type { EqBand, Intent, Reference, Stage } from '../plan.ts';
import type { Stray } from './faults.ts';
import { fitZones, type WantedPoint } from './fit.ts';
import { styles } from './styles.ts';
import { strayFrom } from './usual.ts';
import { type ZoneId, zoneIds, zones } from './zones.ts';

/** Intensity at which a move takes back just what there is evidence for. */
const FULL_INTENSITY = 50;
/** No move is larger than this at intensity 50, nor than twice this at 100. */
const MAX_GAIN_DB = 3;
/** Smaller moves are not worth a filter. */
const LEAST_GAIN_DB = 0.4;

/** The equaliser's part of a plan; `null` where there is no tone to judge. */
export const toneStage = (analysis: Analysis, intent: Intent, references: readonly Reference[]): Stage | null => {
  if (analysis.loudness.integratedLufs === null || analysis.tone.bands.length === 0) return null;
  if (!styles[intent.style].touchesTone) return bypassed(intent, 'This style leaves the tone as the artist made it.');
  if (intent.intensity === 0) return bypassed(intent, 'Intensity 0 leaves the tone as it is.');
  const { strays, name } = strayFrom(analysis, intent.intensity, references);
  const bands = bandsFor(strays, intent, name);
  if (bands.length === 0) return bypassed(intent, `The tone lies close enough to ${name}; nothing is needed.`);
  const reason = `The tone strays from ${name}, or the style asks for a colour.`;
  return { stage: 'equalise', bypassed: false, reason, phase: intent.phase, bands };
};

const bypassed = ({ phase }: Intent, reason: string): Stage => ({
  stage: 'equalise',
  bypassed: true,
  reason,
  phase,
  bands: [],
});

const bandsFor = (heard: readonly Stray[], { style, intensity, amounts }: Intent, name: string): EqBand[] => {
  const share = amounts.tone / 100;
  const amount = (intensity / FULL_INTENSITY) * share;
  const wanted: WantedPoint[] = heard.map(({ centreHz, excessDb }) => ({ centreHz, changeDb: -excessDb }));
  const fitted = fitZones(
    zoneIds.map((id) => zones[id]),
    wanted,
  );
  return zoneIds.flatMap((id, k) => {
    const colourDb = styles[style].colourDb[id] ?? 0;
    const limitDb = MAX_GAIN_DB * amount;
    const gainDb =
      Math.round(10 * Math.max(-limitDb, Math.min(limitDb, Math.min(amount, share) * fitted[k] + amount * colourDb))) /
      10;
    if (Math.abs(gainDb) < LEAST_GAIN_DB) return [];
    const { kind, frequencyHz, q } = zones[id];
    return [{ kind, frequencyHz, gainDb, q, reason: reasonFor(id, heard, { colourDb, gainDb, usual: name }) }];
  });
};

type Move = { colourDb: number; gainDb: number; usual: string };

const reasonFor = (id: ZoneId, heard: readonly Stray[], { colourDb, gainDb, usual }: Move): string => {
  const { name, verb: lie, fromHz, toHz } = zones[id];
  const inside = heard.filter(({ centreHz }) => centreHz >= fromHz && centreHz < toHz);
  const mean = inside.reduce((sum, { deviationDb }) => sum + deviationDb, 0) / Math.max(1, inside.length);
  const verb = gainDb > 0 ? 'raised' : 'lowered';
  const move = `${verb} by ${Math.abs(gainDb).toFixed(1)} dB`;
  const needed = mean * gainDb < 0 && inside.some(({ excessDb }) => excessDb * gainDb < 0);
  const side = mean > 0 ? 'above' : 'below';
  if (needed) return `The ${name} ${lie} ${Math.abs(mean).toFixed(1)} dB ${side} ${usual}; ${move}.`;
  if (colourDb !== 0) return `The style asks for it: ${name} ${move}.`;
  return `To keep the ${name} in proportion with their neighbours: ${move}.`;
};
