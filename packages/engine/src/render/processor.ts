import type { StereoBlock } from '../audio.ts';

/**
 * A stage in motion. `process` changes the first `frames` samples of both planes in place; what comes out lies
 * `latencyFrames` later than it went in, with zeros first. The sizes of the blocks leave no trace.
 */
export type Processor = {
  readonly latencyFrames: number;
  process(block: StereoBlock, frames: number): void;
};
