import { expect, test } from 'vitest';
import { deliverablesOf, masterOrderSchema, type PlatformId, platformEntries, platformSchema } from '../src/index.ts';

const made = (order: object) => deliverablesOf(masterOrderSchema.parse(order))[0];

test('every row is one that the api gives out, with its source and the day it was checked', () => {
  for (const row of platformEntries) {
    expect(platformSchema.parse(row)).toEqual(row);
    expect(row.source.length).toBeGreaterThan(5);
    expect(row.checkedOn).toMatch(/^2026-\d\d-\d\d$/);
  }
});

test.each(['bandcamp', 'download', 'cd'] as PlatformId[])('%s is as loud as the style intends', (target) => {
  expect(made({ targets: [target], style: 'loud' })?.targetLufs).toBe(-10);
  expect(made({ targets: [target], style: 'classical' })?.targetLufs).toBe(-16);
  expect(made({ targets: [target], style: 'loud', loudness: 'quieter' })?.targetLufs).toBe(-12);
});

test('masters louder than −14 LUFS keep 2 dB below full scale for Spotify, unless a ceiling is asked for', () => {
  expect(made({ targets: ['spotify'] })?.ceilingDbtp).toBe(-1);
  expect(made({ targets: ['spotify'], loudness: 'louder' })).toMatchObject({ targetLufs: -12, ceilingDbtp: -2 });
  expect(made({ targets: [{ target: 'spotify', targetLufs: -9 }] })?.ceilingDbtp).toBe(-2);
  expect(made({ targets: [{ target: 'spotify', targetLufs: -9, ceilingDbtp: -1 }] })?.ceilingDbtp).toBe(-1);
});
