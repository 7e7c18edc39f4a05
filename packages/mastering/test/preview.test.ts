import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openAudio } from '@lathe/codec';
import { masterOrderSchema, previewSides } from '@lathe/contracts';
import { type Measurement, measure } from '@lathe/engine';
import { expect, test } from 'vitest';
import { songWav } from '../../../test/support/audio.ts';
import { temporaryFolder } from '../../codec/test/build-wav.ts';
import { type MadePreview, runTask } from '../src/index.ts';

const folder = temporaryFolder();
const song = join(folder, 'song.wav');
writeFileSync(song, songWav({ seconds: 61 }));
const order = masterOrderSchema.parse({ targets: [{ targetLufs: -12 }], proofs: 'own' });

async function measured(path: string): Promise<Measurement> {
  const file = await openAudio(path, { spoolPath: join(folder, `${basename(path)}.pcm`) });
  return measure(file.openStream()).finally(file.close);
}

test('an order tells how it will sound before the whole is rendered: 30 s, as loud as the mix beside it', async () => {
  const outputFolder = join(folder, 'out');
  mkdirSync(outputFolder);
  const story: string[] = [];
  let made: MadePreview | undefined;
  const report = await runTask(
    { kind: 'master', sourcePath: song, order, preview: true, outputFolder, name: 'song' },
    {
      onProgress: ({ stage }) => story.push(stage),
      onPreview: (told) => {
        story.push('preview');
        made = told;
        for (const path of Object.values(told.paths)) copyFileSync(path, join(folder, basename(path)));
      },
    },
  );
  expect([...new Set(story)]).toEqual(['analysing', 'preview', 'rendering', 'verifying']);
  expect(readdirSync(outputFolder)).toEqual(report.renditions.map(({ filename }) => filename));
  if (!made) throw new Error('there is a preview');
  const { preview, paths } = made;
  expect(preview).toMatchObject({ target: 'custom', durationSeconds: 30 });
  for (const side of previewSides) {
    const { integratedLufs, durationSeconds } = await measured(join(folder, basename(paths[side])));
    expect(durationSeconds).toBe(30);
    expect(integratedLufs).toBeCloseTo(preview.integratedLufs[side], 6);
    expect(preview.gainDb[side]).toBeLessThanOrEqual(0);
  }
  expect(Math.abs(preview.integratedLufs.mix - preview.integratedLufs.master)).toBeLessThan(0.1);
  // The song is the same all along: so loud will the master be.
  expect(preview.integratedLufs.master - preview.gainDb.master).toBeCloseTo(-12, 0);
});

test('a preview alone is two WAV files, and comes of a song of any length', async () => {
  const [outputFolder, short] = [join(folder, 'alone'), join(folder, 'short.wav')];
  mkdirSync(outputFolder);
  writeFileSync(short, songWav({ seconds: 5 }));
  const { preview, paths } = await runTask({ kind: 'preview', sourcePath: short, order, outputFolder });
  expect(preview).toMatchObject({ format: 'wav16', startSeconds: 0, durationSeconds: 5 });
  expect((await measured(paths.master)).durationSeconds).toBe(5);
});

test('there is none of a short order, which is finished about as soon', async () => {
  const outputFolder = join(folder, 'out-short');
  mkdirSync(outputFolder);
  const told: MadePreview[] = [];
  const task = { kind: 'master', sourcePath: join(folder, 'short.wav'), order, preview: true } as const;
  await runTask({ ...task, outputFolder, name: 'short' }, { onPreview: (made) => told.push(made) });
  expect(told).toEqual([]);
});
