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

const files = (target: PlatformId, formats: string[], sampleRateHz: number | 'source' = 'source') =>
  deliverablesOf(masterOrderSchema.parse({ targets: [target], formats, sampleRateHz })).map(
    ({ format, sampleRateHz: rateHz }) => `${format} ${rateHz}`,
  );

test('what a target fixes is made whatever the order says; the rest is as ordered', () => {
  expect(files('cd', ['wav24'], 96_000)).toEqual(['wav16 44100']);
  expect(files('cd', ['wav16', 'wav24', 'wav32f', 'flac24', 'mp3-320'])).toEqual([
    ...['wav16 44100', 'flac16 44100', 'mp3-320 44100'],
  ]);
  expect(files('ebu-r128', ['wav16'])).toEqual(['wav24 48000']);
  expect(files('atsc-a85', ['flac24'], 44_100)).toEqual(['flac24 48000']);
  expect(files('club', ['wav32f'])).toEqual(['wav24 44100']);
  expect(files('spotify', ['wav16'], 96_000)).toEqual(['wav16 96000']);
  expect(files('bandcamp', ['wav24'])).toEqual(['wav24 source']);
});
