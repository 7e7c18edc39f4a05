import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MasterOrderInput, masterOrderSchema } from '@lathe/contracts';
import { expect, test } from 'vitest';
import { songWav } from '../../../test/support/audio.ts';
import { ffmpegMeter, hasFfmpeg } from '../../../test/support/meter.ts';
import { describePeer } from '../../../test/support/peers.ts';
import { save, temporaryFolder, tone, wav } from '../../codec/test/build-wav.ts';
import { type Progress, runTask } from '../src/index.ts';
import { performTask } from '../src/perform.ts';

const folder = temporaryFolder();
const song = join(folder, 'song.wav');
writeFileSync(song, songWav({ seconds: 8 }));
const streaming = ['spotify', 'apple-music', 'youtube'] as const;

let made = 0;
function newFolder(): string {
  const path = join(folder, `out-${made++}`);
  mkdirSync(path);
  return path;
}

const masterTask = (order: MasterOrderInput, sourcePath = song) =>
  ({
    kind: 'master',
    sourcePath,
    order: masterOrderSchema.parse({ proofs: 'own', ...order }),
    outputFolder: newFolder(),
    name: 'song',
  }) as const;

const bytesIn = (path: string) => readdirSync(path).map((name) => [name, readFileSync(join(path, name))]);

test.each(['wav16', 'wav24', 'wav32f'] as const)(
  '%s keeps its promises, and its length to the sample',
  async (format) => {
    const { renditions } = await runTask(
      masterTask({ targets: [...streaming, { targetLufs: -9 }], formats: [format] }),
    );
    expect(renditions).toHaveLength(4);
    for (const { measured, targetLufs, ceilingDbtp, verdict, checks } of renditions) {
      expect(['pass', 'corrected', 'not_reached']).toContain(verdict);
      if (verdict !== 'not_reached')
        expect(Math.abs((measured.integratedLufs ?? 0) - targetLufs)).toBeLessThanOrEqual(0.1);
      expect(measured.truePeakDbtp).toBeLessThanOrEqual(ceilingDbtp);
      expect(checks.find(({ name }) => name === 'duration')?.passed).toBe(true);
      expect(measured.durationSeconds).toBe(8);
    }
    expect(renditions.slice(0, 3).map(({ verdict }) => verdict)).not.toContain('not_reached');
  },
);

describePeer('a second meter on the delivered bytes', hasFfmpeg ? 'ffmpeg' : undefined, () => {
  test('ffmpeg reads the loudness that was asked for, and no peak above the ceiling', async () => {
    const task = masterTask({ targets: [...streaming] });
    const { renditions } = await runTask(task);
    for (const { filename, targetLufs, ceilingDbtp } of renditions) {
      const heard = ffmpegMeter(join(task.outputFolder, filename));
      expect(Math.abs(heard.integratedLufs - targetLufs)).toBeLessThanOrEqual(0.1);
      expect(heard.truePeakDbtp).toBeLessThanOrEqual(ceilingDbtp);
    }
  });
});

test('the same order gives the same bytes and the same report, with the analysis given or not', async () => {
  const tasks = [1, 2, 3].map(() => masterTask({ targets: [...streaming] }));
  const [first, second, third] = tasks;
  if (!first || !second || !third) throw new Error('three tasks');
  const report = await runTask(first);
  expect(await runTask(second)).toEqual(report);
  expect(await runTask({ ...third, analysis: report.before })).toEqual(report);
  expect(bytesIn(second.outputFolder)).toEqual(bytesIn(first.outputFolder));
  expect(bytesIn(third.outputFolder)).toEqual(bytesIn(first.outputFolder));
  const [spotify, , youtube] = report.renditions;
  expect(youtube?.sha256).toBe(spotify?.sha256);
});

test('only the masters are left in the output folder', async () => {
  const task = masterTask({ targets: ['spotify', { targetLufs: -12 }] });
  await runTask(task);
  expect(readdirSync(task.outputFolder).sort()).toEqual(['song-12lufs.wav', 'song-spotify.wav']);
});

test('nothing is left when the audio turns out to be bad', async () => {
  const plane = tone(2);
  plane[60_000] = Number.NaN;
  const task = masterTask({ targets: ['spotify'] }, save(folder, wav({ encoding: 'float32', planes: [plane, plane] })));
  await expect(runTask(task)).rejects.toMatchObject({ failure: { code: 'invalid_samples' }, crashed: false });
  expect(readdirSync(task.outputFolder)).toEqual([]);
});

test('silence is a result: not reached, and every number in the report is one', async () => {
  const planes = [new Float64Array(88_200), new Float64Array(88_200)];
  const report = await performTask(masterTask({ targets: ['spotify'] }, save(folder, wav({ planes }))), () => {});
  expect(report.renditions[0]).toMatchObject({ verdict: 'not_reached', notReached: { code: 'silent' } });
  expect(report).toEqual(JSON.parse(JSON.stringify(report)));
});

test('progress never goes back, tells the stages in order, and ends at 1', async () => {
  const told: Progress[] = [];
  await runTask(masterTask({ targets: [...streaming] }), { onProgress: (progress) => told.push(progress) });
  const fractions = told.map(({ fraction }) => fraction);
  expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
  expect(fractions.at(-1)).toBe(1);
  expect([...new Set(told.map(({ stage }) => stage))]).toEqual(['analysing', 'rendering', 'verifying']);
});
