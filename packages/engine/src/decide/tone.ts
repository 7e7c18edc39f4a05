// The tone: what is a fault is taken back, and no further than the intensity allows; what merely differs is left alone.
import type { Analysis } from '../analysis.ts';
import { magnitudeAt } from '../dsp/biquad.ts';
import { prototypeDbAt } from '../dsp/eq-design.ts';
import { designKWeighting } from '../dsp/k-weighting.ts';
import type { EqBand, Intent, Reference, Stage } from '../plan.ts';
import { dbFromGain, dbFromPower, powerFromDb } from '../units.ts';
import type { Stray } from './faults.ts';
import { fitZones, type WantedPoint } from './fit.ts';
import type { HissLoss } from './noise.ts';
import { styles } from './styles.ts';
import { strayFrom } from './usual.ts';
import { type ZoneId, zoneIds, zones } from './zones.ts';

/** Intensity at which a move takes back just what there is evidence for. */
const FULL_INTENSITY = 50;
/** No move is larger than this at intensity 50, nor than twice this at 100. */
const MAX_GAIN_DB = 3;
/**
 * Where nobody named a reference a fault is a guess, and finished music looks faulty, too. At intensity 50 no zone moves by more than the
 * first, and all bands together (root mean square, at equal loudness) by no more than the second: a third of what can be heard.
 */
const MOST_GUESSED_DB = 0.7;
const MOST_GUESSED_RMS_DB = 0.33;
/** Smaller moves are not worth a filter. */
const LEAST_GAIN_DB = 0.3;
/** Bands so far below the loudest are no part of the balance. */
const UNHEARD_BELOW_DB = 50;
const BALANCE_FROM_HZ = 50;
const BALANCE_TO_HZ = 12_500;

/** What the tone is judged by: references, if there are any, and what the repair of hiss leaves of each band. */
type Grounds = { references: readonly Reference[]; hissAt: (centreHz: number) => HissLoss };

/** The equaliser's part of a plan; `null` where there is no tone to judge. */
export const toneStage = (analysis: Analysis, intent: Intent, { references, hissAt }: Grounds): Stage | null => {
  if (analysis.loudness.integratedLufs === null || analysis.tone.bands.length === 0) return null;
  if (!styles[intent.style].touchesTone) return bypassed(intent, 'This style leaves the tone as the artist made it.');
  if (intent.intensity === 0) return bypassed(intent, 'Intensity 0 leaves the tone as it is.');
  const heard = analysis.tone.bands.map((band) => ({ ...band, levelDb: band.levelDb - hissAt(band.centreHz).lostDb }));
  const { strays, name } = strayFrom({ ...analysis, tone: { bands: heard } }, intent.intensity, references);
  const wanted = fitted(strays.map(({ centreHz, excessDb }) => ({ centreHz, changeDb: -excessDb })));
  const isGuess = references.length === 0;
  const lost = strays.map(({ centreHz }) => ({ centreHz, changeDb: isGuess ? hissAt(centreHz).givenBackDb : 0 }));
  const moves = { gainsDb: isGuess ? held(wanted, heard, intent.intensity) : wanted, givenBackDb: fitted(lost) };
  const bands = bandsFor(strays, intent, { ...moves, name });
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

const fitted = (wanted: readonly WantedPoint[]): number[] =>
  fitZones(
    zoneIds.map((id) => zones[id]),
    wanted,
  );

const K_WEIGHTING = designKWeighting(48_000);
const weightDbAt = (hz: number): number =>
  dbFromGain(magnitudeAt(K_WEIGHTING.shelf, hz, 48_000) * magnitudeAt(K_WEIGHTING.highPass, hz, 48_000));

type BandLevel = { centreHz: number; levelDb: number };

/** How far these gains move the balance once the loudness is what it was (root mean square), in dB. */
const movedDb = (gainsDb: readonly number[], bands: readonly BandLevel[]): number => {
  const loudest = Math.max(...bands.map(({ levelDb }) => levelDb));
  const changes = bands
    .filter(
      ({ centreHz, levelDb }) =>
        centreHz >= BALANCE_FROM_HZ && centreHz <= BALANCE_TO_HZ && levelDb > loudest - UNHEARD_BELOW_DB,
    )
    .map(({ centreHz, levelDb }) => ({
      power: powerFromDb(levelDb + weightDbAt(centreHz)),
      db: zoneIds.reduce((sum, id, k) => sum + prototypeDbAt({ ...zones[id], gainDb: gainsDb[k] }, centreHz), 0),
    }));
  const before = changes.reduce((sum, { power }) => sum + power, 0);
  const louderDb = dbFromPower(changes.reduce((sum, { power, db }) => sum + power * powerFromDb(db), 0) / before);
  return Math.sqrt(changes.reduce((sum, { db }) => sum + (db - louderDb) ** 2, 0) / changes.length);
};

/** Gains of all zones, made smaller together until they stay within what a guess may move. */
const held = (gainsDb: readonly number[], bands: readonly BandLevel[], intensity: number): number[] => {
  const more = Math.max(1, intensity / FULL_INTENSITY);
  const most = Math.max(...gainsDb.map(Math.abs));
  const moved = movedDb(gainsDb, bands);
  const excess = Math.max(1, moved / (more * MOST_GUESSED_RMS_DB), most / (more * MOST_GUESSED_DB));
  return gainsDb.map((db) => db / excess);
};

/** What is wanted of each zone at intensity 50, and what of that the hiss took. */
type Moves = { gainsDb: readonly number[]; givenBackDb: readonly number[]; name: string };

const bandsFor = (heard: readonly Stray[], { style, intensity, amounts }: Intent, moves: Moves): EqBand[] => {
  const share = amounts.tone / 100;
  const amount = (intensity / FULL_INTENSITY) * share;
  return zoneIds.flatMap((id, k) => {
    const colourDb = styles[style].colourDb[id] ?? 0;
    const givenBackDb = Math.min(amount, share) * moves.givenBackDb[k];
    const limitDb = MAX_GAIN_DB * amount;
    const wantedDb = Math.min(amount, share) * moves.gainsDb[k] + amount * colourDb + givenBackDb;
    const gainDb = Math.round(10 * Math.max(-limitDb, Math.min(limitDb, wantedDb))) / 10;
    if (Math.abs(gainDb) < LEAST_GAIN_DB) return [];
    const { kind, frequencyHz, q } = zones[id];
    const reason = reasonFor(id, heard, { colourDb, givenBackDb, gainDb, usual: moves.name });
    return [{ kind, frequencyHz, gainDb, q, reason }];
  });
};

type Move = { colourDb: number; givenBackDb: number; gainDb: number; usual: string };

const reasonFor = (id: ZoneId, heard: readonly Stray[], { colourDb, givenBackDb, gainDb, usual }: Move): string => {
  const { name, verb: lie, fromHz, toHz } = zones[id];
  const inside = heard.filter(({ centreHz }) => centreHz >= fromHz && centreHz < toHz);
  const mean = inside.reduce((sum, { deviationDb }) => sum + deviationDb, 0) / Math.max(1, inside.length);
  const verb = gainDb > 0 ? 'raised' : 'lowered';
  const move = `${verb} by ${Math.abs(gainDb).toFixed(1)} dB`;
  if (givenBackDb > gainDb / 2 && givenBackDb >= LEAST_GAIN_DB)
    return `The hiss filled the ${name}; some of what goes with it is given back: ${move}.`;
  const needed = mean * gainDb < 0 && inside.some(({ excessDb }) => excessDb * gainDb < 0);
  const side = mean > 0 ? 'above' : 'below';
  const too = colourDb * gainDb > 0 ? ', and the style asks for it' : '';
  if (needed) return `The ${name} ${lie} ${Math.abs(mean).toFixed(1)} dB ${side} ${usual}${too}; ${move}.`;
  if (colourDb !== 0) return `The style asks for it: ${name} ${move}.`;
  return `To keep the ${name} in proportion with their neighbours: ${move}.`;
};
