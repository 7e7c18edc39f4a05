import { closeSync, openSync, readSync } from 'node:fs';
import type { Tag } from 'node-taglib-sharp';
import { WAV_BEXT_OFFSET } from '../wav-writer.ts';

/** What a file says about the music in it. */
export type WrittenTags = { title: string | null; artists: string[]; anything: boolean };

/** Reads the tags of any file that Lathe writes; a `bext` chunk counts as something said. */
export async function readTags(path: string): Promise<WrittenTags> {
  // Loaded when a file needs it: that takes as long as tagging ten files.
  const { File } = await import('node-taglib-sharp');
  const file = File.createFromPath(path);
  try {
    const { title, performers } = file.tag;
    return { title: title || null, artists: performers, anything: saysAnything(file.tag) || hasBext(path) };
  } finally {
    file.dispose();
  }
}

/** Of the music: what an encoder says of itself does not count. */
function saysAnything(tag: Tag): boolean {
  const { title, album, isrc, copyright, publisher, comment, performers, albumArtists, genres } = tag;
  const texts = [title, album, isrc, copyright, publisher, comment, ...performers, ...albumArtists, ...genres];
  return texts.some(Boolean) || tag.track > 0 || tag.disc > 0 || tag.year > 0 || tag.pictures.length > 0;
}

function hasBext(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const id = Buffer.alloc(4);
    readSync(file, id, 0, 4, WAV_BEXT_OFFSET);
    return id.toString('latin1') === 'bext';
  } finally {
    closeSync(file);
  }
}
