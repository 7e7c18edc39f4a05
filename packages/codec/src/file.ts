import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { CodecError } from './codec-error.ts';
import type { ReadAt } from './sniff.ts';

export type OpenFile = { descriptor: number; sizeBytes: number; readAt: ReadAt; close(): void };

/** @throws CodecError for what is no file; errors of the file system as they are */
export function openFile(path: string): OpenFile {
  // Opening a pipe would wait for its other end.
  if (!statSync(path).isFile()) throw new CodecError('not_audio', 'This is a folder or a device, not a file.');
  const descriptor = openSync(path, 'r');
  const readAt: ReadAt = (position, length) => {
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readInto(descriptor, bytes, position));
  };
  return { descriptor, sizeBytes: fstatSync(descriptor).size, readAt, close: () => closeSync(descriptor) };
}

/** Reads until the buffer is full or the file ends; one call may give less than asked. */
export function readInto(file: number, bytes: Buffer, position: number): number {
  let filled = 0;
  while (filled < bytes.length) {
    const got = readSync(file, bytes, filled, bytes.length - filled, position + filled);
    if (got === 0) break;
    filled += got;
  }
  return filled;
}
