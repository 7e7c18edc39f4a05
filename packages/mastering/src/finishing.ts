/** From proven renderings to the files that are delivered, and what the report says of each. */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { readTags } from '@lathe/codec';
import type { Course, ProfileSnapshot, RenditionReport } from '@lathe/contracts';
import { playbackEverywhere } from '@lathe/contracts/tables';
import type { Followed } from '@lathe/engine';
import { type Item, streamOf } from './pieces.ts';
import type { Proven, Workshop } from './proving.ts';
import { ruleChecks, verdictWith } from './rules.ts';
import { copyProven, sha256Of } from './source.ts';
import { prove } from './verdict.ts';

export type Made = { item: Item; rendition: RenditionReport; course: Course };

/** Makes the files of all pieces; those that ask for the same bytes are made once. */
export async function finishAll(shop: Workshop, proven: readonly Proven[]): Promise<Made[]> {
  const made = await Promise.all(proven.map((piece) => finishPiece(shop, piece)));
  return made.flat();
}

async function finishPiece(shop: Workshop, proven: Proven): Promise<Made[]> {
  const byFormat = Map.groupBy(proven.piece.items, ({ deliverable: { format, tags } }) => `${format} ${tags}`);
  const files = await Promise.all(
    [...byFormat.values()].map(async ([first, ...twins]) => {
      if (!first) return [];
      const exact = await makeFile(shop, proven, first);
      for (const twin of twins) await copyProven(first.path, twin.path);
      const sha256 = await sha256Of(first.path);
      return Promise.all([first, ...twins].map((item) => report(shop, proven, { item, exact, sha256 })));
    }),
  );
  return files.flat();
}

/** Resolves to whether a lossless file holds what was rendered; `null` for a lossy one. */
async function makeFile(shop: Workshop, { piece, round }: Proven, item: Item): Promise<boolean | null> {
  const { path, deliverable } = item;
  if (piece.own) {
    const encoded = round.encoded.get(piece.own);
    if (!encoded) throw new Error('a proven encoding has a file');
    await copyProven(encoded.path, path);
    return null;
  }
  const kind = streamOf(deliverable.format);
  const sourcePath = round.streamPaths.get(kind);
  const loudness = round.followed.get(kind)?.measured;
  if (!sourcePath || !loudness) throw new Error('a proven piece has streams that were measured');
  const job = {
    sourcePath,
    format: deliverable.format,
    path,
    tags: deliverable.tags === 'all' ? shop.tags : null,
    loudness,
  };
  const { exact } = await shop.pool.run({ kind: 'deliver-lossless', ...job });
  return exact;
}

type File = { item: Item; exact: boolean | null; sha256: string };

async function report(shop: Workshop, proven: Proven, { item, exact, sha256 }: File): Promise<Made> {
  const { piece, solution, tries, codecProofs, round } = proven;
  const { target, targetLufs, ceilingDbtp, format, profile } = item.deliverable;
  const { measured, silence, loudness, tone } = followedOf(proven, item);
  const { frames, sampleRateHz } = await shop.spools.with(piece.rateHz, async ({ outline }) => outline);
  const proof = prove({ piece, solution, measured, codecProofs, exact, durationSeconds: frames / sampleRateHz, tries });
  const rendition = {
    ...{ target, profile: null, targetLufs, ceilingDbtp, format },
    ...{ filename: basename(item.path), sizeBytes: statSync(item.path).size, sha256 },
    ...{ gainDb: solution.gainDb, limiter: round.limited.limiter },
    ...proof,
    playback: playbackEverywhere(measured),
  };
  const checked = profile ? await checkedBy(profile, rendition, { path: item.path, silence }) : rendition;
  return { item, rendition: checked, course: { sha256, loudness, reduction: round.limited.course, tone } };
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

function followedOf({ piece, round }: Proven, { deliverable }: Item): Followed {
  const followed = piece.own
    ? round.encoded.get(piece.own)?.followed
    : round.followed.get(streamOf(deliverable.format));
  if (!followed) throw new Error('what is delivered was followed');
  return followed;
}
