/**
 * What finished music is like, and how it varies: the numbers of packages/engine/src/decide/finished-music.ts.
 *
 *   node scripts/measure-tolerance.ts listen FOLDER > analyses.jsonl   30 s of every song below FOLDER, decoded by ffmpeg
 *   node scripts/measure-tolerance.ts write analyses.jsonl             writes the file anew
 *
 * Two excerpts of each longer song. Deviations beyond three robust standard deviations are drawn in to them before the
 * covariance is taken, so that a few odd pieces do not widen it; each band's own variance is raised by 0.5 dB².
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyse } from '../packages/engine/src/analyse/analyse.ts';
import type { Analysis } from '../packages/engine/src/analysis.ts';
import { decode, filesIn, lengthOf, streamOf } from './bench/music.ts';

const TARGET = join(import.meta.dirname, '../packages/engine/src/decide/finished-music.ts');
const EXCERPT_SECONDS = 30;
const LONG_SECONDS = 80;
const FROM_HZ = 50;
const TO_HZ = 12_500;
const LOWEST_DB = -60;
const FARTHEST = 3;
const FLOOR_DB2 = 0.5;

type Heard = Pick<Analysis, 'loudness' | 'tone' | 'stereo' | 'dynamics' | 'kind'>;

async function listen(folder: string): Promise<void> {
  for (const file of filesIn(folder)) {
    const path = join(folder, file);
    const seconds = lengthOf(path);
    if (seconds < EXCERPT_SECONDS) continue;
    for (const part of seconds > LONG_SECONDS ? [0.2, 0.6] : [0.3]) {
      const audio = decode(path, Math.min(part * seconds, seconds - EXCERPT_SECONDS), EXCERPT_SECONDS);
      const { loudness, tone, stereo, dynamics, kind } = await analyse(streamOf(audio));
      if (loudness.integratedLufs !== null) console.log(JSON.stringify({ loudness, tone, stereo, dynamics, kind }));
    }
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const percentile = (values: readonly number[], fraction: number): number =>
  sorted(values)[Math.round((values.length - 1) * fraction)];
const median = (values: readonly number[]): number => percentile(values, 0.5);
const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));

/** Levels of the bands less their mean, and the kind, −½ … ½. */
function balanceOf({ tone, kind }: Heard): { levels: number[]; kind: number } {
  const all = tone.bands
    .filter(({ centreHz }) => centreHz >= FROM_HZ && centreHz <= TO_HZ)
    .map(({ levelDb }) => Math.max(levelDb, LOWEST_DB));
  const middle = mean(all);
  return { levels: all.map((db) => db - middle), kind: kind.acoustic - 0.5 };
}

function write(path: string): void {
  const heard = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line): Heard => JSON.parse(line));
  const pieces = heard.map(balanceOf);
  const bands = heard[0].tone.bands.map(({ centreHz }) => centreHz).filter((hz) => hz >= FROM_HZ && hz <= TO_HZ);
  const kindMean = mean(pieces.map(({ kind }) => kind));
  const kindVariance = mean(pieces.map(({ kind }) => (kind - kindMean) ** 2));
  const lines = bands.map((_, k) => {
    const levelMean = mean(pieces.map(({ levels }) => levels[k]));
    const slope = mean(pieces.map(({ levels, kind }) => (levels[k] - levelMean) * (kind - kindMean))) / kindVariance;
    const rest = pieces.map(({ levels, kind }) => levels[k] - slope * kind);
    return { slope, level: median(rest) };
  });
  const deviations = pieces.map(({ levels, kind }) =>
    levels.map((db, k) => db - lines[k].level - lines[k].slope * kind),
  );
  const spreads = bands.map((_, k) => 1.4826 * median(deviations.map((row) => Math.abs(row[k]))));
  const held = deviations.map((row) =>
    row.map((db, k) => Math.max(-FARTHEST * spreads[k], Math.min(FARTHEST * spreads[k], db))),
  );
  const covariance = bands.map((_, i) =>
    bands.slice(0, i + 1).map((_, j) => rounded(mean(held.map((row) => row[i] * row[j])) + (i === j ? FLOOR_DB2 : 0))),
  );
  const figures = {
    plrDb: heard.map(({ dynamics }) => dynamics.plrDb).filter((db) => db !== null),
    loudnessRangeLu: heard.map(({ loudness }) => loudness.loudnessRangeLu),
    sideToMidDb: heard.map(({ stereo }) => stereo.sideToMidDb).filter((db) => db !== null),
    panningReachDb: heard.map(({ stereo }) => stereo.panningReachDb).filter((db) => db !== null),
  };
  const range = (values: number[]): string =>
    `{ ${[2, 5, 10, 50, 90, 95, 98].map((p) => `p${p}: ${rounded(percentile(values, p / 100), 1)}`).join(', ')} }`;
  writeFileSync(
    TARGET,
    `// What finished music is like: ${heard.length} excerpts of 30 s from the game soundtracks that Debian packages. Written by
// scripts/measure-tolerance.ts, which says how; not to be edited by hand.

/** Percentiles over all pieces. */
export const usualFigures = {
${Object.entries(figures)
  .map(([name, values]) => `  ${name}: ${range(values)},`)
  .join('\n')}
} as const;

/** Levels of third-octaves less their mean, in dB: \`level + slope · (acoustic − ½)\`, see analyse/kind.ts. */
// biome-ignore format: a table
export const usualBands = [
${bands.map((centreHz, k) => `  { centreHz: ${centreHz}, levelDb: ${rounded(lines[k].level)}, slopeDb: ${rounded(lines[k].slope)}, spreadDb: ${rounded(spreads[k])} },`).join('\n')}
] as const;

/** How pieces stray from that together, in dB²: the lower half of the covariance of the bands. */
// biome-ignore format: a table
export const usualCovariance: readonly (readonly number[])[] = [
${covariance.map((row) => `  [${row.join(', ')}],`).join('\n')}
];
`,
  );
}

const [command, path = ''] = process.argv.slice(2);
if (command === 'listen') await listen(path);
else if (command === 'write') write(path);
else throw new Error('listen FOLDER or write FILE');
