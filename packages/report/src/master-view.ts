import { lossyEncodingName, type MasterReport, platforms, type RenditionReport } from '@lathe/contracts';
import type { Chart } from './chart.ts';
import { bytes, fixed, hertz, quantity, signed } from './figures.ts';
import { masterChart, reductionChart, type Scale } from './time-charts.ts';
import { checkName, formatName, type Tone, targetName, type Verdict, verdictOf } from './words.ts';

/** The first cell of a row names it. */
export type Table = {
  caption: string;
  head: string[];
  /** Below the heads; none for a table whose cells carry their own. */
  units: string[];
  rows: { cells: string[]; tone?: Tone; note?: string }[];
};

/** One finished file: what it is, what was promised, and what proves it. */
export type MasterView = {
  name: string;
  verdict: Verdict;
  loudness: string;
  facts: string[];
  notReached: string | null;
  checks: { name: string; passed: boolean; sentence: string }[];
  loudnessChart: Chart | null;
  reductionChart: Chart | null;
  /** Said in place of a drawing where nothing was limited. */
  limiting: string;
  playback: Table | null;
  /** Each encoding, try by try. */
  codecs: Table | null;
  filename: string;
  sha256: string;
};

export function masterView(report: MasterReport, scale: Scale, rendition: RenditionReport): MasterView {
  const { measured, checks, notReached, filename, sha256 } = rendition;
  const course = report.courses?.find((each) => each.sha256 === sha256);
  const isHeard = course !== undefined && measured.integratedLufs !== null;
  const subject = isHeard ? { report, scale, rendition, course } : null;
  return {
    name: targetName(rendition),
    verdict: verdictOf(rendition),
    loudness: quantity(measured.integratedLufs, 'LUFS'),
    facts: factsOf(rendition),
    notReached: notReached?.sentence ?? null,
    checks: checks.map((check) => ({ name: checkName(check), passed: check.passed, sentence: check.sentence })),
    loudnessChart: subject && masterChart(subject),
    reductionChart: subject && reductionChart(subject),
    limiting: limitingOf(rendition),
    playback: playbackOf(rendition),
    codecs: codecsOf(rendition),
    filename,
    sha256,
  };
}

const factsOf = (rendition: RenditionReport): string[] => [
  formatName(rendition),
  hertz(rendition.measured.sampleRateHz),
  bytes(rendition.sizeBytes),
  ...(rendition.profile === null ? [] : [`profile ${rendition.profile.name}`]),
];

/** What the platforms will do to the file: those that play it, and in which other ways its own does. */
function playbackOf({ playback }: RenditionReport): Table | null {
  if (playback.length === 0) return null;
  return {
    caption: 'How platforms will play it',
    head: ['Platform', 'What happens', 'Heard at, LUFS'],
    units: [],
    rows: playback.map(({ platform, mode, outcome, gainDb, playedLufs }) => ({
      cells: [
        mode === 'normal' ? platforms[platform].name : `${platforms[platform].name}, ${mode}`,
        outcomeWords[outcome](quantity(Math.abs(gainDb), 'dB')),
        fixed(playedLufs),
      ],
    })),
  };
}

function codecsOf({ codecProofs }: RenditionReport): Table | null {
  if (codecProofs.length === 0) return null;
  return {
    caption:
      'True peaks after each codec, in dBTP: of the sections with the most peaks near the ceiling, and of the whole where it is delivered',
    head: ['Encoding', 'Tried on', 'Ceiling', 'True peak'],
    units: [],
    rows: codecProofs.flatMap(({ encoding, tries }) =>
      tries.map(({ part, ceilingDbtp, truePeakDbtp }) => ({
        cells: [lossyEncodingName(encoding), part, fixed(ceilingDbtp, 2), fixed(truePeakDbtp, 2)],
      })),
    ),
  };
}

const outcomeWords: Record<RenditionReport['playback'][number]['outcome'], (gain: string) => string> = {
  untouched: () => 'as it is',
  lowered: (gain) => `turned down ${gain}`,
  raised: (gain) => `turned up ${gain}`,
  limited: (gain) => `turned up ${gain}, limited`,
};

function limitingOf({ gainDb, limiter }: RenditionReport): string {
  const gain = `Gain ${signed(gainDb, 'dB')}`;
  if (limiter.maxReductionDb === 0) return `${gain}; the limiter had nothing to do.`;
  const [most, often, mean] = [limiter.maxReductionDb, limiter.p95ReductionDb, limiter.meanReductionDb];
  return `${gain}, then the limiter: ${quantity(most, 'dB')} at most, no more than ${quantity(often, 'dB')} for 95 % of the time, ${quantity(mean, 'dB')} on average.`;
}
