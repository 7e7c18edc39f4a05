/**
 * The `bext` chunk of a Broadcast Wave file, version 2, with the loudness that was measured. EBU Tech 3285 (bext), EBU R 98
 * (coding history). No date, time or number that another run would not repeat.
 */
import type { MusicTags } from './music-tags.ts';

/** Loudness in LUFS and LU, peaks in dBTP; `null` where there is none. */
export type BextLoudness = {
  integratedLufs: number | null;
  loudnessRangeLu: number | null;
  truePeakDbtp: number | null;
  maxMomentaryLufs: number | null;
  maxShortTermLufs: number | null;
};
export type BextSound = { sampleRateHz: number; wordLengthBits: 16 | 24 | 32 };

const FIXED_BYTES = 602;
/** Says that a value was not measured. */
const UNKNOWN = 0x7fff;

/** Its length follows from the sound alone, so that the place can be kept while the samples are written. */
export function bextChunk(sound: BextSound, tags: MusicTags, loudness: BextLoudness | null): Buffer {
  const history = codingHistory(sound);
  const chunk = Buffer.alloc(FIXED_BYTES + history.length);
  const artists = tags.artists?.join(', ');
  writeText(chunk, [artists, tags.title].filter((text) => text !== undefined).join(' - '), 0, 256);
  writeText(chunk, 'Lathe', 256, 32);
  writeText(chunk, tags.isrc ?? '', 288, 32);
  chunk.writeUInt16LE(2, 346);
  const { integratedLufs, loudnessRangeLu, truePeakDbtp, maxMomentaryLufs, maxShortTermLufs } = loudness ?? unknown;
  const values = [integratedLufs, loudnessRangeLu, truePeakDbtp, maxMomentaryLufs, maxShortTermLufs];
  for (const [i, value] of values.entries()) chunk.writeInt16LE(hundredths(value), 412 + 2 * i);
  history.copy(chunk, FIXED_BYTES);
  return chunk;
}

const unknown: BextLoudness = {
  ...{ integratedLufs: null, loudnessRangeLu: null, truePeakDbtp: null },
  ...{ maxMomentaryLufs: null, maxShortTermLufs: null },
};

const hundredths = (value: number | null): number =>
  value === null ? UNKNOWN : Math.max(-0x8000, Math.min(UNKNOWN - 1, Math.round(100 * value)));

/** Even in length: libsndfile cannot open an RF64 file with an odd one. */
function codingHistory({ sampleRateHz, wordLengthBits }: BextSound): Buffer {
  const line = `A=PCM,F=${sampleRateHz},W=${wordLengthBits},M=stereo,T=Lathe\r\n`;
  return Buffer.from(line.length % 2 === 0 ? line : `${line}\0`, 'latin1');
}

function writeText(chunk: Buffer, text: string, offset: number, length: number): void {
  chunk.write(asciiOf(text).slice(0, length), offset, 'latin1');
}

/** Letters without their accents; a question mark for what has no plain form. The whole truth stands in the ID3 tag. */
export const asciiOf = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .replaceAll(/[–—]/g, '-')
    .replaceAll(/[’‘]/g, "'")
    .replaceAll(/[“”]/g, '"')
    .replace(/[^\x20-\x7e]/gu, '?');
