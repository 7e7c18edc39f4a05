import { describe, expect, test } from 'vitest';
import {
  createProfileSchema,
  type Deliverable,
  deliverablesOf,
  deliveredRateHz,
  foreseenBreaches,
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

describe('what cannot be kept is seen before the work', () => {
  const mix = (durationSeconds: number, silenceSeconds = 0) => ({
    loudness: { durationSeconds, sampleRateHz: 48_000 },
    defects: { headSilenceSeconds: silenceSeconds, tailSilenceSeconds: 0 },
  });
  const breaches = (change: object, heard: object, order: object = {}): string[] => {
    const parsed = masterOrderSchema.parse({ targets: [{ profile: { ...profile, ...change } }, 'spotify'], ...order });
    return foreseenBreaches(parsed, heard as Parameters<typeof foreseenBreaches>[1]);
  };
  test.each<[string, object, object, object, RegExp[]]>([
    ['too short a mix', { minDurationSeconds: 30 }, mix(29), {}, [/29\.00 s long; at least 30\.00 s/]],
    ['too long a mix', { maxDurationSeconds: 30 }, mix(31), {}, [/at most 30\.00 s/]],
    ['silence that will be cut', { maxDurationSeconds: 30 }, mix(31, 2), {}, []],
    [
      'silence that a plan leaves',
      { maxDurationSeconds: 30 },
      mix(31, 2),
      { plan: { version: 1, summary: '', stages: [] } },
      [/at most/],
    ],
    ['a WAV that is too large', { maxFileBytes: 2_880_000 - 1 }, mix(10), {}, [/WAV 24 bit.* 2\.9 MB/]],
    ['a WAV at the limit', { maxFileBytes: 2_880_000 }, mix(10), {}, []],
    ['an MP3 that is too large', { maxFileBytes: 1_000_000, formats: ['mp3-320'] }, mix(30), {}, [/MP3 320.* 1\.2 MB/]],
    ['a FLAC, whose size nobody knows', { maxFileBytes: 1, formats: ['flac24'] }, mix(30), {}, []],
    [
      'Opus below its only rate',
      { maxSampleRateHz: 44_100, formats: ['opus-128', 'wav24'] },
      mix(30),
      {},
      [/48 kHz; at most 44\.1/],
    ],
    ['no artist', { metadata: 'wanted' }, mix(30), { metadata: { title: 'Song' } }, [/Title and artist/]],
    ['title and artist', { metadata: 'wanted' }, mix(30), { metadata: { title: 'Song', artists: ['A'] } }, []],
  ])('%s', (_case, change, heard, ...[order, expected]) => {
    const found = breaches(change, heard, order);
    expect(found).toHaveLength(expected.length);
    for (const [i, pattern] of expected.entries()) expect(found[i]).toMatch(pattern);
  });
});

test('an order makes so many files at most, those of profiles among them', () => {
  const targets = Array.from({ length: 16 }, () => 'spotify');
  const formats = ['wav16', 'wav24', 'flac16', 'flac24'];
  expect(masterOrderSchema.safeParse({ targets, formats }).success).toBe(true);
  expect(masterOrderSchema.safeParse({ targets, formats: [...formats, 'mp3-v0'] }).success).toBe(false);
  const [, ...others] = targets;
  expect(
    masterOrderSchema.safeParse({ targets: [...others, { profile: { ...profile, formats } }], formats }).success,
  ).toBe(true);
  const five = { ...profile, formats: [...formats, 'mp3-v0'] };
  expect(masterOrderSchema.safeParse({ targets: [...others, { profile: five }], formats }).success).toBe(false);
});
