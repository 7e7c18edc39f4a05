/** Renders the pieces of an order and proves them, each until every promise holds: once, and three times again at most. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type CodecProof, type LossyEncodingId, lossyEncodingExtension } from '@lathe/contracts';
import type { Followed, Limited, LoudnessMove, Measurement } from '@lathe/engine';
import { type Cut, type Finish, renderCuts, type StreamKind } from './cuts.ts';
import { excerptSpool, type Span } from './excerpt.ts';
import type { JobPool } from './job-pool.ts';
import type { TagOrder } from './jobs.ts';
import { encodedRateHz, firstMove, type Heard, type Piece } from './pieces.ts';
import type { Tell } from './progress.ts';
import type { Spools } from './spools.ts';
import { correct, highest } from './verdict.ts';

export type Workshop = {
  /** Private, for everything that is not delivered. */
  folder: string;
  spools: Spools;
  pool: JobPool;
  finish: Finish;
  tags: TagOrder;
  tell: Tell;
};

/** A piece, and what is tried with it next. */
type Attempt = { piece: Piece; move: LoudnessMove; codecProofs: CodecProof[]; heard: Heard[] };

type Told = Omit<Attempt, 'move'> & { move: LoudnessMove | null };

/** A piece as it is delivered. */
export type Proven = Attempt & { tries: number; round: Round };

/** What came of one cut. */
type Round = {
  limited: Limited;
  /** Of the streams that are delivered. */
  followed: ReadonlyMap<StreamKind, Followed>;
  streamPaths: ReadonlyMap<StreamKind, string>;
  encoded: ReadonlyMap<LossyEncodingId, Encoded>;
};
type Encoded = { measured: Measurement; followed: Followed | null; path: string };

/** Once, and three times again. */
const maxTries = 4;

/** @param loudest where encoders are tried before anything is rendered whole; `null` for a song too short for that */
export async function proveAll(shop: Workshop, pieces: readonly Piece[], loudest: Span | null): Promise<Proven[]> {
  const proven: Proven[] = [];
  let attempts = pieces.map(attemptOf);
  if (loudest) attempts = await scout(shop, attempts, loudest);
  for (let tries = 1; attempts.length > 0; tries++) {
    const again: Attempt[] = [];
    for (const { attempt, round } of await makeRound(shop, attempts, { name: `try${tries}`, span: null, tries })) {
      const { move, ...told } = nextOf(attempt, round, tries);
      if (move && tries < maxTries) again.push({ ...told, move });
      else proven.push({ ...told, move: attempt.move, tries, round });
    }
    attempts = again;
  }
  return proven;
}

const attemptOf = (piece: Piece): Attempt => ({
  piece,
  move: firstMove(piece),
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
  const doubtful = attempts.filter(({ piece, move }) => piece.encodings.length > 0 && !isUnlimited(piece, move));
  const tried = await makeRound(shop, doubtful, { name: 'scout', span, tries: 0 });
  return attempts.map((attempt) => {
    const round = tried.find((each) => each.attempt === attempt)?.round;
    if (!round) return attempt;
    const { move, ...told } = nextOf(attempt, round, 0);
    return { ...told, move: move ?? attempt.move, heard: [] };
  });
}

/** The attempt with what was measured, and with another move or none; `tries` is 0 for the excerpt. */
function nextOf(attempt: Attempt, round: Round, tries: number): Told {
  const part: 'excerpt' | 'whole' = tries === 0 ? 'excerpt' : 'whole';
  const { piece, move } = attempt;
  const { ceilingDbtp } = piece;
  const codecProofs = attempt.codecProofs.map((proof) => {
    const truePeakDbtp = round.encoded.get(proof.encoding)?.measured.truePeakDbtp ?? null;
    const passed = truePeakDbtp === null || truePeakDbtp <= ceilingDbtp;
    return { ...proof, passed, tries: [...proof.tries, { part, ceilingDbtp: move.ceilingDbtp, truePeakDbtp }] };
  });
  const peaks = codecProofs.map((proof) => proof.tries.at(-1)?.truePeakDbtp ?? null);
  // An excerpt says nothing of the loudness: it is taken to be what was looked for.
  const measured = tries === 0 ? [] : measuredOf(piece, round);
  const integratedLufs = tries === 0 ? piece.targetLufs : (measured[0]?.integratedLufs ?? null);
  const heard = integratedLufs === null ? [] : [...attempt.heard, { ...move, integratedLufs }];
  const truePeakDbtp = highest([...peaks, ...measured.map((each) => each.truePeakDbtp)]);
  return { piece, codecProofs, heard, move: correct(piece, heard, truePeakDbtp) };
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
  const limited = await renderWorks(shop, works, order);
  let done = 0;
  const tell = shop.tell('verifying', order.tries - 1, maxTries);
  const rounds = await Promise.all(
    works.map(async (work) => {
      const round = await hearWork(shop, work, order);
      done++;
      if (order.tries > 0) tell(done / works.length);
      const told = limited.get(work);
      if (!told) throw new Error('every limiter tells what it did');
      return work.attempts.map((attempt) => ({ attempt, round: { ...round, limited: told } }));
    }),
  );
  return rounds.flat();
}

function worksOf({ folder }: Workshop, attempts: readonly Attempt[], { name }: RoundOrder): CutWork[] {
  const groups = Map.groupBy(attempts, ({ piece, move }) =>
    [piece.rateHz, move.gainDb.toFixed(6), isUnlimited(piece, move) ? 'free' : move.ceilingDbtp.toFixed(6)].join(' '),
  );
  return [...groups.values()].flatMap((group, i) => {
    const [first] = group;
    if (!first) return [];
    const stem = join(folder, `${name}-${i}`);
    const kinds = new Set(group.flatMap(({ piece }) => (piece.own ? [] : piece.streams)));
    if (group.some(({ piece }) => piece.encodings.length > 0)) kinds.add('wav24');
    const streams = [...kinds].map((kind) => ({ kind, path: `${stem}.${kind}.wav` }));
    return [{ move: first.move, rateHz: first.piece.rateHz, streams, attempts: group, stem }];
  });
}

/** Where no peak meets the ceiling it makes no difference where that lies. */
const isUnlimited = ({ solution }: Piece, move: LoudnessMove): boolean =>
  solution.limiter.maxReductionDb === 0 && move.ceilingDbtp === solution.ceilingDbtp;

async function renderWorks(
  { spools, finish, tell }: Workshop,
  works: readonly CutWork[],
  { span, tries }: RoundOrder,
): Promise<Map<CutWork, Limited>> {
  const limited = new Map<CutWork, Limited>();
  const { ratesHz } = spools;
  for (const [k, rateHz] of ratesHz.entries()) {
    const cuts = works.filter((work) => work.rateHz === rateHz);
    if (cuts.length === 0) continue;
    const onProgress = tries === 1 ? tell('rendering', k, ratesHz.length) : undefined;
    const told = await spools.with(rateHz, async (spool) =>
      renderCuts(span ? await excerptSpool(spool, span) : spool, cuts, finish, onProgress),
    );
    for (const [i, cut] of cuts.entries()) if (told[i]) limited.set(cut, told[i]);
  }
  return limited;
}

/** Follows the streams of a cut, and tries the encodings that somebody wants of it. */
async function hearWork(shop: Workshop, work: CutWork, { span }: RoundOrder): Promise<Omit<Round, 'limited'>> {
  const delivered = new Set(span ? [] : work.attempts.flatMap(({ piece }) => (piece.own ? [] : piece.streams)));
  const encodings = [...new Set(work.attempts.flatMap(({ piece }) => piece.encodings))];
  const encoding = encodings.map(async (id) => [id, await encode(shop, work, id, span === null)] as const);
  const following = work.streams
    .filter(({ kind }) => delivered.has(kind))
    .map(async ({ kind, path }) => [kind, await shop.pool.run({ kind: 'follow', path })] as const);
  const encoded = new Map(await Promise.all(encoding));
  const followed = new Map(await Promise.all(following));
  const streamPaths = new Map(work.streams.map(({ kind, path }) => [kind, path]));
  return { encoded, followed, streamPaths };
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
