import { rmSync } from 'node:fs';
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
import { type OutlineFile, openOutlineFile } from './outline-file.ts';
import { openOwn, openSource, withFile } from './source.ts';

/** The mix after everything but the loudness stage, to be read from its start whenever it is opened, and its outline. */
export type Spool = { open: () => AudioStream; outline: Outline };

/**
 * One for each rate that is delivered, so that loudness and true peak are brought about on the samples that are delivered.
 * As 32-bit float: no sample can clip there.
 */
export type Spools = {
  ratesHz: readonly number[];
  /** Fills all of them in one pass over the source. */
  fill(tone: Tone, onProgress: OnProgress): Promise<void>;
  with<T>(rateHz: number, work: (spool: Spool) => Promise<T>): Promise<T>;
  /** Harmless when there is nothing. */
  remove(): void;
};

type Tone = { sourcePath: string; plan: MasteringPlan };

export function spoolsIn(folder: string, ratesHz: readonly number[]): Spools {
  const outlines = new Map<number, Outline>();
  const files: OutlineFile[] = [];
  const pathOf = (rateHz: number): string => join(folder, `.spool-${rateHz}.wav`);
  const outlinePathOf = (rateHz: number): string => join(folder, `.outline-${rateHz}`);
  const createSpool = (rateHz: number): SpoolWriter => {
    const file = openOutlineFile(outlinePathOf(rateHz));
    files.push(file);
    const outliner = createOutliner(rateHz, file);
    return { rateHz, wav: createFloatWav(pathOf(rateHz), rateHz), outliner };
  };
  return {
    ratesHz,
    fill: async (tone, onProgress) => {
      for (const { rateHz, outline } of await spoolTone(tone, ratesHz, createSpool, onProgress)) {
        outlines.set(rateHz, outline);
      }
    },
    with: (rateHz, work) => {
      const outline = outlines.get(rateHz);
      if (!outline) throw new Error('every spool is filled before it is used');
      return withFile(openOwn(pathOf(rateHz)), (open) => work({ open, outline }));
    },
    remove: () => {
      for (const file of files) file.close();
      for (const path of ratesHz.flatMap((rateHz) => [pathOf(rateHz), outlinePathOf(rateHz)])) {
        rmSync(path, { force: true });
      }
    },
  };
}

type SpoolWriter = { rateHz: number; wav: FloatWavWriter; outliner: Outliner };

async function spoolTone(
  { sourcePath, plan }: Tone,
  ratesHz: readonly number[],
  createSpool: (rateHz: number) => SpoolWriter,
  onProgress: OnProgress,
): Promise<{ rateHz: number; outline: Outline }[]> {
  return withFile(openSource(sourcePath), async (open) => {
    const stream = open();
    const spools: SpoolWriter[] = [];
    try {
      for (const rateHz of ratesHz) spools.push(createSpool(rateHz));
      const ways = spools.map((spool) => atRate(stream.sampleRateHz, spool.rateHz, toBoth(spool)));
      await renderTone(stream, plan, toAll(ways), onProgress);
      for (const { finish } of ways) await finish();
      return spools.map(({ rateHz, wav, outliner }) => {
        wav.close();
        return { rateHz, outline: outliner.finish() };
      });
    } finally {
      for (const { wav } of spools) wav.abandon();
    }
  });
}

const toBoth =
  ({ wav, outliner }: SpoolWriter): WriteBlock =>
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
