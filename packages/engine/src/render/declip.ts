// Peaks that were cut off, rebuilt in each channel on its own. What comes out may exceed full scale; everything below the
// ceilings stays bit-equal.
import type { StereoBlock } from '../audio.ts';
import { ClipMender } from '../dsp/clip-mender.ts';
import type { Ceiling } from '../plan.ts';
import type { Processor } from './processor.ts';

/** One ceiling for each channel; a single one, that of a mono file, is for both. */
export const createDeclip = (
  { ceilings }: { ceilings: readonly Ceiling[] },
  sampleRateHz: number,
): Processor | null => {
  if (ceilings.length === 0) return null;
  const left = new ClipMender(sampleRateHz, ceilings[0]);
  const right = new ClipMender(sampleRateHz, ceilings[1] ?? ceilings[0]);
  return {
    latencyFrames: left.latencyFrames,
    process: (block: StereoBlock, frames: number) => {
      left.process(block.left, block.left, frames);
      right.process(block.right, block.right, frames);
    },
  };
};
