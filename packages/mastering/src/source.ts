import { createHash } from 'node:crypto';
import { closeSync, constants, copyFileSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { type AudioFile, CodecError, openAudio, openWav, wavSamples } from '@lathe/codec';
import { limits } from '@lathe/contracts/tables';
import { type AudioStream, Fingerprint, InvalidSamplesError } from '@lathe/engine';
import { type MadePreview, MasteringError } from './task.ts';

/** Where a task keeps what it needs while it works, and how it is told to stop. */
export type Workplace = {
  /** Private to the task; whatever is left in it goes with it. */
  folder: string;
  /** Called now and then; throws to stop. */
  onBreath: () => void;
  /** Told of a preview that is made on the way. */
  onPreview?: (made: MadePreview) => void;
};

let opened = 0;

/** Opens what someone sent; every limit of the service applies. A compressed file is decoded into the folder first. */
export function openSource(path: string, { folder, onBreath }: Workplace): Promise<AudioFile> {
  const spoolPath = join(folder, `source-${opened++}.pcm`);
  return openAudio(path, { limits, spoolPath, onBreath });
}

/** Opens a file of our own. */
export const openOwn = (path: string): AudioFile => openWav(path);

const breatheEveryMs = 50;
const chunkBytes = 2 ** 18;

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
export async function withFile<T>(file: AudioFile, work: (open: () => AudioStream) => Promise<T>): Promise<T> {
  try {
    return await work(() => breathing(file.openStream()));
  } finally {
    file.close();
  }
}

/** Of the bytes as they lie on the disk. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of chunksOf(path)) hash.update(bytes);
  return hash.digest('hex');
}

/** SHA-256 of a WAV file, and the fingerprint of the bytes of its samples, in one reading. */
export async function identityOf(path: string): Promise<{ sha256: string; fingerprint: string }> {
  const { from, to } = wavSamples(path);
  const hash = createHash('sha256');
  const mark = new Fingerprint();
  let position = 0;
  for await (const bytes of chunksOf(path)) {
    hash.update(bytes);
    mark.push(bytes.subarray(Math.max(0, from - position), Math.max(0, to - position)));
    position += bytes.length;
  }
  return { sha256: hash.digest('hex'), fingerprint: mark.read() };
}

/** Copies a file and reads both again: what was proven of the one holds for the other. */
export async function copyProven(from: string, to: string): Promise<void> {
  copyFileSync(from, to, constants.COPYFILE_FICLONE);
  const copies = chunksOf(to);
  for await (const bytes of chunksOf(from)) {
    const { value: copied } = await copies.next();
    if (!copied || !bytes.equals(copied)) throw new Error(`${to} is not the copy it should be.`);
  }
  if (!(await copies.next()).done) throw new Error(`${to} is longer than what it was copied from.`);
}

/** Reads into one buffer again and again: a stream takes fresh memory for each chunk, which costs more than the hash. */
async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.allocUnsafe(chunkBytes);
  const file = openSync(path, 'r');
  let breathedAtMs = performance.now();
  try {
    for (let got = readSync(file, bytes); got > 0; got = readSync(file, bytes)) {
      yield bytes.subarray(0, got);
      if (performance.now() - breathedAtMs < breatheEveryMs) continue;
      await breathe();
      breathedAtMs = performance.now();
    }
  } finally {
    closeSync(file);
  }
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
