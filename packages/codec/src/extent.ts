/**
 * Which part of what a decoder gives is the audio, to the sample, by the words of the container: encoders add silence before and
 * after, and a file that was cut off announces more than it holds.
 */
export type Extent = {
  /** Frames of the decoder's output before the audio begins; undefined where the decoder says so with its first frame. */
  skip: number | undefined;
  /** Where it ends, counted from there; undefined where the decoder's own end is right. */
  length: number | undefined;
  /** Cuts the end only if there are at most so many frames more: other files may be joined to the first. */
  longestCut: number;
  /** How long the audio is said to be; undefined where nothing is said. */
  declared: number | undefined;
  /** By how much it may be shorter: some containers count in packets. */
  tolerance: number;
};

export const unknownExtent: Extent = {
  skip: 0,
  length: undefined,
  longestCut: Number.POSITIVE_INFINITY,
  declared: undefined,
  tolerance: 0,
};
