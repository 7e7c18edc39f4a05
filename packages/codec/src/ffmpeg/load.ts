/**
 * The codec library: FFmpeg, through the low-level interface of node-av only (its high-level one loses samples). It is loaded
 * when a file needs it, which costs 0.1 s, and only in the short-lived child that touches audio (ADR 8).
 *
 * It is a binding to C, and as unforgiving: a Dictionary given to `CodecContext.open2Sync` is freed twice and brings the process
 * down (options are set with `setOption`); nothing may be asked of a stream after its file was closed; everything that was
 * allocated is freed by whoever allocated it; loops pause every 128 packets, or memory grows until they end.
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
    const message = 'This installation of Lathe comes without codecs: it reads WAV, Wave64 and AIFF only.';
    throw new CodecError('unsupported_encoding', message, { cause: error });
  }
}
