/** The `LIST` chunk of type INFO: a few plain words for programs that know nothing else. Microsoft RIFF, "INFO list". ASCII only. */
import { asciiOf } from './bext.ts';
import type { MusicTags } from './music-tags.ts';

export function infoList(tags: MusicTags): Buffer {
  const { title, artists, album, trackNumber, copyright, year, genre, comment } = tags;
  // INFO `ISRC` means a source, not the recording's code.
  const entries: [id: string, text: string | number | undefined][] = [
    ['INAM', title],
    ['IART', artists?.join(', ')],
    ['IPRD', album],
    ['ITRK', trackNumber],
    ['ICOP', copyright],
    ['ICRD', year],
    ['IGNR', genre],
    ['ICMT', comment],
    ['ISFT', 'Lathe'],
  ];
  const items = entries.flatMap(([id, text]) => (text === undefined ? [] : [item(id, asciiOf(String(text)))]));
  return Buffer.concat([Buffer.from('INFO', 'latin1'), ...items]);
}

/** Ends in a zero byte, which counts, and fills up to an even length, which does not. */
function item(id: string, text: string): Buffer {
  const head = Buffer.alloc(8);
  head.write(id, 0, 'latin1');
  head.writeUInt32LE(text.length + 1, 4);
  return Buffer.concat([head, Buffer.from(`${text}\0`, 'latin1'), Buffer.alloc((text.length + 1) % 2)]);
}
