import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Analysis, Course, MasterReport } from '@lathe/contracts';
import { deliverablesOf, deliveredRateHz } from '@lathe/contracts/tables';
import {
  analyse,
  ENGINE_VERSION,
  type LoudnessSolution,
  type LoudnessSpec,
  type OnProgress,
  solveLoudness,
} from '@lathe/engine';
import { excerptOf } from './excerpt.ts';
import { finishAll, type Made } from './finishing.ts';
import { createJobPool, createJobQueue } from './job-pool.ts';
import { namesOf } from './names.ts';
import { type Item, type Piece, piecesOf } from './pieces.ts';
import { planFor } from './plan.ts';
import { finishPreview, type Heard, isWorthPreviewing, renderPreview } from './preview.ts';
import { createTeller, type Tell } from './progress.ts';
import { proveAll, type Workshop } from './proving.ts';
import { sectionsOf } from './sections.ts';
import { openSource, sha256Of, type Workplace, withFile } from './source.ts';
import { type Spools, spoolTone } from './spools.ts';
import type { Progress, Task } from './task.ts';

type MasterTask = Extract<Task, { kind: 'master' }>;

/**
 * The story of an order: hear, decide, render the tone once to a spool for each rate, find the loudness of all targets
 * together, cut, encode, decode again, prove, deliver. Leaves the finished files in the output folder, and nothing else.
 */
export async function master(
  task: MasterTask,
  onProgress: (progress: Progress) => void,
  place: Workplace,
): Promise<MasterReport> {
  const tell = createTeller(onProgress);
  const { folder } = place;
  // Refuses what is no audio before a byte of it is hashed.
  const toned = await withFile(await openSource(task.sourcePath, place), async (open) => {
    const sourceSha256 = await sha256Of(task.sourcePath);
    const before = task.analysis ?? (await analyse(open(), tell('analysing')));
    const { plan, toneRegion } = await planFor(before, task, place);
    const files = filesOf(task, before.loudness.sampleRateHz);
    const ratesHz = [...new Set(files.map(({ rateHz }) => rateHz))];
    if (task.preview && isWorthPreviewing(before))
      await preview({ stream: open(), folder, analysis: before, plan }, task, place);
    const spools = await spoolTone({ stream: open(), folder, plan }, ratesHz, tell('tone'));
    return { files, spools, told: { sourceSha256, before, plan, toneRegion } };
  });
  return makeAll(task, toned, folder, tell).finally(toned.spools.close);
}

/** Tells how it will sound before the work on the whole begins, where somebody listens. */
async function preview(heard: Heard, { order }: MasterTask, { onPreview }: Workplace): Promise<void> {
  const rendered = onPreview ? await renderPreview(heard, order) : null;
  if (rendered) onPreview?.(await finishPreview(rendered, 'flac16'));
}

type Toned = {
  files: File[];
  spools: Spools;
  told: Pick<MasterReport, 'sourceSha256' | 'before' | 'plan' | 'toneRegion'>;
};

async function makeAll(
  task: MasterTask,
  { files, spools, told }: Toned,
  folder: string,
  tell: Tell,
): Promise<MasterReport> {
  const pieces = piecesOf(await solveAll(files, spools, tell), task.order.proofs);
  // On one processor threads would only load everything once more.
  const isAlone = availableParallelism() === 1;
  const pool = isAlone || isQuick(pieces, told.before) ? createJobQueue() : createJobPool();
  const streamFolder = mkdtempSync(join(task.outputFolder, '.streams-'));
  try {
    const solve = (rateHz: number, specs: readonly LoudnessSpec[]) => solveAt(spools, rateHz, specs);
    const shop = { folder, streamFolder, spools, pool, solve, tell, ...finishOf(task, told.sourceSha256) };
    const sections = await sectionsOf(spools, pieces);
    const excerpt = sections && (await excerptOf(spools, sections, folder));
    const made = await proveAll(shop, pieces, excerpt, (proven) => finishAll(shop, proven));
    tell('verifying')(1);
    const { title = task.title ?? task.name, artists } = task.order.metadata;
    const about = { title, ...(artists && { artists }) };
    return { ...about, engineVersion: ENGINE_VERSION, ...told, ...inOrder(files, made) };
  } finally {
    await pool.close();
    rmSync(streamFolder, { recursive: true, force: true });
  }
}

type File = Omit<Item, 'solution'>;

function filesOf(task: MasterTask, sourceRateHz: number): File[] {
  const deliverables = deliverablesOf(task.order);
  const names = namesOf(task.name, deliverables);
  return deliverables.map((deliverable, i) => ({
    deliverable,
    rateHz: deliveredRateHz(deliverable, sourceRateHz),
    path: join(task.outputFolder, names[i] ?? ''),
  }));
}

/** Rate by rate. */
async function solveAll(files: readonly File[], spools: Spools, tell: Tell): Promise<Item[]> {
  const items: Item[] = [];
  const { ratesHz } = spools;
  for (const [k, rateHz] of ratesHz.entries()) {
    const wanted = files.filter((file) => file.rateHz === rateHz);
    const specs = wanted.map(({ deliverable }) => deliverable);
    const onProgress = tell('solving', k, ratesHz.length);
    const solutions = await solveAt(spools, rateHz, specs, onProgress);
    items.push(...wanted.flatMap((file, i) => (solutions[i] ? [{ ...file, solution: solutions[i] }] : [])));
  }
  return items;
}

const solveAt = (
  spools: Spools,
  rateHz: number,
  specs: readonly LoudnessSpec[],
  onProgress?: OnProgress,
): Promise<LoudnessSolution[]> =>
  spools.with(rateHz, ({ outline, open }) => solveLoudness(outline, open, specs, onProgress));

function finishOf({ order, coverPath }: MasterTask, sourceSha256: string): Pick<Workshop, 'finish' | 'tags'> {
  const { dither, metadata } = order;
  const seed = Number.parseInt(sourceSha256.slice(0, 8), 16);
  return { finish: { dither, seed }, tags: { metadata, ...(coverPath !== undefined && { coverPath }) } };
}

const isQuick = (pieces: readonly Piece[], { loudness }: Analysis): boolean =>
  loudness.durationSeconds < 30 && pieces.every(({ encodings }) => encodings.length === 0);

/** As the order has them; files of the same bytes share a course. */
function inOrder(files: readonly File[], made: readonly Made[]): Pick<MasterReport, 'renditions' | 'courses'> {
  const sorted = files.flatMap(({ path }) => made.filter(({ item }) => item.path === path));
  const courses = new Map<string, Course>(sorted.map(({ course }) => [course.sha256, course]));
  return { renditions: sorted.map(({ rendition }) => rendition), courses: [...courses.values()] };
}
