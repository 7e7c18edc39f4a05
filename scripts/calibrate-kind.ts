/**
 * How the weights of packages/engine/src/analyse/kind.ts were found: logistic regression on free music of known kinds.
 *
 *   node scripts/calibrate-kind.ts listen FOLDER > analyses.jsonl    FOLDER/PACKAGE/*.ogg, 40 s from each song, by ffmpeg
 *   node scripts/calibrate-kind.ts fit analyses.jsonl                weights, and how well each package is told when left out
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KIND_SCALES, kindFigures, kindTerm } from '../packages/engine/src/analyse/kind.ts';
import { type Analysis, analyse } from '../packages/engine/src/index.ts';
import { decode, filesIn, lengthOf, streamOf } from './bench/music.ts';

/** Debian packages by what their music is: 1 orchestral, folk and acoustic; 0 rock, electronic and produced. */
const kinds: Record<string, 0 | 1> = {
  'wesnoth-1.16-music': 1,
  'widelands-data': 1,
  'unknown-horizons': 1,
  'lordsawar-data': 1,
  'megaglest-data': 1,
  'freeorion-data': 1,
  'supertuxkart-data': 0,
  'extremetuxracer-data': 0,
  'fretsonfire-songs-muldjord': 0,
  'fretsonfire-songs-sectoid': 0,
  'freedroidrpg-data': 0,
  'hedgewars-data': 0,
  'singularity-music': 0,
  'warzone2100-music': 0,
  'asc-music': 0,
};

const EXCERPT_SECONDS = 40;
const ROUNDS = 4000;
const STEP = 0.5;
/** Pulls the weights towards zero, so that alike figures share what they know. */
const RIDGE = 0.02;

type Song = { path: string } & Pick<Analysis, 'loudness' | 'tone' | 'dynamics' | 'texture'>;
type Example = { path: string; group: string; kind: 0 | 1; terms: number[] };
type Model = { bias: number; weights: number[] };

const features = Object.keys(KIND_SCALES);

async function listen(folder: string): Promise<void> {
  for (const path of filesIn(folder)) {
    const file = join(folder, path);
    const seconds = lengthOf(file);
    if (!(seconds > EXCERPT_SECONDS)) continue;
    const audio = decode(file, 0.4 * (seconds - EXCERPT_SECONDS), EXCERPT_SECONDS);
    const { loudness, tone, dynamics, texture } = await analyse(streamOf(audio));
    console.log(JSON.stringify({ path, loudness, tone, dynamics, texture }));
  }
}

const logistic = (logit: number): number => 1 / (1 + Math.exp(-logit));
const acousticOf = ({ bias, weights }: Model, { terms }: Example): number =>
  logistic(terms.reduce((sum, term, k) => sum + (weights[k] ?? 0) * term, bias));

/** Every package weighs alike within its kind, and both kinds weigh alike. */
function weightsOf(examples: Example[]): number[] {
  return examples.map(({ group, kind }) => {
    const groups = new Set(examples.filter((other) => other.kind === kind).map((other) => other.group));
    return 0.5 / groups.size / examples.filter((other) => other.group === group).length;
  });
}

function train(examples: Example[]): Model {
  const shares = weightsOf(examples);
  const model: Model = { bias: 0, weights: features.map(() => 0) };
  for (let round = 0; round < ROUNDS; round++) {
    const errors = examples.map((example, n) => (shares[n] ?? 0) * (example.kind - acousticOf(model, example)));
    model.bias += STEP * errors.reduce((sum, error) => sum + error, 0);
    model.weights = model.weights.map((weight, k) => {
      const pull = errors.reduce((sum, error, n) => sum + error * (examples[n]?.terms[k] ?? 0), 0);
      return weight + STEP * (pull - RIDGE * weight);
    });
  }
  return model;
}

/** Chance that an acoustic song is told above a produced one. */
function parting(told: { kind: 0 | 1; acoustic: number }[]): number {
  const of = (kind: 0 | 1) => told.filter((song) => song.kind === kind).map(({ acoustic }) => acoustic);
  const wins = of(1).flatMap((a) => of(0).map((b) => (a > b ? 1 : a === b ? 0.5 : 0)));
  return wins.reduce<number>((sum, win) => sum + win, 0) / wins.length;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

function report(examples: Example[]): void {
  const { bias, weights } = train(examples);
  console.log(`bias ${bias.toFixed(2)}`, Object.fromEntries(features.map((name, k) => [name, weights[k]?.toFixed(2)])));
  const told = [...new Set(examples.map(({ group }) => group))].flatMap((group) => {
    const without = train(examples.filter((example) => example.group !== group));
    const left = examples
      .filter((example) => example.group === group)
      .map((example) => ({ kind: example.kind, acoustic: acousticOf(without, example) }));
    const right = left.filter(({ kind, acoustic }) => (acoustic > 0.5 ? 1 : 0) === kind).length;
    const middle = median(left.map(({ acoustic }) => acoustic)).toFixed(2);
    console.log(`${group.padEnd(28)} kind ${left[0]?.kind}  median ${middle}  right ${right} of ${left.length}`);
    return left;
  });
  const right = told.filter(({ kind, acoustic }) => (acoustic > 0.5 ? 1 : 0) === kind).length;
  console.log(
    `left out by package: ${right} of ${told.length} right, area under the curve ${parting(told).toFixed(3)}`,
  );
}

const [mode = '', path = ''] = process.argv.slice(2);
if (mode === 'listen') await listen(path);
else if (mode === 'fit') {
  const songs = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Song);
  const examples = songs.flatMap((song): Example[] => {
    const group = song.path.split('/').find((part) => part in kinds) ?? '';
    const kind = kinds[group];
    const figures = kindFigures(song);
    return kind === undefined
      ? []
      : [{ path: song.path, group, kind, terms: features.map((name) => kindTerm(name, figures[name] ?? 0)) }];
  });
  report(examples);
} else console.log('node scripts/calibrate-kind.ts listen FOLDER | fit FILE');
