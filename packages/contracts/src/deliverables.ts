/** What an order comes to: every file to make, with nothing left to look up. */
import { type Format, type FormatId, formatIds, formatRateHz, formats } from './formats.ts';
import { limits } from './limits.ts';
import type { MasterOrder, TargetOrder } from './orders.ts';
import { type Platform, type PlatformId, platforms } from './platforms.ts';
import type { ProfileSnapshot } from './profiles.ts';
import { styles } from './styles.ts';

/** One file to make. */
export type Deliverable = {
  /** `custom`: for numbers or a profile of one's own. */
  target: PlatformId | 'custom';
  targetLufs: number;
  ceilingDbtp: number;
  format: FormatId;
  /** Of the master, as ordered or as the target takes it: see {@link deliveredRateHz}. */
  sampleRateHz: MasterOrder['sampleRateHz'];
  /** Whether the file says something about the music. */
  tags: MasterOrder['tags'];
  /** Whose rules it must keep. */
  profile: ProfileSnapshot | null;
};

/** What of an order says which files there will be. */
type Wanted = Pick<MasterOrder, 'targets' | 'formats' | 'style' | 'loudness' | 'sampleRateHz' | 'tags'>;

const loudnessOffsetLu = { quieter: -2, platform: 0, louder: 2 } as const;
const custom = { targetLufs: -14, ceilingDbtp: -1 } as const;

/** Every deliverable of an order, in the order asked for, doubles removed. */
export function deliverablesOf(order: Wanted): Deliverable[] {
  const all = order.targets.flatMap((target) => resolve(target, order));
  return [...new Map(all.map((deliverable) => [JSON.stringify(deliverable), deliverable])).values()];
}

const ratesHz = [44_100, 48_000, 88_200, 96_000, 176_400, 192_000];

/** The rate of the file: that which was asked for, brought down where a profile says so, or where the format has its own. */
export function deliveredRateHz({ sampleRateHz, format, profile }: Deliverable, sourceRateHz: number): number {
  const askedHz = sampleRateHz === 'source' ? sourceRateHz : sampleRateHz;
  const mostHz = profile?.maxSampleRateHz ?? Infinity;
  if (askedHz <= mostHz) return formatRateHz(format, askedHz);
  const allowed = ratesHz.filter((rateHz) => rateHz <= mostHz);
  const family = allowed.filter((rateHz) => askedHz % rateHz === 0);
  return formatRateHz(format, family.at(-1) ?? allowed.at(-1) ?? askedHz);
}

function resolve(target: TargetOrder, order: Wanted): Deliverable[] {
  if (typeof target !== 'string' && 'profile' in target) return profiled(target.profile, order);
  return order.formats.map((format) => resolveOne(target, order, format));
}

/** A profile's numbers are its own, whatever the order says of loudness, formats and tags. */
function profiled(profile: ProfileSnapshot | string, { sampleRateHz, tags }: Wanted): Deliverable[] {
  if (typeof profile === 'string') throw new Error(`The profile ${profile} was not put into the order.`);
  const { targetLufs, ceilingDbtp, formats: ids, metadata } = profile;
  return ids.map((format) => ({
    ...{ target: 'custom', targetLufs, ceilingDbtp, format, sampleRateHz, profile },
    tags: metadata === 'forbidden' ? 'none' : metadata === 'wanted' ? 'all' : tags,
  }));
}

type NumbersOrder = { target?: PlatformId | undefined } & Partial<
  Record<'targetLufs' | 'ceilingDbtp', number | undefined>
>;

function resolveOne(target: PlatformId | NumbersOrder, order: Wanted, format: FormatId): Deliverable {
  const asked: NumbersOrder = typeof target === 'string' ? { target } : target;
  const platform: Platform | undefined = asked.target && platforms[asked.target];
  const targetLufs = asked.targetLufs ?? (platform ? loudnessFor(platform, order) : custom.targetLufs);
  const ceilingDbtp = asked.ceilingDbtp ?? (platform ? ceilingFor(platform, targetLufs) : custom.ceilingDbtp);
  return {
    target: asked.target ?? 'custom',
    ...{ targetLufs, ceilingDbtp, tags: order.tags, profile: null },
    format: platform ? formatFor(platform, format) : format,
    sampleRateHz: platform?.sampleRateHz ?? order.sampleRateHz,
  };
}

function loudnessFor({ targetLufs }: Platform, { style, loudness }: Wanted): number {
  const itsOwn = targetLufs ?? styles[style].intendedLufs;
  return Math.min(limits.maxTargetLufs, itsOwn + loudnessOffsetLu[loudness]);
}

const ceilingFor = ({ ceilingDbtp, louder }: Platform, targetLufs: number): number =>
  louder && targetLufs > louder.thanLufs ? louder.ceilingDbtp : ceilingDbtp;

/** The format, in the word length the platform takes; what a lossy encoder makes has none. */
function formatFor({ wordLengthBits }: Platform, id: FormatId): FormatId {
  const { codec, lossy }: Format = formats[id];
  if (wordLengthBits === null || lossy) return id;
  const fitting = formatIds.find(
    (other) => formats[other].codec === codec && formats[other].wordLengthBits === wordLengthBits,
  );
  return fitting ?? id;
}
