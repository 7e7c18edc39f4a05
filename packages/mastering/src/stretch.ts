/** A part of a song as a song of its own, at its own level to the first sample and the last: for listening. */
import { type AudioStream, createBlock, outlineOf, type StereoBlock } from '@lathe/engine';
import type { Spool } from './spools.ts';

export type Stretch = { startSeconds: number; seconds: number };

/** A part of a spool, as one of its own. */
export async function stretchOfSpool({ open }: Spool, stretch: Stretch): Promise<Spool> {
  const openPart = (): AudioStream => stretchOf(open(), stretch);
  return { open: openPart, outline: await outlineOf(openPart()) };
}

/** A part of a stream, as a stream of its own; what lies before it is read and forgotten. */
export function stretchOf(stream: AudioStream, { startSeconds, seconds }: Stretch): AudioStream {
  const { sampleRateHz } = stream;
  const frames = Math.min(stream.frames, Math.round(seconds * sampleRateHz));
  const start = Math.max(0, Math.min(stream.frames - frames, Math.round(startSeconds * sampleRateHz)));
  const own = createBlock();
  // What of the last block read is still to be given.
  let [at, end, given] = [0, 0, 0];
  let position = 0;
  const fill = async (): Promise<void> => {
    do {
      end = await stream.read(own);
      at = Math.max(0, Math.min(end, start - position));
      position += end;
    } while (end > 0 && at === end);
  };
  return {
    ...stream,
    frames,
    async read(block: StereoBlock) {
      if (at === end) await fill();
      const count = Math.min(end - at, frames - given);
      block.left.set(own.left.subarray(at, at + count));
      block.right.set(own.right.subarray(at, at + count));
      at += count;
      given += count;
      return count;
    },
  };
}
