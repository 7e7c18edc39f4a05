/** What stands in the panels of the order form, on its way to the service. */
import { createMasterSchema, createProfileSchema, platformEntries } from '@lathe/contracts';
import { describe, expect, test } from 'vitest';
import { isDithered, ownRules } from '../src/model/file-rules.ts';
import { isWaiting, orderOf } from '../src/model/order.ts';
import { formOf, rulesOf } from '../src/model/profile-form.ts';
import { type Draft, type Reference, stateWith } from '../src/model/state.ts';
import { amountsWords, wordsSaid } from '../src/model/words.ts';
import { faultAt, faultsLeft, metadataOf } from '../src/model/words-of-files.ts';
import { mixOf } from './things.ts';

const { draft } = stateWith('key');
const mixId = mixOf().id;
const ordered = (change: Partial<Draft>) => createMasterSchema.parse(orderOf({ ...draft, ...change }, mixId));
const reference: Reference = { key: 'a', filename: 'a.wav', weight: 2, mixId, sentFraction: null, wrong: null };

describe('an order', () => {
  test('asks for what the panels say', () => {
    const cover = { sha256: 'a'.repeat(64), filename: 'cover.png', url: 'data:' };
    const words = { title: ' Evening ', artists: 'Ada; Earth, Wind & Fire', trackNumber: '3', genre: ' ' };
    const asked = ordered({ cover, words, references: [reference], sampleRateHz: 48_000, dither: 'shaped' });
    expect(asked).toMatchObject({
      ...{ sampleRateHz: 48_000, dither: 'shaped', coverSha256: cover.sha256, references: [{ mixId, weight: 2 }] },
      metadata: { title: 'Evening', artists: ['Ada', 'Earth, Wind & Fire'], trackNumber: 3 },
    });
    expect(asked.metadata).not.toHaveProperty('genre');
  });
  test('waits for references on their way, and goes without those that did not arrive', () => {
    const onItsWay = { ...reference, mixId: null, sentFraction: 0.5 };
    const failed = { ...reference, mixId: null, wrong: 'Not audio.' };
    expect(isWaiting({ ...draft, references: [onItsWay, failed] })).toBe(true);
    expect(isWaiting({ ...draft, references: [reference, failed] })).toBe(false);
    expect(ordered({ references: [failed] }).references).toEqual([]);
  });
});

describe('files', () => {
  test('that have a rate or a word length of their own are named', () => {
    const rules = (change: Partial<Draft>) => ownRules({ ...draft, ...change }, { platforms: [...platformEntries] });
    expect(rules({})).toEqual([]);
    expect(rules({ targets: ['cd'] })).toEqual(['CD 44.1\u00a0kHz, 16\u00a0bit']);
    expect(rules({ formats: ['opus-128'], sampleRateHz: 96_000 })).toEqual(['Opus 128 kbit/s 48\u00a0kHz']);
  });
  test('without words have nothing to dither', () => {
    expect([isDithered(draft), isDithered({ ...draft, formats: ['mp3-320', 'wav32f'] })]).toEqual([true, false]);
  });
});

describe('what is wrong with a field', () => {
  const faults = { '/metadata/isrc': 'No ISRC.', '/metadata/artists/0': 'Too long.' };
  test('is found there, or at a part of it', () => {
    expect(faultAt(faults, '/metadata/artists')).toBe('Too long.');
    expect(faultAt(faults, '/metadata/upc')).toBeUndefined();
  });
  test('goes when that field is written anew', () => {
    expect(faultsLeft(faults, { isrc: 'x', title: 'a' }, { isrc: 'y', title: 'b' })).toEqual({
      '/metadata/artists/0': 'Too long.',
    });
  });
  test('is for the service to say', () => expect(metadataOf({ year: 'soon' }).year).toBeNaN());
});

describe('a profile', () => {
  test('that is opened and saved stays as it is', () => {
    const rules = createProfileSchema.parse({ name: 'Acme', targetLufs: -12.5, maxFileBytes: 2_500_000 });
    const at = '2026-01-02T03:04:05.000Z';
    const profile = { id: 'prf_01jd7x5c2v8m3k9p4q6r7s8t9w' as const, ...rules, createdAt: at, updatedAt: at };
    expect(rulesOf(formOf(profile))).toEqual(rules);
  });
  test('is written as people write numbers', () => {
    const form = { ...formOf(null), name: 'Acme', targetLufs: '−12,5', maxDurationSeconds: '600' };
    expect(createProfileSchema.parse(rulesOf(form))).toMatchObject({ targetLufs: -12.5, maxDurationSeconds: 600 });
  });
});

test('a closed panel says what was chosen in it', () => {
  expect(amountsWords(draft.amounts, 'minimum')).toBe('all of it');
  expect(amountsWords({ ...draft.amounts, tone: 60, width: 0 }, 'linear')).toBe(
    'tone 60\u00a0%, width off, linear phase',
  );
  expect(wordsSaid(draft)).toBe('nothing yet');
  expect(wordsSaid({ ...draft, words: { artists: 'Ada', title: 'Evening' } })).toBe('Ada – Evening');
  expect(wordsSaid({ ...draft, tags: 'none' })).toBe('nothing is written');
});
