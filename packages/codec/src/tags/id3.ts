/**
 * An ID3v2.4 tag, as the `id3 ` chunk of a WAV holds it: text frames in UTF-8, several artists divided by a zero byte.
 * Source: id3.org, "ID3 tag version 2.4.0 – Main Structure" and "– Native Frames".
 */
import type { Cover, MusicTags } from './music-tags.ts';

const UTF8 = 3;
const FRONT_COVER = 3;

export function id3Tag(tags: MusicTags): Buffer {
  const frames = Buffer.concat([...textFrames(tags), ...otherFrames(tags)]);
  const header = Buffer.from([0x49, 0x44, 0x33, 4, 0, 0, ...synchsafe(frames.length)]);
  return Buffer.concat([header, frames]);
}

function textFrames(tags: MusicTags): Buffer[] {
  const { title, artists, album, albumArtist, trackNumber, discNumber, isrc, copyright, label, year, genre } = tags;
  const texts: [id: string, text: string | number | undefined][] = [
    ['TIT2', title],
    ['TPE1', artists?.join('\0')],
    ['TALB', album],
    ['TPE2', albumArtist],
    ['TRCK', trackNumber],
    ['TPOS', discNumber],
    ['TSRC', isrc],
    ['TCOP', copyright],
    ['TPUB', label],
    ['TDRC', year],
    ['TCON', genre],
  ];
  return texts.flatMap(([id, text]) => (text === undefined ? [] : [frame(id, textBytes(String(text)))]));
}

function otherFrames({ upc, comment, cover }: MusicTags): Buffer[] {
  return [
    ...(upc === undefined ? [] : [frame('TXXX', textBytes(`BARCODE\0${upc}`))]),
    ...(comment === undefined ? [] : [frame('COMM', Buffer.from(`\x03eng\0${comment}`))]),
    ...(cover === undefined ? [] : [frame('APIC', pictureBytes(cover))]),
  ];
}

const textBytes = (text: string): Buffer => Buffer.concat([Buffer.from([UTF8]), Buffer.from(text)]);

const pictureBytes = ({ bytes, mimeType }: Cover): Buffer =>
  Buffer.concat([Buffer.from([UTF8]), Buffer.from(`${mimeType}\0`), Buffer.from([FRONT_COVER, 0]), bytes]);

const frame = (id: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(id, 'latin1'), Buffer.from([...synchsafe(body.length), 0, 0]), body]);

/** Seven bits a byte. */
const synchsafe = (size: number): number[] => [21, 14, 7, 0].map((shift) => (size >> shift) & 0x7f);
