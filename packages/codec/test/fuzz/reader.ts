/** The process that reads damaged files, one after the other, and tells how each one ended. */
import { rmSync } from 'node:fs';
import { createBlock } from '../../../engine/src/audio.ts';
import { CodecError, openAudio } from '../../src/index.ts';

export type ReaderTold = { outcome: string; cpuMs: number; peakMegabytes: number };

const limits = { minSampleRateHz: 8000, maxSampleRateHz: 192_000, minDurationSeconds: 0.4, maxDurationSeconds: 10_800 };

process.on('message', (path) => void tell(String(path)));
process.once('disconnect', () => process.exit(0));

async function tell(path: string): Promise<void> {
  const before = process.cpuUsage();
  const outcome = await outcomeOf(path);
  const { user, system } = process.cpuUsage(before);
  const cpuMs = Math.round((user + system) / 1000);
  const told: ReaderTold = { outcome, cpuMs, peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024) };
  process.send?.(told);
}

async function outcomeOf(path: string): Promise<string> {
  const spoolPath = `${path}.pcm`;
  try {
    const file = await openAudio(path, { limits, spoolPath });
    const stream = file.openStream();
    const block = createBlock();
    let frames = 0;
    for (let n = await stream.read(block); n > 0; n = await stream.read(block)) frames += n;
    file.close();
    return frames === file.info.frames ? 'read' : `read ${frames} frames of ${file.info.frames}`;
  } catch (error) {
    if (error instanceof CodecError) return error.code;
    return `an error without a code: ${error instanceof Error ? error.stack : String(error)}`;
  } finally {
    rmSync(spoolPath, { force: true });
  }
}
