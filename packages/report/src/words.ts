import { formats, type MasterReport, platforms, type RenditionReport, type Stage } from '@lathe/contracts';
import { fixed } from './figures.ts';

/** How a thing is to be taken: page and print give each its colour and its sign. */
export type Tone = 'good' | 'note' | 'bad';
export type Verdict = { tone: Tone; text: string };

const verdicts: Record<RenditionReport['verdict'], Verdict> = {
  pass: { tone: 'good', text: 'Proven' },
  corrected: { tone: 'good', text: 'Proven after a correction' },
  not_reached: { tone: 'note', text: 'Target not reached' },
  failed: { tone: 'bad', text: 'Failed its proof' },
  refused: { tone: 'bad', text: 'Breaks a rule of its profile' },
};

export const verdictOf = ({ verdict }: RenditionReport): Verdict => verdicts[verdict];

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

/** A stage that is not known here is called by the name the plan gives it. */
export function stageName({ stage }: Stage): string {
  const known: string | undefined = stageNames[stage];
  return known ?? String(stage);
}

export const formatName = ({ format }: RenditionReport): string => formats[format].name;

/** The platform's name, or the profile's; another target of one's own is called by its loudness. */
export function targetName({ target, targetLufs, profile }: RenditionReport): string {
  if (profile) return profile.name;
  return target === 'custom' ? `Own target, ${fixed(targetLufs)}\u00a0LUFS` : platforms[target].name;
}

const checkNames: Record<string, string> = {
  integrated_loudness: 'Loudness',
  true_peak: 'True peak',
  duration: 'Length',
  readable: 'Readable',
  bit_exact: 'Bit by bit',
  after_codec: 'After the codec',
  sample_rate: 'Sample rate',
  word_length: 'Word length',
  file_size: 'File size',
  min_duration: 'Shortest length',
  max_duration: 'Longest length',
  head_silence: 'Silence before',
  tail_silence: 'Silence after',
  metadata: 'Metadata',
};

/** A check that is not known here is called by the name it has. */
export const checkName = ({ name }: RenditionReport['checks'][number]): string =>
  checkNames[name] ?? String(name).replaceAll('_', ' ');

/** All renditions in one sentence. */
export function headlineOf({ renditions }: MasterReport): Verdict & { sentence: string } {
  const count = renditions.length;
  const failed = renditions.filter(({ verdict }) => verdict === 'failed' || verdict === 'refused').length;
  const short = renditions.filter(({ verdict }) => verdict === 'not_reached').length;
  const proven = count - failed - short;
  const of = (part: number): string => (count === 1 ? 'The master' : `${part} of ${count} masters`);
  if (failed > 0) {
    const sentence = `${of(failed)} did not pass every check: see below which, and why.`;
    return { tone: 'bad', text: count === 1 ? 'Not proven' : `${proven} of ${count} proven`, sentence };
  }
  if (renditions.every(({ notReached }) => notReached?.code === 'silent')) {
    return { tone: 'note', text: 'Silence', sentence: 'The mix is silent: there was nothing to master.' };
  }
  if (short > 0) {
    const sentence = `${of(short)} stopped short of its loudness, because the music would not have borne more.`;
    return { tone: 'note', text: count === 1 ? 'Target not reached' : `${proven} of ${count} proven`, sentence };
  }
  const sentence = 'Every figure was measured again on the finished files, and every promise was kept.';
  return { tone: 'good', text: count === 1 ? 'Proven' : `All ${count} proven`, sentence };
}
