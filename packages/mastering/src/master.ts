import { copyFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createFloatWav } from '@lathe/codec';
import { type Deliverable, deliverablesOf, type MasterReport, type RenditionReport } from '@lathe/contracts';
import {
  type AudioStream,
  analyse,
  ENGINE_VERSION,
  type LoudnessSolution,
  measure,
  Resampler,
  renderTone,
  solveLoudness,
  type WriteBlock,
} from '@lathe/engine';
import { deliver } from './deliver.ts';
import { namesOf } from './names.ts';
import { planFor } from './plan.ts';
import { createTeller, type Tell } from './progress.ts';
import { openOwn, openSource, sha256Of, type Workplace, withFile } from './source.ts';
import type { Progress, Task } from './task.ts';
import { correct, type Proof, prove } from './verdict.ts';

type MasterTask = Extract<Task, { kind: 'master' }>;

const maxTries = 3;
const spoolName = 'tone.wav';

/**
 * The story of an order: hear, decide, render the tone once to a spool, find the loudness of all targets together, make
 * each file, read it again, prove it. Leaves the finished files in the output folder, and nothing else.
 */
export async function master(
  task: MasterTask,
  onProgress: (progress: Progress) => void,
  place: Workplace,
): Promise<MasterReport> {
  const tell = createTeller(onProgress);
  const spoolPath = join(place.folder, spoolName);
  // Refuses what is no audio before a byte of it is hashed.
  const toned = await withFile(await openSource(task.sourcePath, place), async (open) => {
    const sourceSha256 = await sha256Of(task.sourcePath);
    const before = task.analysis ?? (await analyse(open(), tell('analysing')));
    const plan = await planFor(before, task, place);
    await spoolTone(task, open(), { path: spoolPath, plan }, tell);
    return { sourceSha256, before, plan };
  });
  const renditions = await withFile(openOwn(spoolPath), (open) => renderAll(task, open, toned.sourceSha256, tell));
  return { engineVersion: ENGINE_VERSION, ...toned, renditions };
}

/**
 * The mix after everything but the loudness stage, as 32-bit float: no sample can clip there. It has the rate of the
 * delivery already, so that loudness and true peak are brought about on the samples that are delivered.
 */
async function spoolTone(
  task: MasterTask,
  stream: AudioStream,
  { path, plan }: { path: string; plan: MasterReport['plan'] },
  tell: Tell,
): Promise<void> {
  const spool = createFloatWav(path, deliveredRateHz(task, stream));
  const { write, finish } = atRate(stream.sampleRateHz, deliveredRateHz(task, stream), spool.write);
  try {
    await renderTone(stream, plan, write, tell('tone'));
    await finish();
    spool.close();
  } finally {
    spool.abandon();
  }
}

const deliveredRateHz = ({ order }: MasterTask, { sampleRateHz }: AudioStream): number =>
  order.sampleRateHz === 'source' ? sampleRateHz : order.sampleRateHz;

function atRate(fromHz: number, toHz: number, write: WriteBlock): { write: WriteBlock; finish(): Promise<void> } {
  if (fromHz === toHz) return { write, finish: async () => {} };
  const resampler = new Resampler({ fromHz, toHz }, write);
  return { write: resampler.write, finish: () => resampler.finish() };
}

/** A proof, and the gain of the try it is for. */
type Proven = Proof & { gainDb: number };

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
): Promise<RenditionReport[]> {
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
  await deliver(open(), deliveries, tell('rendering'));
  const proofs = new Map<Item, Proven>();
  for (const [i, item] of distinct.entries()) {
    proofs.set(item, await proveFile(item, open, tell('verifying', i, distinct.length)));
  }
  return Promise.all(items.map((item) => report(item, twinOf(items, item), proofs)));
}

const twinOf = (items: readonly Item[], { deliverable: d }: Item): Item => {
  const twin = items.find(
    ({ deliverable: e }) => e.targetLufs === d.targetLufs && e.ceilingDbtp === d.ceilingDbtp && e.format === d.format,
  );
  if (!twin) throw new Error('an item is its own twin at least');
  return twin;
};

/** Reads the delivered bytes again, and makes the file once more where they break a promise. */
async function proveFile(item: Item, open: () => AudioStream, onProgress: (fraction: number) => void): Promise<Proven> {
  const { deliverable, solution, path, dither, seed } = item;
  const { frames, sampleRateHz } = open();
  let move = { gainDb: solution.gainDb, ceilingDbtp: solution.ceilingDbtp };
  for (let tries = 1; ; tries++) {
    const measured = await withFile(openOwn(path), (read) => measure(read(), onProgress));
    const next = tries < maxTries ? correct(move, deliverable, measured, solution.notReached) : null;
    if (!next) {
      const durationSeconds = frames / sampleRateHz;
      return { gainDb: move.gainDb, ...prove({ deliverable, solution, measured, durationSeconds, tries }) };
    }
    move = next;
    await deliver(open(), [{ path, format: deliverable.format, dither, move, seed }]);
  }
}

async function report(item: Item, twin: Item, proofs: ReadonlyMap<Item, Proven>): Promise<RenditionReport> {
  const proof = proofs.get(twin);
  if (!proof) throw new Error('every distinct file was proven');
  if (item !== twin) copyFileSync(twin.path, item.path);
  const { target, targetLufs, ceilingDbtp, format } = item.deliverable;
  const { limiter } = twin.solution;
  const filename = basename(item.path);
  const sizeBytes = statSync(item.path).size;
  const sha256 = await sha256Of(item.path);
  return { target, targetLufs, ceilingDbtp, format, filename, sizeBytes, sha256, limiter, ...proof };
}
