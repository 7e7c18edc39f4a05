import type { MasterReport } from '@lathe/contracts';
import { across, besides, between, type Chart, footPoints, line, type Mark, type Point } from './chart.ts';
import { fixed, hertz } from './figures.ts';

type Band = { centreHz: number; levelDb: number };

const height = 190;
const gridDb = 6;
/** What lies further below the top is of no weight in the balance. */
const mostDb = 48;
const namedHz = [31.5, 63, 125, 250, 500, 1000, 2000, 4000, 8000, 16_000];
const labelledHz = new Set([63, 250, 1000, 4000, 16_000]);

const bandsOf = (report: MasterReport): Band[] =>
  report.before.tone.bands.map(({ centreHz, levelDb }) => ({ centreHz, levelDb }));

/**
 * The balance of third-octaves, before and after, before the region where finished music lies. Levels mean something only
 * relative to each other: each curve is shifted so that its mean over the bands of the region is the mix's. `null` for
 * silence, and for a report that has no region.
 */
export function toneChart(report: MasterReport): Chart | null {
  const before = bandsOf(report);
  const region = report.toneRegion?.bands ?? [];
  if (before.length < 2 || region.length < 2) return null;
  const shared = new Set(region.map(({ centreHz }) => centreHz));
  const meanOf = (bands: readonly Band[]): number => {
    const counted = bands.filter(({ centreHz }) => shared.has(centreHz));
    return counted.reduce((sum, { levelDb }) => sum + levelDb, 0) / Math.max(1, counted.length);
  };
  const topDb =
    Math.ceil((Math.max(...before.map((b) => b.levelDb), ...region.map((b) => b.highDb)) + 1) / gridDb) * gridDb;
  const lowest = Math.min(...region.map((b) => b.lowDb));
  const footDb = Math.max(topDb - mostDb, Math.floor((lowest - 1) / gridDb) * gridDb);
  const x = (hz: number): number => (Math.log(hz / 20) + step / 2) / (Math.log(1000) + step);
  const y = (db: number): number => height * Math.max(0, Math.min(1, (topDb - db) / (topDb - footDb)));
  const curve = (bands: readonly Band[]): Point[] => {
    const shiftDb = meanOf(before) - meanOf(bands);
    return bands.map(({ centreHz, levelDb }) => [x(centreHz), y(levelDb + shiftDb)]);
  };
  const masters = distinctTones(report);
  const edge = (side: 'highDb' | 'lowDb'): Point[] => region.map((band) => [x(band.centreHz), y(band[side])]);
  return {
    height: height + footPoints,
    sentence: sentenceOf(report),
    legend: [
      { role: 'mix', text: 'Mix' },
      { role: 'master', text: masters.length === 1 ? 'Master' : 'Each master' },
      { role: 'region', text: regionName(report) },
    ],
    marks: [
      between('region', edge('highDb'), edge('lowDb')),
      ...levelAxis(topDb, footDb),
      ...frequencyAxis(x),
      line('mix', curve(before)),
      ...masters.map((bands) => line('master', curve(bands))),
    ],
  };
}

/** Between the logarithms of two neighbours. */
const step = Math.log(10) / 10;

const distinctTones = ({ courses = [] }: MasterReport): Band[][] => courses.map(({ tone }) => tone);

const regionName = ({ toneRegion }: MasterReport): string =>
  toneRegion?.of === 'references' ? 'Your references, ± 1 dB' : 'Two of three finished pieces like it';

function sentenceOf(report: MasterReport): string {
  const region = report.toneRegion?.bands ?? [];
  const levels = new Map(bandsOf(report).map(({ centreHz, levelDb }) => [centreHz, levelDb]));
  const isOutside = ({ centreHz, lowDb, highDb }: (typeof region)[number]): boolean => {
    const level = levels.get(centreHz);
    return level !== undefined && (level < lowDb || level > highDb);
  };
  const outside = rangesOf(region.map((band) => (isOutside(band) ? band.centreHz : null)));
  const where =
    report.toneRegion?.of === 'references' ? 'the region of the references' : 'the region of finished music';
  const balance = 'Balance of third-octave bands, before and after.';
  if (outside.length === 0) return `${balance} The mix lies inside ${where} in every band.`;
  const bands = outside.join(', ');
  const weight =
    report.toneRegion?.of === 'references' ? '' : ' That alone is no fault: in each band, one piece in three does.';
  return `${balance} The mix leaves ${where} at ${bands}.${weight}`;
}

/** Neighbours are told together: from one to the other. */
function rangesOf(centresHz: readonly (number | null)[]): string[] {
  const ranges: [number, number][] = [];
  for (const [k, hz] of centresHz.entries()) {
    const last = ranges.at(-1);
    if (hz === null) continue;
    if (last && centresHz[k - 1] === last[1]) last[1] = hz;
    else ranges.push([hz, hz]);
  }
  return ranges.map(([from, to]) => (from === to ? hertz(from) : `${hertz(from)} to ${hertz(to)}`));
}

function levelAxis(topDb: number, footDb: number): Mark[] {
  const lines = (topDb - footDb) / gridDb;
  const rows = Array.from({ length: lines }, (_, k): Mark[] => {
    const y = ((k + 1) * height) / lines;
    const label = k % 2 === 0 ? [besides(fixed(topDb - (k + 1) * gridDb, 0), y)] : [];
    return [across(k === lines - 1 ? 'axis' : 'grid', y), ...label];
  });
  return [besides('dB', 4), ...rows.flat()];
}

function frequencyAxis(x: (hz: number) => number): Mark[] {
  return namedHz.flatMap((hz): Mark[] => [
    line('grid', [
      [x(hz), 0],
      [x(hz), height],
    ]),
    ...(labelledHz.has(hz)
      ? [{ kind: 'label', text: hertz(hz), at: [x(hz), height + 14], anchor: 'middle' } as const]
      : []),
  ]);
}
