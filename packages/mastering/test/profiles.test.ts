import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type CreateProfileInput,
  createProfileSchema,
  type MasterOrderInput,
  masterOrderSchema,
} from '@lathe/contracts';
import { expect, test } from 'vitest';
import { songWav } from '../../../test/support/audio.ts';
import { temporaryFolder } from '../../codec/test/build-wav.ts';
import { runTask } from '../src/index.ts';

const folder = temporaryFolder();
const song = join(folder, 'song.wav');
writeFileSync(song, songWav({ seconds: 3 }));

async function masterFor(rules: Partial<CreateProfileInput>, also: Partial<MasterOrderInput> = {}) {
  const profile = createProfileSchema.parse({ name: 'Acme Köln', targetLufs: -16, ...rules });
  const order = masterOrderSchema.parse({ targets: [{ profile }], sampleRateHz: 96_000, proofs: 'own', ...also });
  const task = { kind: 'master', sourcePath: song, order, outputFolder: temporaryFolder(), name: 'song' } as const;
  const { renditions } = await runTask(task);
  const [made] = renditions;
  if (!made) throw new Error('there is a rendition');
  return { all: renditions, made, of: (name: string) => made.checks.find((check) => check.name === name) };
}

test('a file that keeps every rule of a profile is proven, each rule with its own check', async () => {
  const { made, of } = await masterFor({
    ...{ formats: ['wav16'], maxSampleRateHz: 48_000, maxWordLengthBits: 16, maxFileBytes: 1_000_000 },
    ...{ metadata: 'forbidden', minDurationSeconds: 2, maxDurationSeconds: 4 },
    ...{ maxHeadSilenceSeconds: 1, maxTailSilenceSeconds: 1 },
  });
  expect(made).toMatchObject({ filename: 'song-acme-koln.wav', profile: { name: 'Acme Köln' }, format: 'wav16' });
  expect(['pass', 'corrected']).toContain(made.verdict);
  expect(made.checks.filter(({ passed }) => !passed)).toEqual([]);
  expect(of('sample_rate')).toMatchObject({ measured: 48_000, limit: 48_000 });
  expect(of('file_size')?.measured).toBe(made.sizeBytes);
  for (const name of ['word_length', 'metadata', 'min_duration', 'max_duration', 'head_silence', 'tail_silence']) {
    expect(of(name)?.passed, name).toBe(true);
  }
});

test('a file that breaks a rule is refused, and says which', async () => {
  const { made, of } = await masterFor({ maxFileBytes: 1000, minDurationSeconds: 30, maxTailSilenceSeconds: 5 });
  expect(made.verdict).toBe('refused');
  expect(made.checks.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual(['file_size', 'min_duration']);
  expect(of('min_duration')?.sentence).toBe('The length: 3.00 s; at least 30.00 s is taken.');
});

test.each(['wanted', 'forbidden'] as const)('tags that are %s are written, or not, and read back', async (metadata) => {
  const formats: CreateProfileInput['formats'] = ['wav24', 'flac24', 'mp3-320', 'aac-256', 'opus-128'];
  const { all } = await masterFor({ formats, metadata }, { metadata: { title: 'Lied', artists: ['Köln'] } });
  expect(all.map(({ format }) => format)).toEqual(formats);
  for (const { format, checks } of all) {
    expect(checks.find(({ name }) => name === 'metadata')?.passed, format).toBe(true);
  }
});

test('where title and artist are wanted, a file that names none is refused', async () => {
  const { made, of } = await masterFor({ metadata: 'wanted' });
  expect([made.verdict, of('metadata')?.passed]).toEqual(['refused', false]);
});

test('a rule that a profile does not have is not checked', async () => {
  const { made } = await masterFor({});
  const named = made.checks.map(({ name }) => name);
  for (const rule of ['sample_rate', 'file_size', 'metadata', 'min_duration', 'tail_silence'] as const) {
    expect(named).not.toContain(rule);
  }
});
