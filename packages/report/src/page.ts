import type { Advice, MasterReport } from '@lathe/contracts';
import type { Chart } from './chart.ts';
import { clock, fixed, hertz } from './figures.ts';
import { type MasterView, masterView, type Table } from './master-view.ts';
import { type Move, movesOf } from './moves.ts';
import { scaleOf, songChart } from './time-charts.ts';
import { toneChart } from './tone-chart.ts';
import { formatName, headlineOf, targetName, type Verdict, verdictOf } from './words.ts';

/** All that a report says, in order, as text and drawings; nothing is left but to set it. */
export type Page = {
  title: string;
  /** None where nobody is named. */
  artists: string;
  facts: string[];
  headline: Verdict & { sentence: string };
  summary: string;
  song: Chart | null;
  overview: Table;
  tone: Chart | null;
  toneTable: Table;
  heard: Advice[];
  moves: Move[];
  masters: MasterView[];
  provenance: { name: string; value: string }[];
  method: string;
};

const longestTitle = 200;

export function pageOf(given: MasterReport): Page {
  const report = withPlainTexts(given);
  const { before, plan, renditions, courses = [] } = report;
  const scale = scaleOf(report);
  const isHeard = before.loudness.integratedLufs !== null;
  return {
    title: titleOf(report),
    artists: shortened((report.artists ?? []).join(', ')),
    facts: factsOf(report),
    headline: headlineOf(report),
    summary: plan.summary,
    song:
      courses.some(({ loudness }) => loudness.shortTerm.lufs.length > 1) && isHeard ? songChart(report, scale) : null,
    overview: overviewOf(report),
    tone: toneChart(report),
    toneTable: toneTableOf(report),
    heard: before.advice,
    moves: movesOf(report),
    masters: renditions.map((rendition) => masterView(report, scale, rendition)),
    provenance: [
      { name: 'Mix, SHA-256', value: report.sourceSha256 },
      { name: 'Engine', value: `Lathe ${report.engineVersion}` },
    ],
    method:
      'Loudness and true peak by ITU-R BS.1770-5; momentary and short-term loudness and loudness range by EBU Tech 3341 and 3342; third-octave bands by IEC 61260-1. Figures of the masters were read from the delivered files, after they were written; gain reduction was measured while they were made. The same mix and the same order give the same report.',
  };
}

/** Control characters would break a page, and some reverse the text around them. */
function withPlainTexts<T>(value: T): T {
  if (typeof value === 'string') return plain(value) as T;
  if (Array.isArray(value)) return value.map(withPlainTexts) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withPlainTexts(part)])) as T;
}

const plain = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();

function titleOf({ title = '', renditions }: MasterReport): string {
  return shortened(title || renditions[0]?.filename || 'Untitled');
}

function shortened(text: string): string {
  const letters = [...text];
  return letters.length > longestTitle ? `${letters.slice(0, longestTitle).join('')}…` : text;
}

const factsOf = ({ before: { loudness } }: MasterReport): string[] => [
  clock(loudness.durationSeconds),
  hertz(loudness.sampleRateHz),
  loudness.channels === 1 ? 'mono' : 'stereo',
];

/** The mix, and below it each master: before and after. */
function overviewOf({ before: { loudness }, renditions }: MasterReport): Table {
  return {
    caption: 'Before and after',
    head: ['', 'Loudness', 'Target', 'True peak', 'Ceiling', 'Range', 'Loudest 3 s', 'Limited', 'Verdict'],
    units: ['', 'LUFS', 'LUFS', 'dBTP', 'dBTP', 'LU', 'LUFS', 'dB', ''],
    rows: [
      {
        cells: [
          'Mix',
          fixed(loudness.integratedLufs),
          '',
          fixed(loudness.truePeakDbtp, 2),
          '',
          fixed(loudness.loudnessRangeLu),
          fixed(loudness.maxShortTermLufs),
          '',
          '',
        ],
      },
      ...renditions.map((rendition) => {
        const { measured, targetLufs, ceilingDbtp, limiter } = rendition;
        const verdict = verdictOf(rendition);
        const cells = [
          targetName(rendition),
          fixed(measured.integratedLufs),
          fixed(targetLufs),
          fixed(measured.truePeakDbtp, 2),
          fixed(ceilingDbtp, 2),
          fixed(measured.loudnessRangeLu),
          fixed(measured.maxShortTermLufs),
          fixed(limiter.maxReductionDb),
          verdict.text,
        ];
        return { cells, tone: verdict.tone, note: formatName(rendition) };
      }),
    ],
  };
}

/** The numbers behind the chart of tone. */
function toneTableOf({ before, courses = [], toneRegion }: MasterReport): Table {
  const tone = courses[0]?.tone ?? [];
  return {
    caption: 'Third-octave levels relative to the sum of all bands, dB',
    head: ['Band', 'Mix', 'First master', 'Region from', 'to'],
    units: [],
    rows: before.tone.bands.map(({ centreHz, levelDb }) => {
      const after = tone.find((band) => band.centreHz === centreHz);
      const region = toneRegion?.bands.find((band) => band.centreHz === centreHz);
      const cells = [levelDb, after?.levelDb, region?.lowDb, region?.highDb].map((db) =>
        db === undefined ? '' : fixed(db),
      );
      return { cells: [hertz(centreHz), ...cells] };
    }),
  };
}

export const reportTitle = ({ title }: Page): string => `${title} — mastering report`;
