/** Renders the pieces of an order and proves them, each until every promise holds: once, and three times again at most. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CodecProof } from '@lathe/contracts';
import { type LossyEncodingId, lossyEncodingExtension } from '@lathe/contracts/tables';
import type { Followed, LoudnessSolution, LoudnessSpec, Measurement, OnProgress } from '@lathe/engine';
import { type Cut, type Finish, type Rendered, renderCuts, type StreamKind } from './cuts.ts';
import type { Excerpt } from './excerpt.ts';
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

/**
 * The whole of a song may have peaks somewhat higher than its crowded sections: docs/codecs.md. Where it is tried whole afterwards, that
 * is asked for only before its ceiling has been lowered: the step is generous.
 */
const excerptSpareDb = { proof: 0.15, guess: 0.05 };
/** In these a single moment elsewhere may be half a decibel higher: what platforms make of them is tried whole, too. */
const wayward: readonly LossyEncodingId[] = ['opus-128', 'mp3-128'];

/**
 * The pieces of a cut go on to `finish` together as soon as they are proven, while others are tried again.
 * @param excerpt where encoders are tried before anything is rendered whole, and where most of platforms are proven; `null` for a song too
 *   short for that
 */
export async function proveAll<T>(
  shop: Workshop,
  pieces: readonly Piece[],
  excerpt: Excerpt | null,
  finish: (proven: readonly Proven[]) => Promise<T[]>,
): Promise<T[]> {
  const finished: Promise<T[]>[] = [];
  let attempts = pieces.map((piece) => attemptOf(piece, excerpt));
  for (let tries = 1; attempts.length > 0; tries++) {
    if (excerpt) attempts = await scout({ ...shop, spools: excerpt.spools }, attempts, tries);
    const encodingsOf = ({ encodings, own }: Piece) =>
      excerpt && own === null ? encodings.filter((id) => wayward.includes(id)) : encodings;
    const order: RoundOrder = { name: `try${tries}`, part: 'whole', tries, encodingsOf };
    const again = await makeRound(shop, attempts, order, (heard, round) => {
      const told = heard.map((attempt) => toldOf(attempt, round, order));
      const isDone = ({ next }: Told) => next === null || tries === maxTries;
      const proven = told.filter(isDone).map(({ attempt }) => ({ ...attempt, tries, round }));
      if (proven.length > 0) finished.push(held(finish(proven)));
      return told.filter((each) => !isDone(each));
    });
    attempts = await solveAgain(shop, again);
  }
  return (await Promise.all(finished)).flat();
}

/** Looked at later: a promise that is broken before anybody awaits it would end the process. */
function held<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}

const attemptOf = (piece: Piece, excerpt: Excerpt | null): Attempt => ({
  piece,
  aim: piece,
  solution: piece.solution,
  codecProofs: piece.encodings.map((encoding) => ({
    encoding,
    delivered: encoding === piece.own,
    tries: [],
    excerptSeconds: excerpt?.seconds ?? null,
    passed: false,
  })),
  heard: [],
});

const isProvenByExcerpt = ({ own, encodings }: Piece): boolean =>
  own === null && encodings.some((id) => !wayward.includes(id));

/**
 * Most encodings overshoot: what dense sections tell of it spares rendering and encoding a whole song in vain. What is
 * delivered is measured whole afterwards; of most of what platforms make this is the proof, so that it is given again whenever
 * a lossless file has changed. Where no peak meets the ceiling there mostly is room for what a delivered encoding adds.
 */
async function scout(shop: Workshop, attempts: readonly Attempt[], round: number): Promise<Attempt[]> {
  const isDoubtful = (attempt: Attempt) =>
    isProvenByExcerpt(attempt.piece) || (round === 1 && attempt.piece.encodings.length > 0 && !isUnlimited(attempt));
  const scouted = attempts.filter((attempt) => !isDoubtful(attempt));
  const heardWhole = new Map(attempts.map(({ piece, heard }) => [piece, heard]));
  let doubtful = attempts.filter(isDoubtful).map((attempt): Attempt => ({ ...attempt, heard: [] }));
  for (let tries = 1; doubtful.length > 0; tries++) {
    const name = `scout${round}-${tries}`;
    const order: RoundOrder = { name, part: 'excerpt', tries: 0, encodingsOf: ({ encodings }) => encodings };
    const told = await makeRound(shop, doubtful, order, (heard, made) =>
      heard.map((attempt) => toldOf(attempt, made, order)),
    );
    const isDone = ({ next }: Told) => next === null || tries === maxTries;
    scouted.push(...told.filter(isDone).map(({ attempt }) => attempt));
    const again = told.filter((each) => !isDone(each));
    doubtful = await solveAgain(shop, again);
  }
  return scouted.map((attempt) => ({ ...attempt, heard: heardWhole.get(attempt.piece) ?? [] }));
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

function toldOf(attempt: Attempt, round: Round, { part, encodingsOf }: RoundOrder): Told {
  const { piece, aim } = attempt;
  const tried = encodingsOf(piece);
  const peaks = tried.map((id) => {
    const peakDbtp = round.encoded.get(id)?.measured.truePeakDbtp ?? null;
    return peakDbtp === null ? null : peakDbtp + (part === 'excerpt' ? spareDbOf(attempt, id) : 0);
  });
  const codecProofs = attempt.codecProofs.map((proof) => {
    const made = round.encoded.get(proof.encoding);
    if (!made || !tried.includes(proof.encoding)) return proof;
    const { truePeakDbtp } = made.measured;
    const passed = truePeakDbtp === null || truePeakDbtp <= piece.ceilingDbtp;
    return { ...proof, passed, tries: [...proof.tries, { part, ceilingDbtp: aim.ceilingDbtp, truePeakDbtp }] };
  });
  // An excerpt says nothing of the loudness.
  const measured = part === 'excerpt' ? [] : measuredOf(piece, round);
  const truePeakDbtp = highest([...peaks, ...measured.map((each) => each.truePeakDbtp)]);
  const heard = truePeakDbtp === null ? [] : [...attempt.heard, { ceilingDbtp: aim.ceilingDbtp, truePeakDbtp }];
  const integratedLufs = measured[0]?.integratedLufs ?? null;
  const next = correct(piece, attempt, { integratedLufs, peaks: heard });
  return { attempt: { ...attempt, codecProofs, heard }, next };
}

function spareDbOf({ piece: { own }, heard }: Attempt, encoding: LossyEncodingId): number {
  if (own === null && !wayward.includes(encoding)) return excerptSpareDb.proof;
  return heard.length === 0 ? excerptSpareDb.guess : 0;
}

/** The figures of everything a piece delivers. */
function measuredOf({ own, streams }: Piece, { encoded, followed }: Round): Measurement[] {
  const measured = own ? [encoded.get(own)?.measured] : streams.map((kind) => followed.get(kind)?.measured);
  return measured.filter((each) => each !== undefined);
}

type RoundOrder = {
  name: string;
  part: 'excerpt' | 'whole';
  tries: number;
  /** Of a piece, those that are tried. */
  encodingsOf: (piece: Piece) => readonly LossyEncodingId[];
};
/** One cut to make, for all attempts at the same. */
type CutWork = Cut & { rateHz: number; attempts: Attempt[]; stem: string; encodings: LossyEncodingId[] };

/** While one cut is encoded and heard the next is rendered. Resolves to what `judge` made of all cuts. */
async function makeRound<T>(
  shop: Workshop,
  attempts: readonly Attempt[],
  order: RoundOrder,
  judge: (attempts: readonly Attempt[], round: Round) => T[],
): Promise<T[]> {
  const works = worksOf(shop, attempts, order);
  const passes = passesOf(works);
  const tell = shop.tell('verifying', order.tries - 1, maxTries);
  let [rendered, heard] = [0, 0];
  let rendering: Promise<unknown> = Promise.resolve();
  const judged = passes.map(async (pass, k) => {
    const onProgress = order.tries === 1 ? shop.tell('rendering', k, passes.length) : undefined;
    const making = rendering.then(() => renderPass(shop, pass, onProgress));
    rendering = making;
    const made = await making;
    rendered++;
    const hearing = made.map(async ({ work, ...rest }) => {
      const round = { ...rest, ...(await hearWork(shop, work, order)) };
      heard++;
      if (order.tries > 0 && rendered === passes.length) tell(heard / works.length);
      return judge(work.attempts, round);
    });
    return (await Promise.all(hearing)).flat();
  });
  return (await Promise.all(judged)).flat();
}

/** Encoders need not wait for more than their own cut; what is not encoded is rendered together. */
const passesOf = (works: readonly CutWork[]): CutWork[][] => [
  ...Map.groupBy(works, ({ rateHz, encodings, stem }) => (encodings.length > 0 ? stem : rateHz)).values(),
];

function worksOf(
  { folder, streamFolder }: Workshop,
  attempts: readonly Attempt[],
  { name, part, encodingsOf }: RoundOrder,
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
    const streamStem = part === 'excerpt' ? stem : join(streamFolder, `${name}-${i}`);
    const encodings = [...new Set(group.flatMap(({ piece }) => encodingsOf(piece)))];
    const kinds = new Set(part === 'excerpt' ? [] : group.flatMap(({ piece }) => (piece.own ? [] : piece.streams)));
    if (encodings.length > 0) kinds.add('wav24');
    const streams = [...kinds].map((kind) => ({ kind, path: `${streamStem}.${kind}.wav` }));
    return [{ move: first.solution, rateHz: first.piece.rateHz, streams, attempts: group, stem, encodings }];
  });
}

/** Where no peak meets the ceiling it makes no difference where that lies. */
const isUnlimited = ({ solution }: Attempt): boolean => solution.limiter.maxReductionDb === 0;

async function renderPass(
  { spools, finish }: Workshop,
  works: readonly CutWork[],
  onProgress?: OnProgress,
): Promise<(Rendered & { work: CutWork })[]> {
  const [first] = works;
  if (!first) return [];
  const rendered = await spools.with(first.rateHz, (spool) => renderCuts(spool, works, finish, onProgress));
  return rendered.flatMap((each, i) => (works[i] ? [{ ...each, work: works[i] }] : []));
}

/** Follows the streams of a cut that are delivered, and tries encodings. */
async function hearWork(shop: Workshop, work: CutWork, { part }: RoundOrder): Promise<Omit<Round, keyof Rendered>> {
  const isWhole = part === 'whole';
  const delivered = new Set(isWhole ? work.attempts.flatMap(({ piece }) => (piece.own ? [] : piece.streams)) : []);
  const encoding = work.encodings.map(async (id) => [id, await encode(shop, work, id, isWhole)] as const);
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
