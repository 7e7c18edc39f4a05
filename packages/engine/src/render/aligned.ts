import { type AudioStream, BLOCK_FRAMES, type OnProgress, type StereoBlock } from '../audio.ts';
import { withBlocks } from '../kernels/blocks.ts';

/**
 * Reads a stream through something that answers `latencyFrames` late, so that what comes out lies where it went in and is
 * as long. `visit` processes the first `frames` samples in place; of what comes out the first `skip` frames lie before
 * the start and are not to be used. After the end silence is fed until everything has come out.
 */
export const forEachAligned = (
  stream: AudioStream,
  latencyFrames: number,
  visit: (block: StereoBlock, frames: number, skip: number) => void | Promise<void>,
  onProgress?: OnProgress,
): Promise<void> =>
  withBlocks(1, async (block) => {
    let early = latencyFrames;
    let heard = 0;
    const pass = async (frames: number): Promise<void> => {
      const skip = Math.min(early, frames);
      early -= skip;
      await visit(block, frames, skip);
    };
    for (let frames = await stream.read(block); frames > 0; frames = await stream.read(block)) {
      await pass(frames);
      heard += frames;
      onProgress?.(Math.min(1, heard / Math.max(heard, stream.frames)));
    }
    // What is still inside: all the latency, less what a stream shorter than that has not yet pushed out of the way.
    for (let left = latencyFrames; left > 0; left -= BLOCK_FRAMES) {
      block.left.fill(0);
      block.right.fill(0);
      await pass(Math.min(left, BLOCK_FRAMES));
    }
  });

/** The samples of a block from `skip` to `frames`. */
export const tailOf = (block: StereoBlock, skip: number, frames: number): StereoBlock => ({
  left: block.left.subarray(skip, frames),
  right: block.right.subarray(skip, frames),
});
