/** What the codec library answers when it cannot do something: a negative number. */
import type { Ffmpeg } from './load.ts';

/** A call that failed. Its words are for the log: whoever reads a file turns it into a refusal the artist understands. */
export class FfmpegError extends Error {
  readonly code: number;
  constructor(code: number, operation: string, reason: string) {
    super(`${operation}: ${reason} (${code})`);
    this.name = 'FfmpegError';
    this.code = code;
  }
}

/** Passes a result on. @throws FfmpegError for a negative one */
export function check({ lib }: Ffmpeg, result: number, operation: string): number {
  if (result < 0) throw new FfmpegError(result, operation, lib.FFmpegError.strerror(result));
  return result;
}

/** How the loops that take frames or packets end: nothing more for now, or nothing more at all. */
export const isDrained = ({ constants }: Ffmpeg, result: number): boolean =>
  result === constants.AVERROR_EAGAIN || result === constants.AVERROR_EOF;
