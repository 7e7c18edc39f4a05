/** Frames in one block, everywhere in the engine: small enough for the cache, large enough to forget the call. */
export const BLOCK_FRAMES = 4096;

/** Two planes of up to {@link BLOCK_FRAMES} samples, full scale ±1. Mono sources fill both planes alike. */
export type StereoBlock = { readonly left: Float64Array; readonly right: Float64Array };

export const createBlock = (frames: number = BLOCK_FRAMES): StereoBlock => ({
  left: new Float64Array(frames),
  right: new Float64Array(frames),
});

/** What a file says of itself. */
export type FileFacts = {
  /** Its container and what is in it, e.g. `m4a` with `alac`. */
  readonly format: string;
  readonly codec: string;
  /** What comes back is not what went in. */
  readonly lossy: boolean;
  /** Of the whole numbers in it; `null` for floating point and lossy codecs. */
  readonly wordBits: number | null;
  readonly bitRateKbps: number;
  /** It ends inside a part that its encoder made as a whole. */
  readonly isCutOff?: boolean | undefined;
};

/**
 * Audio that can be read once, from its start, block by block. Files are the caller's matter.
 * `read` fills the block from index 0 and resolves to the number of frames; 0 is the end.
 */
export type AudioStream = {
  readonly sampleRateHz: number;
  /** Channels of the file behind the stream: 1 means that both planes are the same signal. */
  readonly channels: 1 | 2;
  readonly frames: number;
  /** Where a file is behind the stream. */
  readonly file?: FileFacts;
  read(block: StereoBlock): number | Promise<number>;
};

/** Takes the first `frames` samples of a block. The block is reused after the call returns. */
export type WriteBlock = (block: StereoBlock, frames: number) => void | Promise<void>;

/** Called with 0…1 as a pass goes on. It may throw to stop the pass. */
export type OnProgress = (fraction: number) => void;
