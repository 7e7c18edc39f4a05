/** Files made of chunks, each with a name and a size: RIFF, IFF, Wave64 and CAF differ only in how these two are written. */
import { CodecError } from './codec-error.ts';
import type { ReadAt } from './sniff.ts';

/** `offset` is where the content begins, `size` its length in bytes. */
export type Chunk = { id: string; size: number; offset: number };

export type ChunkLayout = {
  /** Where the first chunk begins. */
  start: number;
  headBytes: number;
  parse: (head: Buffer) => { id: string; size: number };
  /** Chunks begin at multiples of this. */
  align: 1 | 2 | 8;
  /** The chunk with the samples: its size may be unknown or a lie, and is looked at by whoever reads it. */
  audio: string;
};

/** More than any real file has; a walk through billions of empty chunks must end. */
const maxChunks = 4096;

/** @throws CodecError `truncated_audio` for a chunk that is not all there, other than the audio. */
export function* walkChunks(readAt: ReadAt, fileBytes: number, layout: ChunkLayout): Generator<Chunk> {
  const { headBytes, align } = layout;
  let offset = layout.start;
  for (let count = 0; offset < fileBytes; count++) {
    if (count === maxChunks) {
      throw new CodecError('malformed_audio', `The header has more than ${maxChunks} parts and still no audio.`);
    }
    const head = readAt(offset, headBytes);
    const { id, size } = head.length < headBytes ? { id: '', size: 0 } : layout.parse(head);
    offset += headBytes;
    if (offset > fileBytes || (id !== layout.audio && offset + size > fileBytes)) {
      throw new CodecError('truncated_audio', `The file ends inside its header, after ${fileBytes} bytes.`);
    }
    if (size < 0 && id !== layout.audio) {
      throw new CodecError('malformed_audio', 'The header has a part of less than no bytes.');
    }
    yield { id, size, offset };
    offset = Math.ceil((offset + Math.max(0, size)) / align) * align;
  }
}
