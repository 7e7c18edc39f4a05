// Blocks that lie where kernels can reach them, so that nothing is copied. They are lent for one pass and come back at its
// end; when all are out, a block of the ordinary kind does the same work.
import { BLOCK_FRAMES, createBlock, type StereoBlock } from '../audio.ts';
import { isReserved, reserve } from './wasm.ts';

/** Enough for some passes at once; 64 KB each. */
const MOST = 64;

const idle: StereoBlock[] = [];
let made = 0;

const borrowBlock = (): StereoBlock => {
  const block = idle.pop();
  if (block) return block;
  if (made === MOST) return createBlock();
  made++;
  return reservedBlock();
};

/** For a workspace that belongs to a module. */
export const reservedBlock = (): StereoBlock => ({ left: reserve(BLOCK_FRAMES), right: reserve(BLOCK_FRAMES) });

/** Lends so many blocks, of any content, until `use` has come to its end. */
export const withBlocks = async <T>(count: number, use: (...blocks: StereoBlock[]) => Promise<T>): Promise<T> => {
  const blocks = Array.from({ length: count }, borrowBlock);
  try {
    return await use(...blocks);
  } finally {
    for (const block of blocks) if (isReserved(block.left)) idle.push(block);
  }
};
