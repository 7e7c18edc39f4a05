/** Uncompressed audio in: streaming, in blocks of the engine's size, exact for every encoding. */
import { type AudioStream, BLOCK_FRAMES, type FileFacts } from '@lathe/engine';
import { CodecError } from './codec-error.ts';
import { createDecode, encodings } from './encodings.ts';
import { readInto } from './file.ts';
import { frameBytesOf, type PcmHeader } from './pcm-header.ts';

/** Fewer reads cost half as much as one for each block. */
const BLOCKS_PER_READ = 4;

/** The audio of an open file from its start; several streams may be read at once. */
export function createPcmStream(file: number, header: PcmHeader, facts: FileFacts): AudioStream {
  const { encoding, channels, sampleRateHz, frames, dataOffset } = header;
  const frameBytes = frameBytesOf(header);
  const decode = createDecode(encoding, channels);
  const turn = header.byteOrder === 'big' ? turners[encodings[encoding].bytes] : undefined;
  const bytes = Buffer.alloc(BLOCKS_PER_READ * BLOCK_FRAMES * frameBytes);
  let position = 0;
  /** Of the bytes held: where the next frame stands, and their end. */
  let from = 0;
  let to = 0;
  const fill = (wanted: number): void => {
    const asked = Math.min(BLOCKS_PER_READ * BLOCK_FRAMES, frames - position) * frameBytes;
    from = 0;
    to = readInto(file, bytes.subarray(0, asked), dataOffset + position * frameBytes);
    if (to < wanted * frameBytes) {
      throw new CodecError('truncated_audio', `The file became shorter while it was read, after ${position} frames.`);
    }
    turn?.(bytes.subarray(0, to - (to % frameBytes)));
  };
  return {
    sampleRateHz,
    channels,
    frames,
    file: facts,
    read(block) {
      const wanted = Math.min(block.left.length, BLOCK_FRAMES, frames - position);
      if (to - from < wanted * frameBytes) fill(wanted);
      decode(new DataView(bytes.buffer, bytes.byteOffset + from, wanted * frameBytes), wanted, block);
      from += wanted * frameBytes;
      position += wanted;
      return wanted;
    },
  };
}

/** Turn big-endian samples of so many bytes round. */
const turners: Record<number, (bytes: Buffer) => void> = {
  2: (bytes) => bytes.swap16(),
  3: (bytes) => {
    for (let i = 0; i < bytes.length; i += 3) {
      const first = bytes[i];
      bytes[i] = bytes[i + 2];
      bytes[i + 2] = first;
    }
  },
  4: (bytes) => bytes.swap32(),
  8: (bytes) => bytes.swap64(),
};
