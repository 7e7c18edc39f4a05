/** From proven renderings to the files that are delivered, and what the report says of each. */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { readTags } from '@lathe/codec';
import type { Course, ProfileSnapshot, RenditionReport } from '@lathe/contracts';
import { formats, playbackEverywhere } from '@lathe/contracts/tables';
import type { Followed } from '@lathe/engine';
import type { Stream } from './cuts.ts';
import { type Item, streamOf } from './pieces.ts';
import type { Proven, Workshop } from './proving.ts';
import { ruleChecks, verdictWith } from './rules.ts';
import { copyProven, sha256Of } from './source.ts';
import { prove } from './verdict.ts';

export type Made = { item: Item; rendition: RenditionReport; course: Course };

/** A file to make of a proven piece, and those that are to hold the same bytes. */
type Order = { proven: Proven; item: Item; twins: readonly Item[]; stream: Stream | null };
type Sealed = { exact: boolean | null; sha256: string };

/** Makes the files of all pieces; those that ask for the same bytes are made once. */
export async function finishAll(shop: Workshop, proven: readonly Proven[]): Promise<Made[]> {
  const orders = proven.flatMap(ordersOf);
  const takers = takersOf(orders);
  const copied = await Promise.all(
    orders.filter((order) => !takers.has(order)).map((each) => finish(shop, each, false)),
  );
  const taken = await Promise.all([...takers].map((order) => finish(shop, order, true)));
  return [...copied, ...taken].flat();
}

function ordersOf(proven: Proven): Order[] {
  const { piece, round } = proven;
  const byFormat = Map.groupBy(piece.items, ({ deliverable: { format, tags } }) => `${format} ${tags}`);
  return [...byFormat.values()].flatMap(([item, ...twins]) => {
    if (!item) return [];
    const stream = piece.own ? null : round.streams.get(streamOf(item.deliverable.format));
    if (stream === undefined) throw new Error('a proven piece has its streams');
    return [{ proven, item, twins, stream }];
  });
}

/** Of all WAV files that a stream makes one becomes the stream itself, after everything else was made of it. */
function takersOf(orders: readonly Order[]): Set<Order> {
  const wavs = orders.filter(({ item }) => formats[item.deliverable.format].codec === 'pcm');
  return new Set(new Map(wavs.map((order) => [order.stream?.path, order])).values());
}

async function finish(shop: Workshop, order: Order, takes: boolean): Promise<Made[]> {
  const { proven, item, twins } = order;
  const sealed = await makeFile(shop, order, takes);
  for (const twin of twins) await copyProven(item.path, twin.path);
  return Promise.all([item, ...twins].map((each) => report(shop, proven, { item: each, ...sealed })));
}

/** Tells whether a lossless file holds what was rendered; `null` for a lossy one. */
async function makeFile(shop: Workshop, { proven, item, stream }: Order, takes: boolean): Promise<Sealed> {
  const { piece, round } = proven;
  const { path, deliverable } = item;
  if (stream === null) {
    const encoded = piece.own && round.encoded.get(piece.own);
    if (!encoded) throw new Error('a proven encoding has a file');
    await copyProven(encoded.path, path);
    return { exact: null, sha256: await sha256Of(path) };
  }
  const job = {
    source: stream,
    takes,
    format: deliverable.format,
    path,
    tags: deliverable.tags === 'all' ? shop.tags : null,
    loudness: followedOf(proven, item).measured,
  };
  return shop.pool.run({ kind: 'deliver-lossless', ...job });
}

type File = Sealed & { item: Item };

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
