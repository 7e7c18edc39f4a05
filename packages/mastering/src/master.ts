import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readTags } from '@lathe/codec';
import {
  type Course,
  type Deliverable,
  deliverablesOf,
  deliveredRateHz,
  type MasterReport,
  type ProfileSnapshot,
  playbackEverywhere,
  type RenditionReport,
} from '@lathe/contracts';
import {
  analyse,
  ENGINE_VERSION,
  type Followed,
  follow,
  type Limited,
  type LoudnessMove,
  type LoudnessSolution,
  type OnProgress,
  solveLoudness,
} from '@lathe/engine';
import { type Delivery, deliver } from './deliver.ts';
import { namesOf } from './names.ts';
import { planFor } from './plan.ts';
import { createTeller, type Tell } from './progress.ts';
import { ruleChecks, verdictWith } from './rules.ts';
import { copyProven, openOwn, openSource, sha256Of, type Workplace, withFile } from './source.ts';
import { type Spool, type Spools, spoolTone } from './spools.ts';
import type { Progress, Task } from './task.ts';
import { correct, type Proof, prove } from './verdict.ts';

type MasterTask = Extract<Task, { kind: 'master' }>;

const maxTries = 3;

/**
 * The story of an order: hear, decide, render the tone once to a spool for each rate, find the loudness of all targets
 * together, make each file, read it again, prove it. Leaves the finished files in the output folder, and nothing else.
 */
export async function master(
  task: MasterTask,
  onProgress: (progress: Progress) => void,
  place: Workplace,
): Promise<MasterReport> {
  const tell = createTeller(onProgress);
  // Refuses what is no audio before a byte of it is hashed.
  const toned = await withFile(await openSource(task.sourcePath, place), async (open) => {
    const sourceSha256 = await sha256Of(task.sourcePath);
    const before = task.analysis ?? (await analyse(open(), tell('analysing')));
    const { plan, toneRegion } = await planFor(before, task, place);
    const files = filesOf(task, { sourceSha256, sampleRateHz: before.loudness.sampleRateHz });
    const ratesHz = [...new Set(files.map(({ rateHz }) => rateHz))];
    const spools = await spoolTone({ stream: open(), folder: place.folder, plan }, ratesHz, tell('tone'));
    return { files, spools, told: { sourceSha256, before, plan, toneRegion } };
  });
  const made = await makeAll(toned.files, toned.spools, tell).finally(toned.spools.close);
  const { title = task.title ?? task.name, artists } = task.order.metadata;
  return { title, ...(artists && { artists }), engineVersion: ENGINE_VERSION, ...toned.told, ...made };
}

/** A proof, the gain of the try it is for, what its limiter did, and how the file runs. */
type Proven = {
  proof: Proof & { gainDb: number; limiter: RenditionReport['limiter'] };
  course: Course;
  silence: Followed['silence'];
};

/** One file to make; deliverables that ask for the same share it. */
type File = {
  deliverable: Deliverable;
  rateHz: number;
  path: string;
  dither: MasterTask['order']['dither'];
  seed: number;
};
type Item = File & { solution: LoudnessSolution };

function filesOf(task: MasterTask, source: { sourceSha256: string; sampleRateHz: number }): File[] {
  const deliverables = deliverablesOf(task.order);
  const names = namesOf(task.name, deliverables);
  const seed = Number.parseInt(source.sourceSha256.slice(0, 8), 16);
  return deliverables.map((deliverable, i) => {
    const rateHz = deliveredRateHz(deliverable, source.sampleRateHz);
    return { deliverable, rateHz, path: join(task.outputFolder, names[i] ?? ''), dither: task.order.dither, seed };
  });
}

/** Rate by rate, but each step for all of them before the next. */
async function makeAll(
  files: readonly File[],
  spools: Spools,
  tell: Tell,
): Promise<Pick<MasterReport, 'renditions' | 'courses'>> {
  const items: Item[] = [];
  const limited = new Map<Item, Limited>();
  const proofs = new Map<Item, Proven>();
  const { ratesHz } = spools;
  for (const [k, rateHz] of ratesHz.entries()) {
    const wanted = files.filter((file) => file.rateHz === rateHz);
    items.push(...(await spools.with(rateHz, (spool) => solve(wanted, spool, tell('solving', k, ratesHz.length)))));
  }
  const distinct = items.filter((item) => twinOf(items, item) === item);
  for (const [k, rateHz] of ratesHz.entries()) {
    const group = distinct.filter((item) => item.rateHz === rateHz);
    const moves = group.map((item) => deliveryOf(item, item.solution));
    const told = await spools.with(rateHz, (spool) => deliver(spool, moves, tell('rendering', k, ratesHz.length)));
    for (const [i, item] of group.entries()) if (told[i]) limited.set(item, told[i]);
  }
  for (const [i, item] of distinct.entries()) {
    const onProgress = tell('verifying', i, distinct.length);
    proofs.set(item, await spools.with(item.rateHz, (spool) => proveFile(item, limited.get(item), spool, onProgress)));
  }
  const inOrder = files.flatMap(({ path }) => items.filter((item) => item.path === path));
  const made = await Promise.all(inOrder.map((item) => report(item, twinOf(items, item), proofs)));
  return { renditions: made.map(({ rendition }) => rendition), courses: coursesOf(made) };
}

async function solve(files: readonly File[], { outline, open }: Spool, onProgress: OnProgress): Promise<Item[]> {
  const wanted = files.map(({ deliverable }) => deliverable);
  const solutions = await solveLoudness(outline, open, wanted, onProgress);
  return files.flatMap((file, i) => (solutions[i] ? [{ ...file, solution: solutions[i] }] : []));
}

const deliveryOf = ({ path, deliverable: { format }, dither, seed }: File, move: LoudnessMove): Delivery => ({
  ...{ path, format, dither, seed, move },
});

/** One for all files of the same bytes. */
const coursesOf = (made: readonly { course: Course }[]): Course[] => [
  ...new Map(made.map(({ course }) => [course.sha256, course])).values(),
];

/** The first item that asks for the same bytes. */
const twinOf = (items: readonly Item[], item: Item): Item => items.find((other) => isSameFile(other, item)) ?? item;

const isSameFile = (a: File, b: File): boolean =>
  a.rateHz === b.rateHz &&
  a.deliverable.format === b.deliverable.format &&
  a.deliverable.tags === b.deliverable.tags &&
  a.deliverable.targetLufs === b.deliverable.targetLufs &&
  a.deliverable.ceilingDbtp === b.deliverable.ceilingDbtp;

/** Reads the delivered bytes again, and makes the file once more where they break a promise. */
async function proveFile(
  item: Item,
  firstLimited: Limited | undefined,
  spool: Spool,
  onProgress: OnProgress,
): Promise<Proven> {
  const { deliverable, solution, path } = item;
  const { frames, sampleRateHz } = spool.outline;
  let move = { gainDb: solution.gainDb, ceilingDbtp: solution.ceilingDbtp };
  let limited = firstLimited;
  for (let tries = 1; ; tries++) {
    const { measured, silence, loudness, tone } = await withFile(openOwn(path), (read) => follow(read(), onProgress));
    const next = tries < maxTries ? correct(move, deliverable, measured, solution.notReached) : null;
    if (!limited) throw new Error('every file tells of its limiter');
    if (!next) {
      const durationSeconds = frames / sampleRateHz;
      const proof = prove({ deliverable, solution, measured, durationSeconds, tries });
      const course = { sha256: await sha256Of(path), loudness, reduction: limited.course, tone };
      return { proof: { gainDb: move.gainDb, limiter: limited.limiter, ...proof }, course, silence };
    }
    move = next;
    [limited] = await deliver(spool, [deliveryOf(item, move)]);
  }
}

type Made = { rendition: RenditionReport; course: Course };

async function report(item: Item, twin: Item, proofs: ReadonlyMap<Item, Proven>): Promise<Made> {
  const proven = proofs.get(twin);
  if (!proven) throw new Error('every distinct file was proven');
  if (item !== twin) await copyProven(twin.path, item.path);
  const { target, targetLufs, ceilingDbtp, format, profile } = item.deliverable;
  const filename = basename(item.path);
  const sizeBytes = statSync(item.path).size;
  const { sha256 } = proven.course;
  const playback = playbackEverywhere(proven.proof.measured);
  const asked = { target, profile: null, targetLufs, ceilingDbtp, format };
  const rendition = { ...asked, filename, sizeBytes, sha256, ...proven.proof, playback };
  return {
    rendition: profile ? await checkedBy(profile, rendition, { path: item.path, silence: proven.silence }) : rendition,
    course: proven.course,
  };
}

/** A file made for a profile: every rule of that against the delivered bytes. */
async function checkedBy(
  profile: ProfileSnapshot,
  rendition: RenditionReport,
  { path, silence }: { path: string; silence: Followed['silence'] },
): Promise<RenditionReport> {
  const { id, name } = profile;
  const tags = profile.metadata === 'any' ? null : await readTags(path);
  const rules = ruleChecks(profile, { ...rendition, silence, tags });
  return {
    ...rendition,
    profile: { ...(id !== undefined && { id }), name },
    checks: [...rendition.checks, ...rules],
    verdict: verdictWith(rendition.verdict, rules),
  };
}
