/**
 * What a platform does to a finished master, and how loud it is there: the loudness penalty.
 *
 *   gain = reference − loudness, and where it raises as peaks allow, at most ceiling − true peak (never below 0)
 *
 * Loudness in LUFS and true peak in dBTP as measured on the delivered bytes; gain in dB, to 0.01.
 */
import type { Measurement } from './audio.ts';
import type { Playback } from './catalogue.ts';
import { type Platform, type PlatformId, platformIds, platforms } from './platforms.ts';

type Loudness = Pick<Measurement, 'integratedLufs' | 'truePeakDbtp'>;
type Mode = Platform['modes'][number];

/** Less is within what meters differ by. */
const audibleDb = 0.05;

/** Every streaming platform, in the order of the table, and every way it plays. */
export function playbackEverywhere(measured: Loudness): Playback[] {
  return platformIds.filter((id) => platforms[id].kind === 'streaming').flatMap((id) => playbackOn(id, measured));
}

/** One entry for each way in which the platform plays, the usual one first. */
export function playbackOn(platform: PlatformId, measured: Loudness): Playback[] {
  const { modes }: Platform = platforms[platform];
  if (modes.length === 0) return [asItIs(platform, measured)];
  return modes.map((mode) => playedIn(platform, mode, measured));
}

const asItIs = (platform: PlatformId, { integratedLufs }: Loudness): Playback => ({
  ...{ platform, mode: 'normal', outcome: 'untouched', gainDb: 0, playedLufs: integratedLufs },
  sentence: 'Played as it is.',
});

function playedIn(platform: PlatformId, mode: Mode, measured: Loudness): Playback {
  const { integratedLufs, truePeakDbtp } = measured;
  if (integratedLufs === null) return { ...asItIs(platform, measured), mode: mode.name };
  const wantedDb = mode.referenceLufs - integratedLufs;
  const roomDb = Math.max(0, mode.raisedToDbtp - (truePeakDbtp ?? -Infinity));
  const gainDb = toHundredths(wantedDb <= 0 ? wantedDb : Math.min(wantedDb, highestDb(mode, roomDb)));
  const outcome = outcomeOf(mode, gainDb, roomDb);
  const gain = outcome === 'untouched' ? 0 : gainDb;
  const playedLufs = toHundredths(integratedLufs + gain);
  const sentence = sentenceOf({ mode, outcome, gainDb: gain, shortDb: wantedDb - gain });
  return { platform, mode: mode.name, outcome, gainDb: gain, playedLufs, sentence: sentence + albumNote(platform) };
}

const highestDb = ({ raises }: Mode, roomDb: number): number =>
  ({ never: 0, 'as-peaks-allow': roomDb, limited: Infinity })[raises];

function outcomeOf({ raises }: Mode, gainDb: number, roomDb: number): Playback['outcome'] {
  if (Math.abs(gainDb) < audibleDb) return 'untouched';
  if (gainDb < 0) return 'lowered';
  return raises === 'limited' && gainDb > roomDb ? 'limited' : 'raised';
}

type Told = { mode: Mode; outcome: Playback['outcome']; gainDb: number; shortDb: number };

function sentenceOf({ mode, outcome, gainDb, shortDb }: Told): string {
  const by = `by ${Math.abs(gainDb).toFixed(1)} dB`;
  const isShort = shortDb >= audibleDb;
  switch (outcome) {
    case 'lowered':
      return `Turned down ${by}.`;
    case 'limited':
      return `Turned up ${by}; a limiter holds its peaks, which changes the sound.`;
    case 'raised':
      return isShort ? `Turned up ${by}, as far as its peaks allow.` : `Turned up ${by}.`;
    case 'untouched':
      if (!isShort) return 'Played as it is.';
      return mode.raises === 'never'
        ? 'Played as it is: quieter music is not turned up.'
        : 'Played as it is: its peaks leave no room to turn it up.';
  }
}

function albumNote(platform: PlatformId): string {
  const { gainPer }: Platform = platforms[platform];
  if (gainPer === 'album') return ' As part of an album, by the gain of the whole album.';
  return gainPer === 'track-or-album' ? ' Within its album, by one gain for all of it.' : '';
}

const toHundredths = (value: number): number => Math.round(value * 100) / 100 + 0;
