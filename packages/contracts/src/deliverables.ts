/** What an order comes to: every file to make, with nothing left to look up. */
import { type Format, type FormatId, formatIds, formats } from './formats.ts';
import { limits } from './limits.ts';
import type { MasterOrder, TargetOrder } from './orders.ts';
import { type Platform, type PlatformId, platforms } from './platforms.ts';
import { styles } from './styles.ts';

/** One file to make. */
export type Deliverable = {
  target: PlatformId | 'custom';
  targetLufs: number;
  ceilingDbtp: number;
  format: FormatId;
  /** Of the master; a lossy format may have another. `source`: that of the mix. */
  sampleRateHz: MasterOrder['sampleRateHz'];
};

const loudnessOffsetLu = { quieter: -2, platform: 0, louder: 2 } as const;
const custom = { targetLufs: -14, ceilingDbtp: -1 } as const;

/** Every deliverable of an order, in the order asked for, doubles removed. */
export function deliverablesOf(order: MasterOrder): Deliverable[] {
  const all = order.targets.flatMap((target) => order.formats.map((format) => resolve(target, order, format)));
  return [...new Map(all.map((deliverable) => [keyOf(deliverable), deliverable])).values()];
}

const keyOf = ({ target, targetLufs, ceilingDbtp, format, sampleRateHz }: Deliverable): string =>
  [target, targetLufs, ceilingDbtp, format, sampleRateHz].join(' ');

function resolve(target: TargetOrder, order: MasterOrder, format: FormatId): Deliverable {
  const asked = typeof target === 'string' ? { target } : target;
  const platform: Platform | undefined = asked.target && platforms[asked.target];
  const numbers = { targetLufs: undefined, ceilingDbtp: undefined, ...asked };
  const targetLufs = numbers.targetLufs ?? (platform ? loudnessFor(platform, order) : custom.targetLufs);
  const ceilingDbtp = numbers.ceilingDbtp ?? (platform ? ceilingFor(platform, targetLufs) : custom.ceilingDbtp);
  return {
    target: asked.target ?? 'custom',
    ...{ targetLufs, ceilingDbtp },
    format: platform ? formatFor(platform, format) : format,
    sampleRateHz: platform?.sampleRateHz ?? order.sampleRateHz,
  };
}

function loudnessFor({ targetLufs }: Platform, { style, loudness }: MasterOrder): number {
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
