import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import { CodecError, openWav, type WavFile } from '@lathe/codec';
import { limits } from '@lathe/contracts';
import { type AudioStream, InvalidSamplesError } from '@lathe/engine';
import { MasteringError } from './task.ts';

/** Opens what someone sent; every limit of the service applies. */
export const openSource = (path: string): WavFile => openWav(path, limits);

/** Opens a file of our own. */
export const openOwn = (path: string): WavFile => openWav(path);

const breatheEveryMs = 50;

/**
 * The same stream, but with a pause every now and then in which the process hears that it should stop. Without it a
 * file that is read at once would keep the event loop busy for a whole song.
 */
function breathing(stream: AudioStream): AudioStream {
  let breathedAtMs = performance.now();
  return {
    ...stream,
    read: (block) => {
      if (performance.now() - breathedAtMs < breatheEveryMs) return stream.read(block);
      return breathe().then(() => {
        breathedAtMs = performance.now();
        return stream.read(block);
      });
    },
  };
}

/** Runs `work` on a stream of the file, and closes the file whatever happens. */
export async function withFile<T>(file: WavFile, work: (open: () => AudioStream) => Promise<T>): Promise<T> {
  try {
    return await work(() => breathing(file.openStream()));
  } finally {
    file.close();
  }
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Turns a refusal of the audio into one with a stable code; anything else stays what it is. */
export function asMasteringError(error: unknown): unknown {
  if (error instanceof CodecError) return refusal(error.code, error.message, error);
  if (error instanceof InvalidSamplesError) {
    const detail = `The audio holds values that are not numbers, the first at sample ${error.frame}.`;
    return refusal('invalid_samples', detail, error);
  }
  return error;
}

const refusal = (code: CodecError['code'] | 'invalid_samples', detail: string, cause: Error): MasteringError =>
  new MasteringError({ code, detail }, false, { cause });
