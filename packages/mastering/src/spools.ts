import { join } from 'node:path';
import { createFloatWav, type FloatWavWriter } from '@lathe/codec';
import type { MasteringPlan } from '@lathe/contracts';
import {
  type AudioStream,
  createOutliner,
  type OnProgress,
  type Outline,
  type Outliner,
  Resampler,
  renderTone,
  type WriteBlock,
} from '@lathe/engine';
import { createOutlineFile, type OutlineFile } from './outline-file.ts';
import { openOwn, withFile } from './source.ts';

/** The mix after everything but the loudness stage, to be read from its start whenever it is opened, and its outline. */
export type Spool = { open: () => AudioStream; outline: Outline };

/**
 * One for each rate that is delivered, so that loudness and true peak are brought about on the samples that are delivered.
 * As 32-bit float: no sample can clip there.
 */
export type Spools = {
  ratesHz: readonly number[];
  /** Runs `work` on the spool of a rate. */
  with<T>(rateHz: number, work: (spool: Spool) => Promise<T>): Promise<T>;
  /** Lets go of the outlines. */
  close(): void;
};

type Tone = { stream: AudioStream; folder: string; plan: MasteringPlan };

/** Fills the spools of all rates in one pass over the source. */
export async function spoolTone(
  { stream, folder, plan }: Tone,
  ratesHz: readonly number[],
  onProgress: OnProgress,
): Promise<Spools> {
  const writers: SpoolWriter[] = [];
  const close = (): void => {
    for (const { file } of writers) file.close();
  };
  try {
    for (const rateHz of ratesHz) writers.push(createSpool(join(folder, `tone-${rateHz}.wav`), rateHz));
    const ways = writers.map((writer) => atRate(stream.sampleRateHz, writer.rateHz, toBoth(writer)));
    await renderTone(stream, plan, toAll(ways), onProgress);
    for (const { finish } of ways) await finish();
    const spools = writers.map(({ rateHz, path, wav, outliner }) => {
      wav.close();
      return { rateHz, path, outline: outliner.finish() };
    });
    return { ratesHz, with: usingOneOf(spools), close };
  } catch (error) {
    for (const { wav } of writers) wav.abandon();
    close();
    throw error;
  }
}

/** A spool that is written, by its rate. */
export type Written = { rateHz: number; path: string; outline: Outline };

export const usingOneOf =
  (spools: readonly Written[]): Spools['with'] =>
  (rateHz, work) => {
    const spool = spools.find((each) => each.rateHz === rateHz);
    if (!spool) throw new Error(`there is no spool of ${rateHz} Hz`);
    const { path, outline } = spool;
    return withFile(openOwn(path), (open) => work({ open, outline }));
  };

type SpoolWriter = { rateHz: number; path: string; wav: FloatWavWriter; file: OutlineFile; outliner: Outliner };

function createSpool(path: string, rateHz: number): SpoolWriter {
  const file = createOutlineFile(`${path}.outline`);
  return { rateHz, path, wav: createFloatWav(path, rateHz), file, outliner: createOutliner(rateHz, file) };
}

export const toBoth =
  ({ wav, outliner }: Pick<SpoolWriter, 'wav' | 'outliner'>): WriteBlock =>
  (block, frames) => {
    wav.write(block, frames);
    outliner.write(block, frames);
  };

type Way = { write: WriteBlock; finish(): Promise<void> };

const toAll =
  (ways: readonly Way[]): WriteBlock =>
  async (block, frames) => {
    for (const { write } of ways) await write(block, frames);
  };

function atRate(fromHz: number, toHz: number, write: WriteBlock): Way {
  if (fromHz === toHz) return { write, finish: async () => {} };
  const resampler = new Resampler({ fromHz, toHz }, write);
  return { write: resampler.write, finish: () => resampler.finish() };
}
