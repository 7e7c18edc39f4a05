import type { MasterOrder } from '@lathe/contracts';
import {
  type Deliverable,
  type Format,
  type FormatId,
  formatRateHz,
  formats,
  type LossyEncodingId,
  lossyEncodingIds,
  type Platform,
  platforms,
} from '@lathe/contracts/tables';
import type { LoudnessSolution, LoudnessSpec } from '@lathe/engine';
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

/** What is asked of the loudness stage for a piece: its own target at first, then what tries have told. */
export type Aim = LoudnessSpec;

/** How finely ceilings are lowered: coarse, so that another machine's encoder, a hair apart, leads to the same samples. */
const STEP_DB = 0.05;
/** A low ceiling changes what an encoder makes of the music: the excess alone is seldom enough, and less so the second time. */
const SPARE_DB = 0.1;
/** Some peaks of a decoder are not those that the limiter meets, and follow its ceiling only in part. */
const LEAST_EFFECT = 0.3;

/** The highest peak that anything made under a ceiling had. */
export type Heard = { ceilingDbtp: number; truePeakDbtp: number };

/** A ceiling under which peaks keep below a limit, by what tries have told so far, the last one at the end. */
export function lowered(limitDbtp: number, tries: readonly Heard[]): number {
  const now = tries.at(-1);
  if (!now) return limitDbtp;
  const excessDb = now.truePeakDbtp - limitDbtp;
  if (excessDb <= 0) return now.ceilingDbtp;
  const downDb = (excessDb + SPARE_DB * tries.length) / effectOf(tries);
  return now.ceilingDbtp - Math.ceil(downDb / STEP_DB) * STEP_DB;
}

/** By how much of what the ceiling was lowered the peaks came down. */
function effectOf(tries: readonly Heard[]): number {
  const [before, now] = tries.slice(-2);
  if (!before || !now || before.ceilingDbtp === now.ceilingDbtp) return 1;
  const effect = (before.truePeakDbtp - now.truePeakDbtp) / (before.ceilingDbtp - now.ceilingDbtp);
  return Math.min(1, Math.max(LEAST_EFFECT, effect));
}
