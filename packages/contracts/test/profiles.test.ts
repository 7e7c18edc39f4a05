import { describe, expect, test } from 'vitest';
import {
  createProfileSchema,
  type Deliverable,
  deliverablesOf,
  deliveredRateHz,
  masterOrderSchema,
  updateProfileSchema,
} from '../src/index.ts';

const profile = createProfileSchema.parse({ name: 'Acme', targetLufs: -12 });

describe('a profile', () => {
  test('says nothing of what it does not name', () => {
    expect(profile).toMatchObject({ ceilingDbtp: -1, formats: ['wav24'], metadata: 'any', maxFileBytes: null });
  });
  test('changes only what a change names', () => {
    expect(updateProfileSchema.parse({ maxFileBytes: 250_000_000 })).toEqual({ maxFileBytes: 250_000_000 });
  });
  test.each([
    ['a format longer than its words', { maxWordLengthBits: 16 }],
    ['floating point where words are bounded', { formats: ['wav32f'], maxWordLengthBits: 24 }],
    ['a shortest length above the longest', { minDurationSeconds: 60, maxDurationSeconds: 30 }],
    ['a format twice', { formats: ['wav16', 'wav16'] }],
    ['no formats', { formats: [] }],
    ['a rate that nobody delivers', { maxSampleRateHz: 47_999 }],
    ['an unknown rule', { maxTracks: 3 }],
  ])('with %s is refused', (_case, change) => {
    expect(createProfileSchema.safeParse({ name: 'Acme', targetLufs: -12, ...change }).success).toBe(false);
  });
});

describe('an order for a profile', () => {
  const made = (change: object, order: object = {}): Deliverable[] =>
    deliverablesOf(masterOrderSchema.parse({ targets: [{ profile: { ...profile, ...change } }], ...order }));

  test('makes the files of the profile, by its numbers, whatever else it says', () => {
    const files = made({ formats: ['wav16', 'mp3-320'] }, { formats: ['flac24'], loudness: 'louder' });
    expect(files.map(({ format, targetLufs }) => [format, targetLufs])).toEqual([
      ['wav16', -12],
      ['mp3-320', -12],
    ]);
  });
  test('writes nothing about the music where that is forbidden, and something where it is wanted', () => {
    const tags = (metadata: string, ordered: string) => made({ metadata }, { tags: ordered })[0]?.tags;
    expect([tags('forbidden', 'all'), tags('wanted', 'none'), tags('any', 'none')]).toEqual(['none', 'all', 'none']);
  });
  test.each([
    [48_000, 96_000, 48_000],
    [48_000, 88_200, 44_100],
    [44_100, 48_000, 44_100],
    [96_000, 192_000, 96_000],
    [96_000, 176_400, 88_200],
    [96_000, 48_000, 48_000],
    [48_000, 32_000, 32_000],
  ])('up to %i Hz is made of a mix of %i Hz at %i Hz', (maxSampleRateHz, sourceHz, rateHz) => {
    const [file] = made({ maxSampleRateHz });
    expect(file && deliveredRateHz(file, sourceHz)).toBe(rateHz);
  });
  test('whose rules were never put into it is a mistake of ours', () => {
    const order = masterOrderSchema.parse({ targets: [{ profile: 'prf_01jd7x5c2v8m3k9p4q6r7s8t9w' }] });
    expect(() => deliverablesOf(order)).toThrow('was not put into the order');
  });
});
