import { expect, test } from 'vitest';
import { fuzz } from './fuzz/fuzz.ts';

test('three hundred damaged files of every format: each is read to its end or refused with a code', async () => {
  const { outcomes, strange, peakMegabytes } = await fuzz({ count: 300, seed: 20_261_125, limitMs: 20_000 });
  expect(strange).toEqual([]);
  expect(peakMegabytes).toBeLessThan(512);
  expect(outcomes.read).toBeGreaterThan(20);
  expect(outcomes.malformed_audio).toBeGreaterThan(10);
  expect(outcomes.truncated_audio).toBeGreaterThan(30);
});
