import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { setImmediate as breathe } from 'node:timers/promises';
import type { OutlineStore } from '@lathe/engine';

const breatheEveryMs = 50;
const numberBytes = Float32Array.BYTES_PER_ELEMENT;

export type OutlineFile = OutlineStore & { close(): void };

/** Keeps the outline of a song in a file of our own: two bytes a frame. Now and then a reading lets the process breathe. */
export function createOutlineFile(path: string): OutlineFile {
  const file = openSync(path, 'w+');
  let lengthBytes = 0;
  let breathedAtMs = performance.now();
  return {
    append(records) {
      const bytes = bytesOf(records);
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(file, bytes, done, bytes.length - done, lengthBytes + done);
      }
      lengthBytes += bytes.length;
    },
    async read(at, records) {
      const bytes = bytesOf(records);
      for (let done = 0; done < bytes.length; ) {
        const got = readSync(file, bytes, done, bytes.length - done, at * numberBytes + done);
        if (got === 0) throw new Error('the outline is shorter than it was written');
        done += got;
      }
      if (performance.now() - breathedAtMs < breatheEveryMs) return;
      await breathe();
      breathedAtMs = performance.now();
    },
    close: () => closeSync(file),
  };
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
