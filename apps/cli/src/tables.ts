/** Answers for people: short tables, numbers with their units. */
import {
  type Analysis,
  type MasteringPlan,
  type MasterReport,
  type Measurement,
  platforms,
  type RenditionReport,
} from '@lathe/contracts';

type Rows = [label: string, value: string][];

/** Rows of cells, each column as wide as its widest. */
export function columns(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, k) => Math.max(...rows.map((row) => row[k]?.length ?? 0)));
  return rows.map((row) => `  ${row.map((cell, k) => cell.padEnd(widths[k] ?? 0)).join('  ')}`.trimEnd());
}

const table = (rows: Rows): string => rows.map(([label, value]) => `  ${label.padEnd(20)}${value}`).join('\n');

export const decibel = (value: number | null, unit: string, digits = 1): string =>
  value === null ? 'silence' : `${decimal(value, digits)} ${unit}`;

const decimal = (value: number, digits: number): string => value.toFixed(digits).replace('-', '−');

const time = (seconds: number): string => {
  if (seconds < 60) return `${seconds.toFixed(2)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`;
};

const measurementRows = (it: Measurement): Rows => [
  ['integrated loudness', decibel(it.integratedLufs, 'LUFS')],
  ['loudness range', decibel(it.loudnessRangeLu, 'LU')],
  ['max. momentary', decibel(it.maxMomentaryLufs, 'LUFS')],
  ['max. short-term', decibel(it.maxShortTermLufs, 'LUFS')],
  ['true peak', decibel(it.truePeakDbtp, 'dBTP', 2)],
  ['sample peak', decibel(it.samplePeakDbfs, 'dBFS', 2)],
  ['length', `${time(it.durationSeconds)}, ${it.sampleRateHz} Hz, ${it.channels === 1 ? 'mono' : 'stereo'}`],
];

export const measurementTable = (it: Measurement): string => table(measurementRows(it));

export function analysisTable(analysis: Analysis): string {
  const { loudness, stereo, dynamics, texture, advice } = analysis;
  const rows: Rows = [
    ...measurementRows(loudness),
    ['crest factor', decibel(dynamics.crestFactorDb, 'dB')],
    ['peak to loudness', decibel(dynamics.plrDb, 'dB')],
    ['correlation', `${decimal(stereo.correlation, 2)} (lows ${decimal(stereo.lowCorrelation, 2)})`],
    ['mono fold-down', `loses ${decibel(stereo.monoFoldDownLossDb, 'dB')}`],
    ['level spread', decibel(texture.levelDeviationDb, 'dB')],
    ['onsets', `${texture.onsetsPerSecond.toFixed(1)} a second, pulse ${texture.pulse.toFixed(2)}`],
    ['kind', `${analysis.kind.acoustic.toFixed(2)} (0 dense and produced, 1 sparse and acoustic)`],
    ['source', sourceText(analysis.source)],
    ['loudest 30 s', `from ${time(analysis.structure.loudest.startSeconds)}`],
    ...regionRows(analysis),
  ];
  return [
    table(rows),
    ...advice.map(({ severity, sentence }) => `  ${severity === 'warning' ? '!' : '·'} ${sentence}`),
  ].join('\n');
}

const sourceText = ({ cutoffHz, wordBits, file }: Analysis['source']): string => {
  const edge = cutoffHz === null ? 'no edge' : `ends at ${(cutoffHz / 1000).toFixed(1)} kHz`;
  const words = wordBits === null ? 'floating point' : `words of ${wordBits} bits`;
  return file ? `${file.format} (${file.codec}, ${file.bitRateKbps} kbit/s), ${edge}, ${words}` : `${edge}, ${words}`;
};

const regionRows = ({ stereo, dynamics }: Analysis): Rows =>
  stereo.regions.map(({ fromHz, toHz, correlation, sideToMidDb }, k) => [
    `${fromHz} … ${Math.round(toHz)} Hz`,
    `crest ${decibel(dynamics.regions[k]?.crestDb ?? null, 'dB')}, ${sideToMidDb === null ? 'mono' : `sides ${decibel(sideToMidDb, 'dB')}`}, correlation ${decimal(correlation, 2)}`,
  ]);

export function planLines({ summary, stages }: MasteringPlan): string {
  const moves = stages.flatMap((stage) =>
    stage.stage === 'equalise' && !stage.bypassed
      ? stage.bands.map(({ gainDb, frequencyHz, reason }) => `  · ${signed(gainDb)} at ${frequencyHz} Hz: ${reason}`)
      : [`  · ${stage.reason}`],
  );
  return [`  ${summary}`, ...moves].join('\n');
}

const signed = (gainDb: number): string => `${gainDb > 0 ? '+' : '−'}${Math.abs(gainDb).toFixed(1)} dB`;

type Delivered = RenditionReport & { path: string };

export function masterText({ before, plan, renditions }: MasterReport & { renditions: Delivered[] }): string {
  const mix = before.loudness;
  const head = `  mix        ${decibel(mix.integratedLufs, 'LUFS')}, ${decibel(mix.truePeakDbtp, 'dBTP', 2)}, ${time(mix.durationSeconds)}`;
  return [head, planLines(plan), '', ...renditions.map(renditionLines)].join('\n');
}

const marks: Record<RenditionReport['verdict'], string> = {
  ...{ pass: '✓', corrected: '✓', not_reached: '~', refused: '✗', failed: '✗' },
};

function renditionLines(rendition: Delivered): string {
  const { verdict, path, measured, limiter, notReached, playback, checks } = rendition;
  const loudness = `${decibel(measured.integratedLufs, 'LUFS')}, ${decibel(measured.truePeakDbtp, 'dBTP', 2)}`;
  const limiting = limiter.maxReductionDb > 0 ? `, limited by at most ${limiter.maxReductionDb.toFixed(1)} dB` : '';
  const broken = verdict === 'refused' ? checks.filter(({ passed }) => !passed) : [];
  return [
    `  ${marks[verdict]} ${path}`,
    `      measured ${loudness}${limiting}`,
    playbackLines(playback),
    ...(notReached ? [`      ${notReached.sentence}`] : []),
    ...broken.map(({ sentence }) => `      ${rendition.profile?.name ?? 'It'} would refuse it. ${sentence}`),
  ].join('\n');
}

/** How loud it is on each platform, and what was done to it there; four to a line. */
function playbackLines(playback: RenditionReport['playback']): string {
  const usual = playback.filter(({ mode }) => mode === 'normal');
  const words = usual.map(({ platform, playedLufs, outcome, gainDb }) => {
    const change = outcome === 'untouched' ? '' : ` (${signed(gainDb)})`;
    return `${platforms[platform].name} ${decibel(playedLufs, 'LUFS')}${change}`;
  });
  const perLine = 4;
  const lines = words.flatMap((_, i) => (i % perLine === 0 ? [words.slice(i, i + perLine).join(', ')] : []));
  return lines.map((line, i) => `${i === 0 ? '      played at ' : '                '}${line}`).join(',\n');
}
