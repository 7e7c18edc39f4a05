import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Analysis, type Course, deliverablesOf, formatRateHz, type MasterReport } from '@lathe/contracts';
import { analyse, ENGINE_VERSION, type OnProgress, solveLoudness } from '@lathe/engine';
import type { Span } from './excerpt.ts';
import { finishAll, type Made } from './finishing.ts';
import { createJobPool, createJobQueue, type JobPool } from './job-pool.ts';
import { namesOf } from './names.ts';
import { type Item, type Piece, piecesOf } from './pieces.ts';
import { planFor } from './plan.ts';
import { createTeller, type Tell } from './progress.ts';
import { proveAll, type Workshop } from './proving.ts';
import { openSource, sha256Of, withFile } from './source.ts';
import { type Spools, spoolsIn, spoolTone } from './spools.ts';
import type { Progress, Task } from './task.ts';

type MasterTask = Extract<Task, { kind: 'master' }>;

const workshopName = '.workshop';

/**
 * The story of an order: hear, decide, render the tone once to a spool for each rate, find the loudness of all targets
 * together, cut, encode, decode again, prove, deliver. Leaves the finished files in the output folder, and nothing else.
 */
export async function master(task: MasterTask, onProgress: (progress: Progress) => void): Promise<MasterReport> {
  const tell = createTeller(onProgress);
  const { sourcePath } = task;
  const folder = join(task.outputFolder, workshopName);
  // Refuses what is no audio before a byte of it is hashed.
  openSource(sourcePath).close();
  const sourceSha256 = await sha256Of(sourcePath);
  const before = task.analysis ?? (await hear(sourcePath, tell));
  const { plan, toneRegion } = await planFor(before, task);
  const files = filesOf(task, before.loudness.sampleRateHz);
  const spools = spoolsIn(folder, [...new Set(files.map(({ rateHz }) => rateHz))]);
  let pool: JobPool | undefined;
  try {
    mkdirSync(folder);
    await spoolTone({ sourcePath, folder, plan }, spools.ratesHz, tell('tone'));
    const items = await solveAll(files, spools, tell);
    const pieces = piecesOf(items, task.order.proofs);
    pool = isQuick(pieces, before) ? createJobQueue() : createJobPool();
    const shop = { folder, spools, pool, tell, ...finishOf(task, sourceSha256) };
    const proven = await proveAll(shop, pieces, loudestOf(before));
    const made = await finishAll(shop, proven);
    tell('verifying')(1);
    const title = task.title ?? task.name;
    return { title, engineVersion: ENGINE_VERSION, sourceSha256, before, plan, toneRegion, ...inOrder(files, made) };
  } finally {
    await pool?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const hear = (path: string, tell: Tell): Promise<Analysis> =>
  withFile(openSource(path), (open) => analyse(open(), tell('analysing')));

type File = Omit<Item, 'solution'>;

function filesOf(task: MasterTask, sourceRateHz: number): File[] {
  const deliverables = deliverablesOf(task.order);
  const names = namesOf(task.name, deliverables);
  return deliverables.map((deliverable, i) => {
    const { format, sampleRateHz: asked } = deliverable;
    const rateHz = formatRateHz(format, asked === 'source' ? sourceRateHz : asked);
    return { deliverable, rateHz, path: join(task.outputFolder, names[i] ?? '') };
  });
}

/** Rate by rate. */
async function solveAll(files: readonly File[], { ratesHz, ...spools }: Spools, tell: Tell): Promise<Item[]> {
  const items: Item[] = [];
  for (const [k, rateHz] of ratesHz.entries()) {
    const wanted = files.filter((file) => file.rateHz === rateHz);
    const onProgress: OnProgress = tell('solving', k, ratesHz.length);
    const specs = wanted.map(({ deliverable }) => deliverable);
    const solutions = await spools.with(rateHz, (open) => solveLoudness(open, specs, onProgress));
    items.push(...wanted.flatMap((file, i) => (solutions[i] ? [{ ...file, solution: solutions[i] }] : [])));
  }
  return items;
}

function finishOf({ order, coverPath }: MasterTask, sourceSha256: string): Pick<Workshop, 'finish' | 'tags'> {
  const { dither, metadata, tags } = order;
  const seed = Number.parseInt(sourceSha256.slice(0, 8), 16);
  const told = tags === 'all' ? { metadata, ...(coverPath !== undefined && { coverPath }) } : null;
  return { finish: { dither, seed, tagged: told !== null }, tags: told };
}

const isQuick = (pieces: readonly Piece[], { loudness }: Analysis): boolean =>
  loudness.durationSeconds < 30 && pieces.every(({ encodings }) => encodings.length === 0);

/** Encoders are tried on so much. */
const excerptSeconds = 15;

/** The middle of the loudest half minute; `null` where the whole is hardly longer. */
function loudestOf({ structure, loudness }: Analysis): Span | null {
  if (loudness.durationSeconds < 3 * excerptSeconds) return null;
  const { startSeconds, endSeconds } = structure.loudest;
  return { startSeconds: (startSeconds + endSeconds - excerptSeconds) / 2, seconds: excerptSeconds };
}

/** As the order has them; files of the same bytes share a course. */
function inOrder(files: readonly File[], made: readonly Made[]): Pick<MasterReport, 'renditions' | 'courses'> {
  const sorted = files.flatMap(({ path }) => made.filter(({ item }) => item.path === path));
  const courses = new Map<string, Course>(sorted.map(({ course }) => [course.sha256, course]));
  return { renditions: sorted.map(({ rendition }) => rendition), courses: [...courses.values()] };
}
