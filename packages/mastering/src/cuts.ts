import { bextBytes, createFloatWav, createIntegerWav, type WavOptions } from '@lathe/codec';
import type { MasterOrder } from '@lathe/contracts';
import {
  createQuantiser,
  Fingerprint,
  type Limited,
  type LoudnessMove,
  type OnProgress,
  renderLoudnesses,
  reservedSamples,
  type StereoBlock,
  type WriteBlock,
} from '@lathe/engine';
import type { Spool } from './spools.ts';

/** What the samples of a stream are; every file of the same kind that is made of a cut has the same. */
export type StreamKind = 'wav16' | 'wav24' | 'wav32f';

/** One gain and ceiling, and the streams that are written of what comes out: WAV files without tags. */
export type Cut = { move: LoudnessMove; streams: { kind: StreamKind; path: string }[] };

/** What came of a cut: what the limiter did, and the samples of each stream as they were given to the disk. */
export type Rendered = { limited: Limited; streams: ReadonlyMap<StreamKind, Stream> };
export type Stream = { path: string; fingerprint: string };

export type Finish = {
  dither: MasterOrder['dither'];
  /** Of the dither. */
  seed: number;
};

/**
 * Renders cuts in one pass: gain and limiter, then dither down to the word length of each of their streams. Tells what the
 * limiters did.
 */
export async function renderCuts(
  { outline, open }: Spool,
  cuts: readonly Cut[],
  finish: Finish,
  onProgress?: OnProgress,
): Promise<Rendered[]> {
  const files: Open[] = [];
  try {
    const renditions = cuts.map(({ move, streams }) => {
      const opened = streams.map(({ kind, path }) => {
        const file = openStream(kind, path, { ...finish, ...outline });
        files.push(file);
        return file;
      });
      return { move, write: toAll(opened), opened };
    });
    const limited = await renderLoudnesses(outline, open(), renditions, onProgress);
    for (const file of files) file.close();
    return limited.map((told, i) => ({ limited: told, streams: streamsOf(renditions[i]?.opened ?? []) }));
  } finally {
    for (const file of files) file.abandon();
  }
}

/** Workspace, for the length of a call. */
const samples = reservedSamples();

type Open = {
  kind: StreamKind;
  path: string;
  mark: Fingerprint;
  write: WriteBlock;
  close(): unknown;
  abandon(): void;
};

const streamsOf = (files: readonly Open[]): Rendered['streams'] =>
  new Map(files.map(({ kind, path, mark }) => [kind, { path, fingerprint: mark.read() }]));

const toAll =
  (files: readonly Open[]): WriteBlock =>
  (block, frames) => {
    for (const { write } of files) write(block, frames);
  };

function openStream(kind: StreamKind, path: string, how: Finish & { sampleRateHz: number }): Open {
  const { sampleRateHz, seed, dither } = how;
  const wordLengthBits = ({ wav16: 16, wav24: 24, wav32f: 32 } as const)[kind];
  // A place for tags, which the finished file fills or hides.
  const mark = new Fingerprint();
  const options: WavOptions = {
    bextBytes: bextBytes({ sampleRateHz, wordLengthBits }),
    onSamples: (bytes) => mark.push(bytes),
  };
  const about = { kind, path, mark };
  if (wordLengthBits === 32) return { ...about, ...createFloatWav(path, sampleRateHz, options) };
  const file = createIntegerWav(path, { sampleRateHz, wordLengthBits }, options);
  const quantise = createQuantiser({ wordLengthBits, seed, dither, sampleRateHz });
  return {
    ...about,
    ...file,
    write: (block: StereoBlock, frames: number) => {
      quantise(block, frames, samples);
      file.write(samples, frames);
    },
  };
}
