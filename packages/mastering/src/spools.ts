import { join } from 'node:path';
import { createFloatWav, type FloatWavWriter } from '@lathe/codec';
import type { MasteringPlan } from '@lathe/contracts';
import { type AudioStream, type OnProgress, Resampler, renderTone, type WriteBlock } from '@lathe/engine';
import { openOwn, withFile } from './source.ts';

/**
 * The mix after everything but the loudness stage, as 32-bit float: no sample can clip there. There is one for each rate
 * that is delivered, so that loudness and true peak are brought about on the samples that are delivered.
 */
export type Spools = {
  ratesHz: readonly number[];
  /** Runs `work` on the spool of a rate, from its start whenever it is opened. */
  with<T>(rateHz: number, work: (open: () => AudioStream) => Promise<T>): Promise<T>;
};

export function spoolsIn(folder: string, ratesHz: readonly number[]): Spools {
  return {
    ratesHz,
    with: (rateHz, work) => withFile(openOwn(spoolPath(folder, rateHz)), work),
  };
}

const spoolPath = (folder: string, rateHz: number): string => join(folder, `tone-${rateHz}.wav`);

type Tone = { stream: AudioStream; folder: string; plan: MasteringPlan };

/** Fills the spools of all rates in one pass over the source. */
export async function spoolTone(
  { stream, folder, plan }: Tone,
  ratesHz: readonly number[],
  onProgress: OnProgress,
): Promise<void> {
  const spools: FloatWavWriter[] = [];
  try {
    for (const rateHz of ratesHz) spools.push(createFloatWav(spoolPath(folder, rateHz), rateHz));
    const ways = spools.map(({ write }, i) => atRate(stream.sampleRateHz, ratesHz[i] ?? 0, write));
    await renderTone(stream, plan, toAll(ways), onProgress);
    for (const { finish } of ways) await finish();
    for (const spool of spools) spool.close();
  } finally {
    for (const spool of spools) spool.abandon();
  }
}

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
