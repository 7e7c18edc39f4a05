/**
 * Tags into a WAV file that is finished but for them: `bext` into the place kept for it, INFO and `id3 ` behind the samples.
 * The samples are not touched.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { WAV_BEXT_OFFSET } from '../wav-writer.ts';
import { type BextLoudness, type BextSound, bextChunk } from './bext.ts';
import { id3Tag } from './id3.ts';
import { infoList } from './info-list.ts';
import type { MusicTags } from './music-tags.ts';

/** Of the place to keep for `bext`. */
export const bextBytes = (sound: BextSound): number => bextChunk(sound, {}, null).length;

/** @param path a file that was written with a place for `bext`, and has no tags yet */
export function tagWav(path: string, sound: BextSound, tags: MusicTags, loudness: BextLoudness): void {
  const file = openSync(path, 'r+');
  try {
    writeAt(file, bextChunk(sound, tags, loudness), WAV_BEXT_OFFSET + 8);
    const end = fstatSync(file).size;
    const padding = Buffer.alloc(end % 2);
    const behind = Buffer.concat([padding, chunk('LIST', infoList(tags)), chunk('id3 ', id3Tag(tags))]);
    writeAt(file, behind, end);
    writeRiffSize(file, end + behind.length - 8);
  } finally {
    closeSync(file);
  }
}

/** Makes the place kept for `bext` one that says nothing. */
export function untagWav(path: string): void {
  const file = openSync(path, 'r+');
  try {
    writeAt(file, Buffer.from('JUNK', 'latin1'), WAV_BEXT_OFFSET);
  } finally {
    closeSync(file);
  }
}

/** In RF64 the size stands in the ds64 chunk, the first. */
function writeRiffSize(file: number, riffBytes: number): void {
  const magic = Buffer.alloc(4);
  readSync(file, magic, 0, 4, 0);
  const wide = magic.toString('latin1') === 'RF64';
  const size = Buffer.alloc(wide ? 8 : 4);
  if (wide) size.writeBigUInt64LE(BigInt(riffBytes));
  else size.writeUInt32LE(riffBytes);
  writeAt(file, size, wide ? 20 : 4);
}

function chunk(id: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, 0, 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)]);
}

function writeAt(file: number, bytes: Buffer, position: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written, bytes.length - written, position + written);
  }
}
