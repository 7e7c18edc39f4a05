/** Renders the pieces of an order and proves them, each until every promise holds: once, and three times again at most. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CodecProof, type LossyEncodingId, lossyEncodingExtension } from '@lathe/contracts';
import type { Followed, LoudnessSolution, LoudnessSpec, Measurement } from '@lathe/engine';
import { type Cut, type Finish, type Rendered, renderCuts, type StreamKind } from './cuts.ts';
import { excerptSpool, type Span } from './excerpt.ts';
import type { JobPool } from './job-pool.ts';
import type { TagOrder } from './jobs.ts';
import { type Aim, encodedRateHz, type Heard, type Piece } from './pieces.ts';
import type { Tell } from './progress.ts';
import type { Spools } from './spools.ts';
import { correct, highest } from './verdict.ts';

export type Workshop = {
  /** Private, for everything that is not delivered. */
  folder: string;
  /** Where streams of the whole song lie: beside what is delivered, so that one can become a file by its name alone. */
  streamFolder: string;
  spools: Spools;
  pool: JobPool;
  finish: Finish;
  tags: TagOrder;
  solve: (rateHz: number, specs: readonly LoudnessSpec[]) => Promise<LoudnessSolution[]>;
  tell: Tell;
};

/** A piece, what is tried with it next, and what was heard under higher ceilings, of the excerpt or of the whole. */
type Attempt = { piece: Piece; aim: Aim; solution: LoudnessSolution; codecProofs: CodecProof[]; heard: Heard[] };

/** What a try has told, and what it leads to: `null` when nothing is left to be mended. */
type Told = { attempt: Attempt; next: Aim | null };

/** A piece as it is delivered. */
export type Proven = Attempt & { tries: number; round: Round };

/** What came of one cut. */
type Round = Rendered & {
  /** Of the streams that are delivered. */
  followed: ReadonlyMap<StreamKind, Followed>;
  encoded: ReadonlyMap<LossyEncodingId, Encoded>;
};
type Encoded = { measured: Measurement; followed: Followed | null; path: string };

/** Once, and three times again. */
const maxTries = 4;

/** On the excerpt. */
const maxScouts = 3;
/** The whole has somewhat higher peaks than an excerpt of it. */
const excerptSpareDb = 0.05;

/** @param loudest where encoders are tried before anything is rendered whole; `null` for a song too short for that */
export async function proveAll(shop: Workshop, pieces: readonly Piece[], loudest: Span | null): Promise<Proven[]> {
  const proven: Proven[] = [];
  let attempts = pieces.map(attemptOf);
  if (loudest) attempts = await scout(shop, attempts, loudest);
  for (let tries = 1; attempts.length > 0; tries++) {
    const again: Told[] = [];
    for (const { attempt, round } of await makeRound(shop, attempts, { name: `try${tries}`, span: null, tries })) {
      const told = toldOf(attempt, round, 'whole');
      if (told.next && tries < maxTries) again.push(told);
      else proven.push({ ...told.attempt, tries, round });
    }
    attempts = await solveAgain(shop, again);
  }
  return proven;
}

const attemptOf = (piece: Piece): Attempt => ({
  piece,
  aim: piece,
  solution: piece.solution,
  codecProofs: piece.encodings.map((encoding) => ({
    encoding,
    delivered: encoding === piece.own,
    tries: [],
    passed: false,
  })),
  heard: [],
});

/**
 * Most encodings overshoot: what a dense quarter of a minute tells of it spares rendering a whole song in vain. Where no peak meets
 * the ceiling there mostly is room for it. What counts is measured on the whole, afterwards.
 */
async function scout(shop: Workshop, attempts: readonly Attempt[], span: Span): Promise<Attempt[]> {
  const isDoubtful = (attempt: Attempt) => attempt.piece.encodings.length > 0 && !isUnlimited(attempt);
  const scouted = attempts.filter((attempt) => !isDoubtful(attempt));
  let doubtful = attempts.filter(isDoubtful);
  for (let tries = 1; doubtful.length > 0; tries++) {
    const again: Told[] = [];
    for (const { attempt, round } of await makeRound(shop, doubtful, { name: `scout${tries}`, span, tries: 0 })) {
      const told = toldOf(attempt, round, 'excerpt');
      if (told.next) again.push(told);
      else scouted.push(told.attempt);
    }
    doubtful = await solveAgain(shop, again);
    if (tries < maxScouts) continue;
    scouted.push(...doubtful);
    break;
  }
  return scouted.map((attempt) => ({ ...attempt, heard: [] }));
}

/**
 * The loudness under other ceilings, on the shared curve. Lossless files are solved apart from the others: they do not change
 * because something else was ordered beside them.
 */
async function solveAgain({ solve }: Workshop, told: readonly Told[]): Promise<Attempt[]> {
  const solved: Attempt[] = [];
  const alike = Map.groupBy(told, ({ attempt: { piece } }) => `${piece.rateHz} ${piece.own === null}`);
  for (const group of alike.values()) {
    const aims = group.map(({ attempt, next }) => next ?? attempt.aim);
    const solutions = await solve(group[0]?.attempt.piece.rateHz ?? 0, aims);
    for (const [i, { attempt }] of group.entries()) {
      solved.push({ ...attempt, aim: aims[i] ?? attempt.aim, solution: solutions[i] ?? attempt.solution });
    }
  }
  return solved;
}

function toldOf(attempt: Attempt, round: Round, part: 'excerpt' | 'whole'): Told {
  const { piece, aim } = attempt;
  const codecProofs = attempt.codecProofs.map((proof) => {
    const truePeakDbtp = round.encoded.get(proof.encoding)?.measured.truePeakDbtp ?? null;
    const passed = truePeakDbtp === null || truePeakDbtp <= piece.ceilingDbtp;
    return { ...proof, passed, tries: [...proof.tries, { part, ceilingDbtp: aim.ceilingDbtp, truePeakDbtp }] };
  });
  // An excerpt says nothing of the loudness.
  const measured = part === 'excerpt' ? [] : measuredOf(piece, round);
  const encodedPeaks = codecProofs.map((proof) => proof.tries.at(-1)?.truePeakDbtp ?? null);
  const truePeakDbtp = highest([...encodedPeaks, ...measured.map((each) => each.truePeakDbtp)]);
  const heard = truePeakDbtp === null ? [] : [...attempt.heard, { ceilingDbtp: aim.ceilingDbtp, truePeakDbtp }];
  const ceilingDbtp = piece.ceilingDbtp - (part === 'excerpt' ? excerptSpareDb : 0);
  const next = correct({ ...piece, ceilingDbtp }, attempt, {
    integratedLufs: measured[0]?.integratedLufs ?? null,
    peaks: heard,
  });
  return { attempt: { ...attempt, codecProofs, heard }, next };
}

/** The figures of everything a piece delivers. */
function measuredOf({ own, streams }: Piece, { encoded, followed }: Round): Measurement[] {
  const measured = own ? [encoded.get(own)?.measured] : streams.map((kind) => followed.get(kind)?.measured);
  return measured.filter((each) => each !== undefined);
}

type RoundOrder = { name: string; span: Span | null; tries: number };
/** One cut to make, for all attempts at the same. */
type CutWork = Cut & { rateHz: number; attempts: Attempt[]; stem: string };

async function makeRound(
  shop: Workshop,
  attempts: readonly Attempt[],
  order: RoundOrder,
): Promise<{ attempt: Attempt; round: Round }[]> {
  const works = worksOf(shop, attempts, order);
  const rendered = await renderWorks(shop, works, order);
  let done = 0;
  const tell = shop.tell('verifying', order.tries - 1, maxTries);
  const rounds = await Promise.all(
    works.map(async (work) => {
      const round = await hearWork(shop, work, order);
      done++;
      if (order.tries > 0) tell(done / works.length);
      const made = rendered.get(work);
      if (!made) throw new Error('every cut is rendered');
      return work.attempts.map((attempt) => ({ attempt, round: { ...round, ...made } }));
    }),
  );
  return rounds.flat();
}

function worksOf(
  { folder, streamFolder }: Workshop,
  attempts: readonly Attempt[],
  { name, span }: RoundOrder,
): CutWork[] {
  const groups = Map.groupBy(attempts, (attempt) => {
    const { gainDb, ceilingDbtp } = attempt.solution;
    const ceiling = isUnlimited(attempt) ? 'free' : ceilingDbtp.toFixed(6);
    return [attempt.piece.rateHz, gainDb.toFixed(6), ceiling].join(' ');
  });
  return [...groups.values()].flatMap((group, i) => {
    const [first] = group;
    if (!first) return [];
    const stem = join(folder, `${name}-${i}`);
    const streamStem = span ? stem : join(streamFolder, `${name}-${i}`);
    const kinds = new Set(group.flatMap(({ piece }) => (piece.own ? [] : piece.streams)));
    if (group.some(({ piece }) => piece.encodings.length > 0)) kinds.add('wav24');
    const streams = [...kinds].map((kind) => ({ kind, path: `${streamStem}.${kind}.wav` }));
    return [{ move: first.solution, rateHz: first.piece.rateHz, streams, attempts: group, stem }];
  });
}

/** Where no peak meets the ceiling it makes no difference where that lies. */
const isUnlimited = ({ solution }: Attempt): boolean => solution.limiter.maxReductionDb === 0;

async function renderWorks(
  { spools, finish, tell }: Workshop,
  works: readonly CutWork[],
  { span, tries }: RoundOrder,
): Promise<Map<CutWork, Rendered>> {
  const rendered = new Map<CutWork, Rendered>();
  const { ratesHz } = spools;
  for (const [k, rateHz] of ratesHz.entries()) {
    const cuts = works.filter((work) => work.rateHz === rateHz);
    if (cuts.length === 0) continue;
    const onProgress = tries === 1 ? tell('rendering', k, ratesHz.length) : undefined;
    const made = await spools.with(rateHz, async (spool) =>
      renderCuts(span ? await excerptSpool(spool, span) : spool, cuts, finish, onProgress),
    );
    for (const [i, cut] of cuts.entries()) if (made[i]) rendered.set(cut, made[i]);
  }
  return rendered;
}

/** Follows the streams of a cut, and tries the encodings that somebody wants of it. */
async function hearWork(shop: Workshop, work: CutWork, { span }: RoundOrder): Promise<Omit<Round, keyof Rendered>> {
  const delivered = new Set(span ? [] : work.attempts.flatMap(({ piece }) => (piece.own ? [] : piece.streams)));
  const encodings = [...new Set(work.attempts.flatMap(({ piece }) => piece.encodings))];
  const encoding = encodings.map(async (id) => [id, await encode(shop, work, id, span === null)] as const);
  const following = work.streams
    .filter(({ kind }) => delivered.has(kind))
    .map(async ({ kind, path }) => [kind, await shop.pool.run({ kind: 'follow', path })] as const);
  const encoded = new Map(await Promise.all(encoding));
  const followed = new Map(await Promise.all(following));
  return { encoded, followed };
}

async function encode(shop: Workshop, work: CutWork, encoding: LossyEncodingId, whole: boolean): Promise<Encoded> {
  const { pool, tags, finish } = shop;
  const source = work.streams.find(({ kind }) => kind === 'wav24');
  if (!source) throw new Error('an encoder is fed from 24 bits');
  const path = `${work.stem}.${encoding}.${lossyEncodingExtension(encoding)}`;
  const rateHz = encodedRateHz(encoding, work.rateHz);
  const job = { sourcePath: source.path, encoding, rateHz, path, seed: finish.seed };
  const own = work.attempts.find(({ piece }) => piece.own === encoding)?.piece;
  if (whole && own) {
    const told = own.items[0]?.deliverable.tags === 'all' ? tags : null;
    const followed = await pool.run({ kind: 'deliver-lossy', ...job, tags: told });
    return { measured: followed.measured, followed, path };
  }
  const measured = await pool.run({ kind: 'transcode', ...job, tags: null });
  rmSync(path);
  return { measured, followed: null, path };
}
