import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CreateProfileInput, createProfileSchema, masterOrderSchema } from '@lathe/contracts';
import { expect, test } from 'vitest';
import { songWav } from '../../../test/support/audio.ts';
import { temporaryFolder } from '../../codec/test/build-wav.ts';
import { runTask } from '../src/index.ts';

const folder = temporaryFolder();
const song = join(folder, 'song.wav');
writeFileSync(song, songWav({ seconds: 3 }));

async function masterFor(rules: Partial<CreateProfileInput>) {
  const profile = createProfileSchema.parse({ name: 'Acme Köln', targetLufs: -16, ...rules });
  const order = masterOrderSchema.parse({ targets: [{ profile }], sampleRateHz: 96_000 });
  const task = { kind: 'master', sourcePath: song, order, outputFolder: temporaryFolder(), name: 'song' } as const;
  const { renditions } = await runTask(task);
  const [made] = renditions;
  if (!made) throw new Error('there is a rendition');
  return { made, of: (name: string) => made.checks.find((check) => check.name === name) };
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

test('a rule that a profile does not have is not checked', async () => {
  const { made } = await masterFor({});
  expect(made.checks.map(({ name }) => name)).toEqual(['integrated_loudness', 'true_peak', 'duration']);
});
