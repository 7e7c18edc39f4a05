import { createFloatWav, createIntegerWav } from '@lathe/codec';
import { type Deliverable, formats, type MasterOrder } from '@lathe/contracts';
import {
  BLOCK_FRAMES,
  createQuantiser,
  type Limited,
  type LoudnessMove,
  type OnProgress,
  renderLoudnesses,
  type WriteBlock,
} from '@lathe/engine';
import type { Spool } from './spools.ts';

export type Delivery = {
  path: string;
  format: Deliverable['format'];
  move: LoudnessMove;
  dither: MasterOrder['dither'];
  /** Of the dither. */
  seed: number;
};

/**
 * Writes finished files, all in one pass: gain and limiter, then dither down to the word length. Tells what each limiter
 * did.
 */
export async function deliver(
  { outline, open }: Spool,
  deliveries: readonly Delivery[],
  onProgress?: OnProgress,
): Promise<Limited[]> {
  const files: Open[] = [];
  try {
    for (const delivery of deliveries) files.push(openFile(delivery, outline.sampleRateHz));
    const renditions = files.map(({ move, write }) => ({ move, write }));
    const limited = await renderLoudnesses(outline, open(), renditions, onProgress);
    for (const file of files) file.close();
    return limited;
  } finally {
    for (const file of files) file.abandon();
  }
}

type Open = { move: LoudnessMove; write: WriteBlock; close(): unknown; abandon(): void };

function openFile({ path, format, move, dither, seed }: Delivery, sampleRateHz: number): Open {
  if (format === 'wav32f') return { ...createFloatWav(path, sampleRateHz), move };
  if (format !== 'wav16' && format !== 'wav24') throw new Error(`${format} is not written yet`);
  const { wordLengthBits } = formats[format];
  const file = createIntegerWav(path, { sampleRateHz, wordLengthBits });
  const quantise = createQuantiser({ wordLengthBits, seed, dither, sampleRateHz });
  const samples = new Int32Array(2 * BLOCK_FRAMES);
  return {
    ...file,
    move,
    write: (block, frames) => {
      quantise(block, frames, samples);
      file.write(samples, frames);
    },
  };
}
