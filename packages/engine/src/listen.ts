import type { AudioStream, OnProgress, StereoBlock } from './audio.ts';
import { largestMagnitude } from './dsp/magnitude.ts';
import { withBlocks } from './kernels/blocks.ts';

/** The audio holds something that is no sample: NaN, infinity, or a magnitude beyond all sense. */
export class InvalidSamplesError extends Error {
  /** Where, counted from the start of the stream. */
  readonly frame: number;

  constructor(frame: number) {
    super(`The sample at frame ${frame} is not a number.`);
    this.name = 'InvalidSamplesError';
    this.frame = frame;
  }
}

/** 180 dB above full scale: no recording, and larger values overflow once squared and summed. */
const LARGEST_SAMPLE = 1e9;

const findInvalid = (block: StereoBlock, frames: number): number => {
  const largest = Math.max(largestMagnitude(block.left, 0, frames), largestMagnitude(block.right, 0, frames));
  if (largest <= LARGEST_SAMPLE) return -1;
  for (let i = 0; i < frames; i++) {
    if (!(Math.abs(block.left[i]) <= LARGEST_SAMPLE && Math.abs(block.right[i]) <= LARGEST_SAMPLE)) return i;
  }
  return -1;
};

/**
 * Reads a stream to its end and shows every block to `hear`. Resolves to the number of frames.
 * @throws InvalidSamplesError
 */
export const listen = async (
  stream: AudioStream,
  hear: (block: StereoBlock, frames: number) => void,
  onProgress?: OnProgress,
): Promise<number> => {
  let heard = 0;
  await withBlocks(1, async (block) => {
    for (let frames = await stream.read(block); frames > 0; frames = await stream.read(block)) {
      const invalid = findInvalid(block, frames);
      if (invalid >= 0) throw new InvalidSamplesError(heard + invalid);
      hear(block, frames);
      heard += frames;
      onProgress?.(Math.min(1, heard / Math.max(heard, stream.frames)));
    }
  });
  return heard;
};
