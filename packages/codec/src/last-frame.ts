/**
 * Whether a bare stream of frames (ADTS, ISO/IEC 13818-7, 6.2; MPEG audio layer III, ISO/IEC 11172-3, 2.4.1) is cut off inside its last frame.
 * Each frame tells its own length: from some frame near the end on, they are followed to the end of the file.
 */
import type { ReadAt } from './sniff.ts';

const tailBytes = 2 ** 15;
/** So many in a row are no accident. */
const leastFrames = 3;
/** What may come behind the frames. */
const tags = ['TAG', 'APETAGEX', 'LYRICSBEGIN', '3DI'];

type FrameBytes = (head: Buffer) => number;

/** True where the last frame is longer than what is left of the file; false where it is whole, or nothing can be told. */
export function isCutInFrame(kind: 'adts' | 'mp3', readAt: ReadAt, sizeBytes: number): boolean {
  const tail = readAt(Math.max(0, sizeBytes - tailBytes), Math.min(sizeBytes, tailBytes));
  const frameBytes = kind === 'adts' ? adtsBytes : mp3Bytes;
  for (let start = 0; start + 7 <= tail.length; start++) {
    const { frames, end, isWhole } = follow(tail, start, frameBytes);
    if (frames < leastFrames) continue;
    const rest = tail.toString('latin1', end, end + 16);
    return !isWhole && !tags.some((tag) => rest.startsWith(tag));
  }
  return false;
}

/** From frame to frame, as far as they go: a last one that does not fit is not counted, and ends nothing. */
function follow(
  tail: Buffer,
  start: number,
  frameBytes: FrameBytes,
): { frames: number; end: number; isWhole: boolean } {
  let [frames, end] = [0, start];
  while (end + 7 <= tail.length) {
    const length = frameBytes(tail.subarray(end, end + 7));
    if (length === 0) return { frames, end, isWhole: true };
    if (end + length > tail.length) return { frames, end, isWhole: false };
    frames++;
    end += length;
  }
  const isSync = tail.length - end >= 2 && tail[end] === 0xff && (tail[end + 1] & 0xe0) === 0xe0;
  return { frames, end, isWhole: !isSync };
}

/** 0 for what is no head of a frame. */
const adtsBytes: FrameBytes = (head) => {
  const isHead = head[0] === 0xff && (head[1] & 0xf6) === 0xf0;
  const length = ((head[3] & 3) << 11) | (head[4] << 3) | (head[5] >> 5);
  return isHead && length >= 7 ? length : 0;
};

/** kbit/s by index: MPEG 1 layer III, and MPEG 2 and 2.5. */
const bitRates = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];
const sampleRatesHz = [44_100, 48_000, 32_000];

const mp3Bytes: FrameBytes = (head) => {
  const [version, layer] = [(head[1] >> 3) & 3, (head[1] >> 1) & 3];
  const isHead = head[0] === 0xff && (head[1] & 0xe0) === 0xe0 && version !== 1 && layer === 1;
  const rateHz = sampleRatesHz[(head[2] >> 2) & 3];
  const kbps = bitRates[version === 3 ? 0 : 1][head[2] >> 4];
  if (!isHead || rateHz === undefined || !kbps) return 0;
  const perFrame = version === 3 ? 144_000 : 72_000;
  const divisor = version === 3 ? 1 : version === 2 ? 2 : 4;
  return Math.floor((perFrame * kbps) / (rateHz / divisor)) + ((head[2] >> 1) & 1);
};
