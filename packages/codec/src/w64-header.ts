/**
 * The header of a Sony Wave64 file: WAV with names of 16 bytes, sizes of 64 bits that count their own head, and chunks at
 * multiples of 8 ("Sony Wave64 file format", 2003). Some writers count the padding at the end as audio.
 */
import { type ChunkLayout, walkChunks } from './chunks.ts';
import { CodecError } from './codec-error.ts';
import { framesIn, missingFormat, noAudio, type PcmHeader, type PcmLayout } from './pcm-header.ts';
import type { ReadAt } from './sniff.ts';
import { parseFormat } from './wav-format.ts';

/** What follows the four letters in the names of `fmt ` and `data`. */
const nameTail = 'f3acd3118cd100c04f8edb8a';
const headBytes = 24;
/** What writers that never came back leave as size of the audio. */
const unknownSizes: ReadonlySet<number> = new Set([-headBytes, 0, -1 - headBytes]);

const layout: ChunkLayout = {
  start: 40,
  headBytes,
  parse: (head) => {
    const known = head.toString('hex', 4, 16) === nameTail;
    const id = known ? head.toString('latin1', 0, 4) : '';
    return { id, size: Number(head.readBigInt64LE(16)) - headBytes };
  },
  align: 8,
  audio: 'data',
};

/** @throws CodecError for a file that cannot be read */
export function parseW64Header(readAt: ReadAt, fileBytes: number): PcmHeader {
  if (readAt(24, 16).toString('hex') !== `77617665${nameTail}`) {
    throw new CodecError('not_audio', 'This Wave64 file holds something other than audio.');
  }
  let pcm: PcmLayout | undefined;
  for (const { id, size, offset } of walkChunks(readAt, fileBytes, layout)) {
    if (id === 'fmt ') pcm = refuseBytes(parseFormat(readAt(offset, Math.min(size, 40))));
    if (id !== 'data') continue;
    if (!pcm) throw missingFormat();
    const declaredBytes = unknownSizes.has(size) ? undefined : Math.max(0, size);
    return { format: 'w64', ...pcm, frames: framesIn({ offset, declaredBytes }, fileBytes, pcm), dataOffset: offset };
  }
  throw pcm ? noAudio() : missingFormat();
}

/** Unsigned bytes rest on 128: padding of zeros, counted as audio, would be a click. */
function refuseBytes(pcm: PcmLayout): PcmLayout {
  if (pcm.encoding !== 'uint8') return pcm;
  throw new CodecError('unsupported_encoding', 'Lathe reads Wave64 of 16 bits and more; this file has 8 bits.');
}
