/**
 * Whether an MP3 file counts its frames: a first frame of silence carries a Xing, Info or VBRI header (LAME Technical FAQ; Fraunhofer).
 * Without one its length is anybody's guess.
 */
import type { ReadAt } from './sniff.ts';

/** Behind the head of the frame and its side information, which is 9, 17 or 32 bytes long; 36 for VBRI. */
const places: [at: number, names: string[]][] = [
  ...[13, 21, 36].map((at): [number, string[]] => [at, ['Xing', 'Info']]),
  [36, ['VBRI']],
];

export function countsItsFrames(readAt: ReadAt, firstFrame: number): boolean {
  const frame = readAt(firstFrame, 64);
  return places.some(([at, names]) => names.includes(frame.toString('latin1', at, at + 4)));
}
