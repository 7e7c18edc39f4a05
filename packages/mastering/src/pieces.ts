import {
  type Deliverable,
  type Format,
  type FormatId,
  formatRateHz,
  formats,
  type LossyEncodingId,
  lossyEncodingIds,
  type MasterOrder,
  type Platform,
  platforms,
} from '@lathe/contracts';
import type { LoudnessMove, LoudnessSolution } from '@lathe/engine';
import type { StreamKind } from './cuts.ts';

/** One file to make. */
export type Item = { deliverable: Deliverable; rateHz: number; path: string; solution: LoudnessSolution };

/**
 * Files that are made of one rendering and stand or fall together: the lossless ones of one loudness for platforms that
 * make the same of them, or one lossy encoding.
 */
export type Piece = {
  rateHz: number;
  targetLufs: number;
  ceilingDbtp: number;
  solution: LoudnessSolution;
  items: Item[];
  /** The lossy encoding that is delivered; `null` for lossless files. */
  own: LossyEncodingId | null;
  /** The encodings whose peaks are to stay below the ceiling. */
  encodings: readonly LossyEncodingId[];
  /** The streams that its files are made of; the first is measured for the loudness. */
  streams: readonly StreamKind[];
};

export function piecesOf(items: readonly Item[], proofs: MasterOrder['proofs']): Piece[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const { targetLufs, ceilingDbtp } = item.deliverable;
    const own = ownOf(item) && `${ownOf(item)} ${item.deliverable.tags}`;
    const key = [item.rateHz, targetLufs, ceilingDbtp, own, ...encodingsOf(item, proofs)].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { rateHz, solution, deliverable } = first;
    const { targetLufs, ceilingDbtp } = deliverable;
    const streams = [...new Set(group.map((item) => streamOf(item.deliverable.format)))];
    const shared = { own: ownOf(first), encodings: encodingsOf(first, proofs), streams };
    return [{ rateHz, targetLufs, ceilingDbtp, solution, items: group, ...shared }];
  });
}

/** What a file is made of: the samples of its word length; a lossy one of 24 bits. */
export function streamOf(id: FormatId): StreamKind {
  const { lossy, wordLengthBits }: Format = formats[id];
  if (lossy || wordLengthBits === 24) return 'wav24';
  return wordLengthBits === 16 ? 'wav16' : 'wav32f';
}

const ownOf = ({ deliverable: { format } }: Item): LossyEncodingId | null =>
  lossyEncodingIds.find((id) => id === format) ?? null;

function encodingsOf(item: Item, proofs: MasterOrder['proofs']): readonly LossyEncodingId[] {
  const own = ownOf(item);
  if (own) return [own];
  const { target } = item.deliverable;
  if (proofs === 'own' || target === 'custom') return [];
  const { transcodes }: Platform = platforms[target];
  return transcodes.toSorted();
}

/** The rate of an encoding of a stream. */
export const encodedRateHz = (id: LossyEncodingId, rateHz: number): number =>
  formatRateHz(id === 'mp3-128' ? 'mp3-320' : id, rateHz);

export const firstMove = ({ solution }: Piece): LoudnessMove => ({
  gainDb: solution.gainDb,
  ceilingDbtp: solution.ceilingDbtp,
});

/** How finely ceilings are lowered: coarse, so that another machine's encoder, a hair apart, leads to the same samples. */
const STEP_DB = 0.05;
/** A low ceiling changes what an encoder makes of the music: the excess alone is seldom enough, and less so the second time. */
const SPARE_DB = [0.1, 0.1, 0.3, 0.3];

/** A ceiling under which peaks come out lower by the excess, after so many tries of the whole. */
export const lowered = (ceilingDbtp: number, excessDb: number, tries: number): number =>
  excessDb > 0 ? ceilingDbtp - Math.ceil((excessDb + (SPARE_DB[tries] ?? 0)) / STEP_DB) * STEP_DB : ceilingDbtp;

/** A move, and the loudness that it gave. */
export type Heard = LoudnessMove & { integratedLufs: number };

/** Tries further apart than this tell how the loudness follows the gain. */
const TELLING_DB = 0.05;
const LEAST_SLOPE = 0.3;

/**
 * The gain that gives the loudness under a ceiling. Loudness below the ceiling follows the drive, that is, the gain above it, by
 * a slope that two tries tell. Where the loudness was given up for want of room the limiter is not to work harder.
 */
export function gainUnder(ceilingDbtp: number, { targetLufs, solution }: Target, heard: readonly Heard[]): number {
  const now = heard.at(-1);
  if (!now) return solution.gainDb;
  const driveDb = now.gainDb - now.ceilingDbtp;
  if (solution.notReached !== null) return driveDb + ceilingDbtp;
  const missingLu = targetLufs - ceilingDbtp - belowCeiling(now);
  return driveDb + missingLu / slopeOf(heard, solution) + ceilingDbtp;
}

type Target = Pick<Piece, 'targetLufs' | 'solution'>;

const belowCeiling = ({ integratedLufs, ceilingDbtp }: Heard): number => integratedLufs - ceilingDbtp;

/** Before there are two tries: one less the share of the time in which the limiter works, roughly. */
function slopeOf(heard: readonly Heard[], { limiter }: LoudnessSolution): number {
  const [before, now] = heard.slice(-2);
  const driveDb = before && now ? now.gainDb - now.ceilingDbtp - (before.gainDb - before.ceilingDbtp) : 0;
  const { maxReductionDb, meanReductionDb } = limiter;
  const guessed = maxReductionDb > 0 ? 1 - (2 * meanReductionDb) / maxReductionDb : 1;
  const told = before && now && Math.abs(driveDb) > TELLING_DB;
  const slope = told ? (belowCeiling(now) - belowCeiling(before)) / driveDb : guessed;
  // In a short song the gates of the meter may flip between two tries, which then tell nothing.
  return slope < LEAST_SLOPE || slope > 1 ? Math.max(LEAST_SLOPE, guessed) : slope;
}
