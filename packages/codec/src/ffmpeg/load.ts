/**
 * The codec library: FFmpeg, through the low-level interface of node-av only (its high-level one loses samples). It is loaded
 * when a file needs it, which costs 0.1 s, and only in the short-lived child that touches audio (ADR 8).
 */
import { CodecError } from '../codec-error.ts';

export type Ffmpeg = {
  lib: typeof import('node-av/lib');
  constants: typeof import('node-av/constants');
};

/** @throws CodecError `unsupported_encoding` where the optional package is not installed or has no binary for this machine. */
export async function loadFfmpeg(): Promise<Ffmpeg> {
  try {
    const [lib, constants] = await Promise.all([import('node-av/lib'), import('node-av/constants')]);
    lib.Log.setLevel(constants.AV_LOG_QUIET);
    return { lib, constants };
  } catch (error) {
    const message = 'This installation of Lathe has no codecs: it reads and writes WAV, and reads AIFF and Wave64.';
    throw new CodecError('unsupported_encoding', message, { cause: error });
  }
}
