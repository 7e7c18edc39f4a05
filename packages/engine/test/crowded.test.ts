import { describe, expect, test } from 'vitest';
import { crowdedSeconds, outlineOf } from '../src/index.ts';
import { concatenate, streamOf, tone } from './signals.ts';

const rate = 48_000;
const second = (levelDbfs: number) => tone({ frequencyHz: 1500, levelDbfs, seconds: 1 }, rate);
const song = concatenate(second(-20), second(-1), second(-4), second(-20));
const under = (gainDb: number) => ({ gainDb, ceilingDbtp: -1 });

const crowds = async (...gainsDb: number[]): Promise<number[][]> => {
  const counts = await crowdedSeconds(await outlineOf(streamOf(song)), gainsDb.map(under));
  return counts.map((seconds) => [...seconds].map((count) => Math.round((8 * count) / rate)));
};

describe('a second is crowded', () => {
  test('where peaks come within 2 dB of the ceiling, which is nearer for the louder master', async () => {
    expect(await crowds(0, 3)).toEqual([
      [0, 1, 0, 0],
      [0, 1, 1, 0],
    ]);
  });
  test('where the highest peaks are, if none of them meets the ceiling', async () => {
    expect(await crowds(-12)).toEqual([[0, 1, 0, 0]]);
  });
});
