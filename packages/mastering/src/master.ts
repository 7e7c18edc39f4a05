import { copyFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createFloatWav } from '@lathe/codec';
import {
  type Analysis,
  type Course,
  type Deliverable,
  deliverablesOf,
  type MasterReport,
  type RenditionReport,
} from '@lathe/contracts';
import {
  type AudioStream,
  analyse,
  ENGINE_VERSION,
  follow,
  type Limited,
  type LoudnessSolution,
  Resampler,
  renderTone,
  solveLoudness,
  type WriteBlock,
} from '@lathe/engine';
import { deliver } from './deliver.ts';
import { namesOf } from './names.ts';
import { planFor } from './plan.ts';
import { createTeller, type Tell } from './progress.ts';
import { openOwn, openSource, sha256Of, withFile } from './source.ts';
import type { Progress, Task } from './task.ts';
import { correct, type Proof, prove } from './verdict.ts';

type MasterTask = Extract<Task, { kind: 'master' }>;

const maxTries = 3;
const spoolName = '.spool.wav';

/**
 * The story of an order: hear, decide, render the tone once to a spool, find the loudness of all targets together, make
 * each file, read it again, prove it. Leaves the finished files in the output folder, and nothing else.
 */
export async function master(task: MasterTask, onProgress: (progress: Progress) => void): Promise<MasterReport> {
  const tell = createTeller(onProgress);
  const spoolPath = join(task.outputFolder, spoolName);
  try {
    // Refuses what is no audio before a byte of it is hashed.
    openSource(task.sourcePath).close();
    const sourceSha256 = await sha256Of(task.sourcePath);
    const before = task.analysis ?? (await hear(task.sourcePath, tell));
    const { plan, toneRegion } = await planFor(before, task);
    await spoolTone(task, spoolPath, plan, tell);
    const made = await withFile(openOwn(spoolPath), (open) => renderAll(task, open, sourceSha256, tell));
    const title = task.title ?? task.name;
    return { title, engineVersion: ENGINE_VERSION, sourceSha256, before, plan, toneRegion, ...made };
  } finally {
    rmSync(spoolPath, { force: true });
  }
}

const hear = (path: string, tell: Tell): Promise<Analysis> =>
  withFile(openSource(path), (open) => analyse(open(), tell('analysing')));

/**
 * The mix after everything but the loudness stage, as 32-bit float: no sample can clip there. It has the rate of the
 * delivery already, so that loudness and true peak are brought about on the samples that are delivered.
 */
async function spoolTone(task: MasterTask, spoolPath: string, plan: MasterReport['plan'], tell: Tell): Promise<void> {
  await withFile(openSource(task.sourcePath), async (open) => {
    const stream = open();
    const spool = createFloatWav(spoolPath, deliveredRateHz(task, stream));
    const { write, finish } = atRate(stream.sampleRateHz, deliveredRateHz(task, stream), spool.write);
    try {
      await renderTone(stream, plan, write, tell('tone'));
      await finish();
      spool.close();
    } finally {
      spool.abandon();
    }
  });
}

const deliveredRateHz = ({ order }: MasterTask, { sampleRateHz }: AudioStream): number =>
  order.sampleRateHz === 'source' ? sampleRateHz : order.sampleRateHz;

function atRate(fromHz: number, toHz: number, write: WriteBlock): { write: WriteBlock; finish(): Promise<void> } {
  if (fromHz === toHz) return { write, finish: async () => {} };
  const resampler = new Resampler({ fromHz, toHz }, write);
  return { write: resampler.write, finish: () => resampler.finish() };
}

/** A proof, the gain of the try it is for, what its limiter did, and how the file runs. */
type Proven = {
  proof: Proof & { gainDb: number; limiter: RenditionReport['limiter'] };
  course: Omit<Course, 'sha256'>;
};

/** One file to make; deliverables that ask for the same share it. */
type Item = {
  deliverable: Deliverable;
  solution: LoudnessSolution;
  path: string;
  dither: MasterTask['order']['dither'];
  seed: number;
};

async function renderAll(
  task: MasterTask,
  open: () => AudioStream,
  sourceSha256: string,
  tell: Tell,
): Promise<Pick<MasterReport, 'renditions' | 'courses'>> {
  const deliverables = deliverablesOf(task.order);
  const names = namesOf(task.name, deliverables);
  const solutions = await solveLoudness(open, deliverables, tell('solving'));
  const seed = Number.parseInt(sourceSha256.slice(0, 8), 16);
  const items = deliverables.flatMap((deliverable, i): Item[] => {
    const [solution, name] = [solutions[i], names[i]];
    if (!solution || !name) throw new Error('every deliverable has a solution and a name');
    return [{ deliverable, solution, path: join(task.outputFolder, name), dither: task.order.dither, seed }];
  });
  const distinct = items.filter((item) => twinOf(items, item) === item);
  const deliveries = distinct.map(({ solution, path, deliverable: { format }, dither }) => ({
    ...{ path, format, dither, seed },
    move: solution,
  }));
  const limited = await deliver(open(), deliveries, tell('rendering'));
  const proofs = new Map<Item, Proven>();
  for (const [i, item] of distinct.entries()) {
    proofs.set(item, await proveFile(item, limited[i], open, tell('verifying', i, distinct.length)));
  }
  const made = await Promise.all(items.map((item) => report(item, twinOf(items, item), proofs)));
  return { renditions: made.map(({ rendition }) => rendition), courses: coursesOf(made) };
}

/** One for all files of the same bytes. */
const coursesOf = (made: readonly { course: Course }[]): Course[] => [
  ...new Map(made.map(({ course }) => [course.sha256, course])).values(),
];

const twinOf = (items: readonly Item[], { deliverable: d }: Item): Item => {
  const twin = items.find(
    ({ deliverable: e }) => e.targetLufs === d.targetLufs && e.ceilingDbtp === d.ceilingDbtp && e.format === d.format,
  );
  if (!twin) throw new Error('an item is its own twin at least');
  return twin;
};

/** Reads the delivered bytes again, and makes the file once more where they break a promise. */
async function proveFile(
  item: Item,
  firstLimited: Limited | undefined,
  open: () => AudioStream,
  onProgress: (fraction: number) => void,
): Promise<Proven> {
  const { deliverable, solution, path, dither, seed } = item;
  const { frames, sampleRateHz } = open();
  let move = { gainDb: solution.gainDb, ceilingDbtp: solution.ceilingDbtp };
  let limited = firstLimited;
  for (let tries = 1; ; tries++) {
    const { measured, loudness, tone } = await withFile(openOwn(path), (read) => follow(read(), onProgress));
    const next = tries < maxTries ? correct(move, deliverable, measured, solution.notReached) : null;
    if (!limited) throw new Error('every file tells of its limiter');
    if (!next) {
      const durationSeconds = frames / sampleRateHz;
      const proof = prove({ deliverable, solution, measured, durationSeconds, tries });
      const course = { loudness, reduction: limited.course, tone };
      return { proof: { gainDb: move.gainDb, limiter: limited.limiter, ...proof }, course };
    }
    move = next;
    [limited] = await deliver(open(), [{ path, format: deliverable.format, dither, move, seed }]);
  }
}

type Made = { rendition: RenditionReport; course: Course };

async function report(item: Item, twin: Item, proofs: ReadonlyMap<Item, Proven>): Promise<Made> {
  const proven = proofs.get(twin);
  if (!proven) throw new Error('every distinct file was proven');
  if (item !== twin) copyFileSync(twin.path, item.path);
  const { target, targetLufs, ceilingDbtp, format } = item.deliverable;
  const filename = basename(item.path);
  const sizeBytes = statSync(item.path).size;
  const sha256 = await sha256Of(item.path);
  const rendition = { target, targetLufs, ceilingDbtp, format, filename, sizeBytes, sha256, ...proven.proof };
  return { rendition, course: { sha256, ...proven.course } };
}
