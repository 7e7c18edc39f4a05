/**
 * The un-mastering benchmark: finished music is damaged in a known way, mastered blind, and held against the original.
 *   npm run bench:repair [-- --excerpts N --seconds S --music FOLDER --only NAME[;NAME…] --moves --json]
 * Prints, per damage, the distance to the original before and after and how much of it is undone; the same per axis; which
 * axes got worse; and what happens to music that was not damaged at all.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createFloatWav, openWav } from '../../packages/codec/src/index.ts';
import { masterOrderSchema } from '../../packages/contracts/src/index.ts';
import { BLOCK_FRAMES, createBlock, type StereoBlock } from '../../packages/engine/src/audio.ts';
import { gainFromDb } from '../../packages/engine/src/units.ts';
import type { TaskResult } from '../../packages/mastering/src/index.ts';
import { performTask } from '../../packages/mastering/src/perform.ts';
import { type Excerpt, SAMPLE_RATE_HZ, withExcerpts } from './music.ts';
import { maskOf, noiseToMaskDb } from './noise-to-mask.ts';
import { type Damage, type Damaged, damage, damages } from './repair/damage.ts';
import { type Axis, axes, type Distances, distanceOf, Judge } from './repair/score.ts';
import { gather, loudnessOf, scaled, truePeakDbtpOf } from './signal.ts';

const { values } = parseArgs({
  options: {
    excerpts: { type: 'string', default: '12' },
    seconds: { type: 'string', default: '24' },
    music: { type: 'string' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    moves: { type: 'boolean', default: false },
  },
});

type Row = { damage: string; excerpt: string; before: Distances; after: Distances; moves: string };

const scratch = mkdtempSync(join(tmpdir(), 'lathe-repair-'));
const CEILING_DBTP = -1;

const write = async (path: string, { left, right }: StereoBlock): Promise<void> => {
  const file = createFloatWav(path, SAMPLE_RATE_HZ);
  for (let at = 0; at < left.length; at += BLOCK_FRAMES) {
    const part = { left: left.slice(at, at + BLOCK_FRAMES), right: right.slice(at, at + BLOCK_FRAMES) };
    await file.write(part, part.left.length);
  }
  file.close();
};

const read = async (path: string): Promise<StereoBlock> => {
  const file = openWav(path);
  const stream = file.openStream();
  const { whole, hear } = gather(stream.frames);
  const block = createBlock();
  for (let frames = await stream.read(block); frames > 0; frames = await stream.read(block)) hear(block, frames);
  file.close();
  return whole;
};

type Mastered = { audio: StereoBlock; report: TaskResult<{ kind: 'master' } & Parameters<typeof performTask>[0]> };

/** The master of a piece, at a loudness that gain alone could reach. */
const master = async (audio: StereoBlock, targetLufs: number): Promise<Mastered> => {
  const sourcePath = join(scratch, 'mix.wav');
  await write(sourcePath, audio);
  const order = masterOrderSchema.parse({ targets: [{ targetLufs, ceilingDbtp: CEILING_DBTP }], formats: ['wav32f'] });
  const report = await performTask({ kind: 'master', sourcePath, order, outputFolder: scratch, name: 'mix' }, () => {});
  const [rendition] = report.renditions;
  return { audio: await read(join(scratch, rendition?.filename ?? '')), report };
};

/** What music is mastered to: no louder than gain alone makes it. */
const targetOf = (music: StereoBlock): number =>
  Math.min(-14, Math.floor(CEILING_DBTP - 1.5 - truePeakDbtpOf(music) + loudnessOf(music)));

/** How many frames of the mix the master leaves out at its start. */
const headFrames = ({ plan }: Mastered['report']): number => {
  const trim = plan.stages.find(({ stage }) => stage === 'trim');
  return trim?.stage === 'trim' && !trim.bypassed ? Math.round(trim.headSeconds * SAMPLE_RATE_HZ) : 0;
};

/** Cuts what was heard so that its frame 0 is the original's; fills up with silence where it starts later. */
const aligned = ({ left, right }: StereoBlock, leadFrames: number, frames: number): StereoBlock => {
  const shift = (plane: Float64Array): Float64Array => {
    const out = new Float64Array(frames);
    out.set(
      plane.subarray(Math.max(0, leadFrames), Math.max(0, leadFrames) + frames + Math.min(0, leadFrames)),
      Math.max(0, -leadFrames),
    );
    return out;
  };
  return { left: shift(left), right: shift(right) };
};

const score = async (original: StereoBlock, judge: Judge, one: Damage, seed: number): Promise<Omit<Row, 'excerpt'>> => {
  const damaged = damage(original, one, seed);
  const frames = original.left.length;
  const { audio, report } = await master(damaged.audio, targetOf(original));
  const before = judge.distances(pieceOf(damaged.audio, damaged.leadFrames, frames), known(damaged));
  const after = judge.distances(pieceOf(audio, damaged.leadFrames - headFrames(report), frames), known(damaged));
  return { damage: one.name, before, after, moves: report.plan.summary };
};

const known = ({ clicks, clipLevel }: Damaged) => ({ clicks, isClipped: clipLevel !== null });

const pieceOf = (audio: StereoBlock, leadFrames: number, frames: number) => ({
  audio: aligned(audio, leadFrames, frames),
  extraSeconds: Math.max(0, (audio.left.length - frames) / SAMPLE_RATE_HZ - USUAL_SILENCE_SECONDS),
});
/** A breath of silence around the music is no fault. */
const USUAL_SILENCE_SECONDS = 1.2;

const mean = (numbers: readonly number[]): number =>
  numbers.reduce((sum, v) => sum + v, 0) / Math.max(1, numbers.length);
const percent = (before: number, after: number): string =>
  before < 0.05 ? '   –' : `${Math.round(100 * (1 - after / before))} %`.padStart(5);
const cell = (value: number): string => value.toFixed(2).padStart(7);

const printRows = (
  title: string,
  rows: readonly [name: string, before: number, after: number, worse: number][],
): void => {
  console.log(`\n${title.padEnd(26)} before   after  undone  made worse`);
  for (const [name, before, after, worse] of rows) {
    console.log(`${name.padEnd(26)}${cell(before)} ${cell(after)}  ${percent(before, after)}  ${worse || ''}`);
  }
};

/** Axes of a sample that the master left more than one step further away than it found them. */
const worsened = ({ before, after }: Row): Axis[] => axes.filter((axis) => after[axis] - before[axis] > 1);

const summaryOf = (rows: readonly Row[]): [number, number, number] => [
  mean(rows.map((row) => distanceOf(row.before))),
  mean(rows.map((row) => distanceOf(row.after))),
  rows.reduce((sum, row) => sum + worsened(row).length, 0),
];

const lineOf = (row: Row): string => {
  const [before, after] = [row.before, row.after].map((distances) => distanceOf(distances).toFixed(1));
  return `${row.excerpt}: ${row.damage}: ${before} → ${after}: ${row.moves} ${worsened(row)}`;
};

const printTables = (rows: readonly Row[]): void => {
  const names = [...new Set(rows.map((row) => row.damage))];
  printRows('damage', [
    ...names.map((name): [string, number, number, number] => [
      name,
      ...summaryOf(rows.filter((row) => row.damage === name)),
    ]),
    ['all', ...summaryOf(rows)],
  ]);
  const perAxis = axes.map((axis): [string, number, number, number] => [
    axis,
    mean(rows.map((row) => row.before[axis])),
    mean(rows.map((row) => row.after[axis])),
    rows.filter((row) => worsened(row).includes(axis)).length,
  ]);
  printRows('axis', perAxis);
};

/** Noise-to-mask ratio of what is left when the original is taken from a master of the same level. */
const differenceOf = (original: StereoBlock, master: StereoBlock): number => {
  const pairs = [
    [original.left, master.left],
    [original.right, master.right],
  ];
  const sum = (of: (a: number, b: number) => number): number =>
    pairs.reduce((all, [a, b]) => all + a.reduce((each, value, i) => each + of(value, b[i]), 0), 0);
  const gain =
    sum((a, b) => a * b) /
    Math.max(
      Number.MIN_VALUE,
      sum((_, b) => b * b),
    );
  const masks = pairs.map(([a]) => maskOf(a, SAMPLE_RATE_HZ));
  return noiseToMaskDb(
    masks,
    pairs.map(([a, b]) => a.map((value, i) => value - gain * b[i])),
  );
};

/** What mastering does to finished music that needs nothing. */
const leaveAlone = async ({ name, audio }: Excerpt, judge: Judge) => {
  const { audio: out, report } = await master(audio, targetOf(audio));
  const piece = pieceOf(out, -headFrames(report), audio.left.length);
  const moved = judge.distances(piece, { clicks: [], isClipped: false });
  return { excerpt: name, moved, noiseToMaskDb: differenceOf(audio, piece.audio), moves: report.plan.summary };
};

const run = async (excerpts: readonly Excerpt[]): Promise<void> => {
  const only = values.only?.split(';');
  const rows: Row[] = [];
  const untouched: Awaited<ReturnType<typeof leaveAlone>>[] = [];
  for (const [i, excerpt] of excerpts.entries()) {
    const original = scaled(excerpt.audio, gainFromDb(-1 - truePeakDbtpOf(excerpt.audio)));
    const judge = new Judge(original);
    untouched.push(await leaveAlone({ ...excerpt, audio: original }, judge));
    for (const [k, one] of damages.entries()) {
      if (only && !only.includes(one.name)) continue;
      const row = { excerpt: excerpt.name, ...(await score(original, judge, one, 1000 * i + k)) };
      rows.push(row);
      if (values.moves) console.error(lineOf(row));
    }
    console.error(`${i + 1} of ${excerpts.length}: ${excerpt.name}`);
  }
  if (values.json) return void console.log(JSON.stringify({ rows, untouched }, null, 2));
  printTables(rows);
  console.log('\nundamaged: the axis that moved most, in steps, and noise to mask in dB');
  for (const { excerpt, moved, noiseToMaskDb: ratioDb, moves } of untouched) {
    const worst = axes.reduce((a, b) => (moved[b] > moved[a] ? b : a));
    console.log(
      `${excerpt.slice(0, 40).padEnd(42)}${worst.padEnd(9)}${cell(moved[worst])} ${ratioDb.toFixed(1).padStart(7)}  ${moves}`,
    );
  }
};

try {
  const choice = { folder: values.music, count: Number(values.excerpts), seconds: Number(values.seconds) };
  await withExcerpts(choice, run);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
