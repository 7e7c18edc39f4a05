import { createFloatWav, createIntegerWav } from '@lathe/codec';
import type { Deliverable, MasterOrder } from '@lathe/contracts';
import {
  type AudioStream,
  BLOCK_FRAMES,
  createQuantiser,
  type LoudnessMove,
  type OnProgress,
  renderLoudness,
  type WriteBlock,
} from '@lathe/engine';

export type Delivery = {
  path: string;
  format: Deliverable['format'];
  move: LoudnessMove;
  dither: MasterOrder['dither'];
  /** Of the dither. */
  seed: number;
};

const wordLengths = { wav16: 16, wav24: 24 } as const;

/** Writes one finished file: gain and limiter, then dither down to the word length. */
export async function deliver(stream: AudioStream, delivery: Delivery, onProgress?: OnProgress): Promise<void> {
  const file = openFile(delivery, stream.sampleRateHz);
  try {
    await renderLoudness(stream, delivery.move, file.write, onProgress);
    file.close();
  } finally {
    file.abandon();
  }
}

type Open = { write: WriteBlock; close(): unknown; abandon(): void };

function openFile({ path, format, dither, seed }: Delivery, sampleRateHz: number): Open {
  if (format === 'wav32f') return createFloatWav(path, sampleRateHz);
  const wordLengthBits = wordLengths[format];
  const file = createIntegerWav(path, { sampleRateHz, wordLengthBits });
  const quantise = createQuantiser({ wordLengthBits, seed, dither, sampleRateHz });
  const samples = new Int32Array(2 * BLOCK_FRAMES);
  return {
    ...file,
    write: (block, frames) => {
      quantise(block, frames, samples);
      file.write(samples, frames);
    },
  };
}
