/**
 * What a file is by its first bytes; its name is never asked, and no library guesses. Whoever reads it is told what to expect, so that
 * a playlist dressed as a song is never followed.
 */
import { CodecError } from './codec-error.ts';

/** Reads up to `length` bytes at a position; fewer at the end of the file. */
export type ReadAt = (position: number, length: number) => Buffer;

export type FileKind = 'wav' | 'w64' | 'aiff' | 'caf' | 'flac' | 'ogg' | 'mp4' | 'mp3' | 'adts';

type Magic<Name> = { name: Name; matches: (bytes: Buffer) => boolean };

/** Bytes needed to tell. */
const sniffBytes = 16;
/** A file may begin with several tags. */
const maxTags = 8;

const ascii = (bytes: Buffer, from: number, to: number): string => bytes.toString('latin1', from, to);
const begins = (text: string) => (bytes: Buffer) => ascii(bytes, 0, text.length) === text;
const beginsHex = (hex: string) => (bytes: Buffer) => bytes.toString('hex', 0, hex.length / 2) === hex;

const readable: Magic<FileKind>[] = [
  { name: 'wav', matches: (b) => /^(RIFF|RF64|BW64)$/.test(ascii(b, 0, 4)) && ascii(b, 8, 12) === 'WAVE' },
  { name: 'w64', matches: beginsHex('726966662e91cf11a5d628db04c10000') },
  { name: 'aiff', matches: (b) => begins('FORM')(b) && /^AIF[FC]$/.test(ascii(b, 8, 12)) },
  { name: 'caf', matches: begins('caff') },
  { name: 'flac', matches: begins('fLaC') },
  { name: 'ogg', matches: begins('OggS') },
  { name: 'mp4', matches: (b) => ascii(b, 4, 8) === 'ftyp' },
  { name: 'adts', matches: (b) => b.length >= 4 && b[0] === 0xff && (b[1] & 0xf6) === 0xf0 && (b[2] & 0x3c) < 0x34 },
  { name: 'mp3', matches: (b) => mpegLayerOf(b) === 3 },
];

/** Recognised so that the refusal can name it. */
const otherAudio: Magic<string>[] = [
  { name: 'big-endian WAV (RIFX)', matches: (b) => begins('RIFX')(b) && ascii(b, 8, 12) === 'WAVE' },
  { name: 'MPEG audio of layer I or II', matches: (b) => mpegLayerOf(b) !== undefined },
  { name: 'WavPack', matches: begins('wvpk') },
  { name: "Monkey's Audio", matches: begins('MAC ') },
  { name: 'Windows Media', matches: beginsHex('3026b2758e66cf11') },
  { name: 'Matroska or WebM', matches: beginsHex('1a45dfa3') },
  { name: 'DSD', matches: (b) => begins('DSD ')(b) || begins('FRM8')(b) },
  { name: 'AU', matches: begins('.snd') },
  { name: 'MIDI', matches: begins('MThd') },
];

/**
 * @returns also where the file begins, behind its tags
 * @throws CodecError `audio_empty`, `not_audio`, or `unsupported_encoding` for audio of a kind that is not read
 */
export function sniff(readAt: ReadAt): { kind: FileKind; position: number } {
  let bytes = readAt(0, sniffBytes);
  if (bytes.length === 0) throw new CodecError('audio_empty', 'The file is empty: it has 0 bytes.');
  let position = 0;
  for (let tags = 0; begins('ID3')(bytes) && bytes.length >= 10 && tags < maxTags; tags++) {
    position += id3Bytes(bytes);
    bytes = readAt(position, sniffBytes);
  }
  const kind = readable.find(({ matches }) => matches(bytes))?.name;
  if (kind !== undefined && (position === 0 || mayFollowTag.has(kind))) return { kind, position };
  const other = otherAudio.find(({ matches }) => matches(bytes));
  if (!other) throw new CodecError('not_audio', 'This file is not audio that Lathe knows, whatever its name says.');
  const message = `This is a file of the kind ${other.name}, which Lathe does not read. Send WAV, AIFF or FLAC.`;
  throw new CodecError('unsupported_encoding', message);
}

const mayFollowTag: ReadonlySet<FileKind> = new Set(['flac', 'mp3', 'adts']);

/** The length of an ID3v2 tag: four bytes of seven bits, and a footer if a flag says so (ID3v2.4, 3.1). */
function id3Bytes(head: Buffer): number {
  const size = (head[6] & 0x7f) * 2 ** 21 + (head[7] & 0x7f) * 2 ** 14 + (head[8] & 0x7f) * 2 ** 7 + (head[9] & 0x7f);
  return 10 + size + (head[5] & 0x10 ? 10 : 0);
}

/** Frame sync, a version, layer, bit rate and sample rate that exist: ISO/IEC 11172-3, 2.4.1.3. */
function mpegLayerOf(bytes: Buffer): 1 | 2 | 3 | undefined {
  if (bytes.length < 4 || bytes[0] !== 0xff || (bytes[1] & 0xe0) !== 0xe0) return undefined;
  const exists = (bytes[1] & 0x18) !== 0x08 && (bytes[2] & 0xf0) !== 0xf0 && (bytes[2] & 0x0c) !== 0x0c;
  return exists ? ([undefined, 3, 2, 1] as const)[(bytes[1] >> 1) & 3] : undefined;
}
