/**
 * Where the audio of an MPEG-4 file begins and ends (ISO/IEC 14496-12, 8.6.6; Apple, "Audio priming", 2012). Three places may tell, the
 * most exact first: iTunes' own comment, the edit list with the length of the media, the length of the media alone. The edit list
 * counts its length in a clock that may be as coarse as 1/600 s, the media in samples: where both agree within one tick the media is right.
 */
import { CodecError } from './codec-error.ts';
import { type Extent, unknownExtent } from './extent.ts';
import type { ReadAt } from './sniff.ts';

type Box = { type: string; offset: number; size: number };

/** More than any real file has on one level. */
const maxBoxes = 4096;
const containers: ReadonlySet<string> = new Set(['moov', 'trak', 'mdia', 'edts']);
const essential: ReadonlySet<string> = new Set(['mdat', 'moov', 'moof']);
const itunesComment = 'iTunSMPB';

function* boxesOf(readAt: ReadAt, from: number, to: number): Generator<Box> {
  let at = from;
  for (let count = 0; at + 8 <= to && count < maxBoxes; count++) {
    const head = readAt(at, 16);
    const { size, headBytes } = sizeOf(head, to - at);
    if (size < headBytes) return;
    const type = head.toString('latin1', 4, 8);
    if (at + size > to && essential.has(type)) throw cutOff('The file ends in the middle of its audio.');
    // Tags of other kinds may follow.
    if (at + size > to) return;
    yield { type, offset: at + headBytes, size: size - headBytes };
    at += size;
  }
}

/** Size 1 stands for a wide one behind the name, 0 for all that is left. */
function sizeOf(head: Buffer, left: number): { size: number; headBytes: number } {
  const size = head.length < 8 ? 1 : head.readUInt32BE(0);
  if (size === 0) return { size: left, headBytes: 8 };
  if (size > 1 || head.length < 16) return { size, headBytes: 8 };
  return { size: Number(head.readBigUInt64BE(8)), headBytes: 16 };
}

const cutOff = (message: string): CodecError => new CodecError('truncated_audio', message);

/** @throws CodecError for a file that is visibly not all there */
export function refuseCutOffMp4(readAt: ReadAt, fileBytes: number): void {
  const boxes = [...boxesOf(readAt, 0, fileBytes)];
  if (boxes.some(({ type }) => type === 'moov')) return;
  throw cutOff('The file ends before the part that says where its audio lies.');
}

type Track = { timescale: number; mediaLength: number; edits: Edit[]; isSound: boolean };
type Edit = { duration: number; mediaTime: number };

export function mp4Extent(readAt: ReadAt, fileBytes: number, sampleRateHz: number): Extent {
  const moov = [...boxesOf(readAt, 0, fileBytes)].find(({ type }) => type === 'moov');
  if (!moov) return unknownExtent;
  const children = [...boxesOf(readAt, moov.offset, moov.offset + moov.size)];
  const tracks = children.filter(({ type }) => type === 'trak').map((box) => readTrack(readAt, box));
  const [sound, other] = tracks.filter(({ isSound }) => isSound);
  const movie = children.find(({ type }) => type === 'mvhd');
  const movieScale = movie ? readClock(readAt, movie).timescale : 0;
  if (!sound || other || sound.mediaLength === 0 || sound.timescale === 0) return unknownExtent;
  const scale = sampleRateHz / sound.timescale;
  return itunesExtent(readAt, moov) ?? editedExtent(sound, movieScale, scale);
}

function readTrack(readAt: ReadAt, box: Box): Track {
  const track: Track = { timescale: 0, mediaLength: 0, edits: [], isSound: false };
  const walk = ({ offset, size }: Box, depth: number): void => {
    for (const child of boxesOf(readAt, offset, offset + size)) {
      if (containers.has(child.type) && depth < 4) walk(child, depth + 1);
      if (child.type === 'hdlr') track.isSound = readAt(child.offset + 8, 4).toString('latin1') === 'soun';
      if (child.type === 'elst') track.edits = readEdits(readAt, child);
      if (child.type !== 'mdhd') continue;
      const { timescale, length } = readClock(readAt, child);
      track.timescale = timescale;
      track.mediaLength = length;
    }
  };
  walk(box, 0);
  return track;
}

/** `mvhd` and `mdhd` begin alike: a version, two dates, the ticks of a second, the length. */
function readClock(readAt: ReadAt, { offset, size }: Box): { timescale: number; length: number } {
  const bytes = readAt(offset, Math.min(size, 32));
  if (bytes.length < 20) return { timescale: 0, length: 0 };
  if (bytes[0] === 0) return { timescale: bytes.readUInt32BE(12), length: bytes.readUInt32BE(16) };
  if (bytes.length < 32) return { timescale: 0, length: 0 };
  return { timescale: bytes.readUInt32BE(20), length: Number(bytes.readBigUInt64BE(24)) };
}

function readEdits(readAt: ReadAt, { offset, size }: Box): Edit[] {
  const bytes = readAt(offset, Math.min(size, 4096));
  if (bytes.length < 8) return [];
  const wide = bytes[0] === 1;
  const entryBytes = wide ? 20 : 12;
  const count = Math.min(bytes.readUInt32BE(4), Math.floor((bytes.length - 8) / entryBytes));
  return Array.from({ length: count }, (_, n) => {
    const at = 8 + n * entryBytes;
    if (wide) return { duration: Number(bytes.readBigUInt64BE(at)), mediaTime: Number(bytes.readBigInt64BE(at + 8)) };
    return { duration: bytes.readUInt32BE(at), mediaTime: bytes.readInt32BE(at + 4) };
  });
}

function editedExtent({ edits, timescale, mediaLength }: Track, movieScale: number, scale: number): Extent {
  // An edit without media is silence before the audio: there is nothing to be silent for.
  const real = edits.filter(({ mediaTime }) => mediaTime >= 0);
  const [edit] = real;
  const toFrames = (ticks: number): number => Math.round(ticks * scale);
  if (!edit || real.length > 1 || movieScale === 0 || edit.mediaTime >= mediaLength) {
    return exactly(0, toFrames(mediaLength));
  }
  const rest = mediaLength - edit.mediaTime;
  const edited = (edit.duration / movieScale) * timescale;
  const agree = edit.duration === 0 || Math.abs(edited - rest) <= timescale / movieScale || edited > rest;
  return exactly(toFrames(edit.mediaTime), toFrames(agree ? rest : edited));
}

const exactly = (skip: number, length: number): Extent => ({ ...unknownExtent, skip, length, declared: length });

/** ` 00000000 00000840 000001CA 00000000003F31F6 …`: nothing, frames before, frames after, frames between. */
function itunesExtent(readAt: ReadAt, moov: Box): Extent | undefined {
  const searched = readAt(moov.offset, Math.min(moov.size, 2 ** 24));
  const at = searched.indexOf(itunesComment, 0, 'latin1');
  if (at < 0) return undefined;
  const words = searched.toString('latin1', at + itunesComment.length, at + 200);
  const [, before, after, between] =
    /([0-9A-F]{8}) ([0-9A-F]{8}) ([0-9A-F]{8}) ([0-9A-F]{16})/.exec(words)?.slice(1) ?? [];
  if (before === undefined || after === undefined || between === undefined) return undefined;
  const [skip, length] = [Number.parseInt(before, 16), Number.parseInt(between, 16)];
  return length > 0 ? exactly(skip, length) : undefined;
}
