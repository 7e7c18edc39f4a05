/** A whole file in memory, for tests. */
import { createBlock } from '../../engine/src/audio.ts';
import { type AudioInfo, openAudio } from '../src/index.ts';

export type Read = { info: AudioInfo; left: number[]; right: number[] };

export async function readAll(path: string): Promise<Read> {
  const file = await openAudio(path, { spoolPath: `${path}.pcm` });
  const stream = file.openStream();
  const block = createBlock();
  const planes: [number[], number[]] = [[], []];
  for (let n = await stream.read(block); n > 0; n = await stream.read(block)) {
    planes[0].push(...block.left.subarray(0, n));
    planes[1].push(...block.right.subarray(0, n));
  }
  file.close();
  return { info: file.info, left: planes[0], right: planes[1] };
}

/** By how many samples `heard` is late: the shift within ±200 at which it differs least. */
export function offsetOf(heard: readonly number[], wanted: readonly number[]): number {
  let best = { shift: Number.NaN, error: Number.POSITIVE_INFINITY };
  for (let shift = -200; shift <= 200; shift++) {
    let error = 0;
    for (let n = 4000; n < 12_000; n += 3) error += ((heard[n + shift] ?? 0) - (wanted[n] ?? 0)) ** 2;
    if (error < best.error) best = { shift, error };
  }
  return best.shift;
}
