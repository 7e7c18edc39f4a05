import {
  type Analysis,
  type MasterOrder,
  type MasterState,
  type Measurement,
  type PlatformEntry,
  type RenditionReport,
  type Stage,
  stageGroups,
} from '@lathe/contracts';
import { clock, formatNumber, hertz, textOf } from './format.ts';
import type { Draft } from './state.ts';

export const stageWords: Record<MasterState, string> = {
  queued: 'Waiting for a free lathe',
  analysing: 'Listening to the mix',
  rendering: 'Cutting the masters',
  verifying: 'Measuring the finished files',
  ready: 'Done',
  failed: 'Stopped',
  cancelled: 'Cancelled',
};

export const verdictWords: Record<RenditionReport['verdict'], string> = {
  pass: 'Proven',
  corrected: 'Proven after a correction',
  not_reached: 'Target not reached',
  refused: 'Would be refused',
  failed: 'Failed its proof',
};

const stageNames: Record<Stage['stage'], string> = {
  trim: 'Silence',
  declip: 'Cut peaks',
  declick: 'Clicks',
  dc: 'Steady offset',
  balance: 'Balance',
  dehum: 'Hum',
  denoise: 'Hiss',
  'low-end': 'Lows',
  equalise: 'Tone',
  compress: 'Dynamics',
  width: 'Width',
};

/** A stage that this page does not know yet is called by the name the plan gives it. */
export function stageName(stage: string): string {
  const known = new Map<string, string>(Object.entries(stageNames)).get(stage);
  return known ?? stage.charAt(0).toUpperCase() + stage.slice(1).replaceAll('-', ' ');
}

export const groupNames: Record<keyof MasterOrder['amounts'], string> = {
  repair: 'Repairs',
  tone: 'Tone',
  compression: 'Dynamics',
  width: 'Width',
};

/** The parts that are turned down, and the equaliser where it is not the usual one. */
export function amountsWords(amounts: MasterOrder['amounts'], phase: MasterOrder['phase']): string {
  const less = stageGroups
    .filter((group) => amounts[group] < 100)
    .map((group) => `${groupNames[group].toLowerCase()} ${amounts[group] === 0 ? 'off' : `${amounts[group]}\u00a0%`}`);
  const words = [...(less.length > 0 ? less : ['all of it']), ...(phase === 'linear' ? ['linear phase'] : [])];
  return words.join(', ');
}

export const phaseNames = { minimum: 'Minimum phase', linear: 'Linear phase' } as const;
export const ditherNames = { tpdf: 'Plain dither', shaped: 'Shaped dither', none: 'No dither' } as const;

export const referenceCount = (count: number): string =>
  count === 0 ? 'none' : count === 1 ? '1 track' : `${count} tracks`;

/** What the files will say, in short. */
export function wordsSaid({ words, cover, tags }: Pick<Draft, 'words' | 'cover' | 'tags'>): string {
  if (tags === 'none') return 'nothing is written';
  const name = [words.artists, words.title].filter(Boolean).join(' – ');
  const others = Object.values(words).some((text) => text.trim() !== '') ? 'some' : 'nothing yet';
  return [name || others, ...(cover ? ['cover'] : [])].join(', ');
}

export const kindWords: Record<PlatformEntry['kind'], string> = {
  streaming: 'Streaming',
  release: 'Releases, played as they are',
  broadcast: 'Broadcast and podcasts',
};

export const loudnessWords = { quieter: 'Quieter', platform: 'As the platform plays', louder: 'Louder' } as const;

/** How far the moves go, in a word. */
export function intensityWord(intensity: number): string {
  if (intensity === 0) return 'tone untouched';
  if (intensity < 35) return 'light touch';
  if (intensity <= 65) return 'balanced';
  return intensity < 90 ? 'decided' : 'all the way';
}

/** The loudness of a mix in relation to where most platforms play music, −14 LUFS. */
export function loudnessSentence({ integratedLufs }: Measurement): string {
  if (integratedLufs === null) return 'There is nothing to hear.';
  const aboveLu = integratedLufs + 14;
  if (Math.abs(aboveLu) < 1) return 'About where streaming plays music.';
  const distance = `${formatNumber(Math.abs(aboveLu))}\u00a0LU`;
  return aboveLu < 0
    ? `${distance} below where streaming plays music.`
    : `${distance} above where streaming plays music.`;
}

export function peakSentence({ truePeakDbtp }: Measurement): string {
  if (truePeakDbtp === null) return 'No peak at all.';
  if (truePeakDbtp > 0) return 'Peaks go over full scale between the samples.';
  if (truePeakDbtp > -1) return 'Peaks stand right at full scale.';
  return truePeakDbtp > -6 ? 'A little room below full scale.' : 'Plenty of room to work in.';
}

export function rangeSentence({ integratedLufs, loudnessRangeLu }: Measurement): string {
  if (integratedLufs === null) return 'No loud and quiet parts to compare.';
  if (loudnessRangeLu < 3) return 'Loud and quiet parts are nearly alike.';
  if (loudnessRangeLu < 8) return 'An even song with some movement.';
  return loudnessRangeLu < 15 ? 'Clear steps between quiet and loud.' : 'A very wide range, as in classical music.';
}

export function stereoSentence({ correlation, sideToMidDb }: Analysis['stereo']): string {
  if (sideToMidDb === null) return 'Mono: both sides are the same.';
  if (correlation < 0) return 'The sides work against each other.';
  if (correlation < 0.4) return 'Very wide.';
  return correlation < 0.85 ? 'Wide, with a firm centre.' : 'Close to the centre.';
}

/** Where the strongest third-octave band lies. */
export function toneSentence({ bands }: Analysis['tone']): string {
  const strongest = bands.reduce((a, b) => (b.levelDb > a.levelDb ? b : a), bands[0] ?? { centreHz: 0, levelDb: 0 });
  return bands.length === 0 ? 'No tone to show.' : `Strongest around ${textOf(hertz(strongest.centreHz))}.`;
}

/** What the figures sound like, never a genre. */
export function kindSentence({ acoustic }: Analysis['kind']): string {
  if (acoustic < 0.2) return 'Dense and produced throughout.';
  if (acoustic < 0.4) return 'Rather dense and produced.';
  if (acoustic <= 0.6) return 'Between produced and acoustic.';
  return acoustic <= 0.8 ? 'Rather open and acoustic.' : 'Open and acoustic, as of played instruments.';
}

export function textureSentence({ onsetsPerSecond, pulse }: Analysis['texture']): string {
  if (onsetsPerSecond < 0.2) return 'Hardly any note begins sharply.';
  const steadiness = pulse > 0.5 ? ', on a steady pulse' : '';
  return `About ${formatNumber(onsetsPerSecond)} notes or strokes begin each second${steadiness}.`;
}

export function structureSentence({ loudness, structure, dynamics }: Analysis): string {
  if (dynamics.loudnessCurve.lufs.length < 2) return 'Too short to have a course.';
  const parts = structure.sections.length;
  const sections = parts < 2 ? 'One even stretch' : `${parts} stretches that differ`;
  if (loudness.durationSeconds <= 30) return `${sections}.`;
  return `${sections}; the loudest half minute begins at ${clock(structure.loudest.startSeconds)}.`;
}

const regionNames = ['Lows', 'Low mids', 'Mids', 'Presence', 'Top'] as const;
const regionsFromHz = [0, 120, 500, 2000, 6000];

export function regionName({ fromHz }: { fromHz: number }): string {
  return regionNames[regionsFromHz.indexOf(fromHz)] ?? `from ${textOf(hertz(fromHz))}`;
}

export function widthWord({ sideToMidDb }: { sideToMidDb: number | null }): string {
  if (sideToMidDb === null || sideToMidDb < -40) return 'mono';
  if (sideToMidDb > 0) return 'sides above centre';
  if (sideToMidDb > -6) return 'very wide';
  return sideToMidDb > -15 ? 'wide' : 'narrow';
}
