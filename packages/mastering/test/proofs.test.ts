import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MasterOrderInput, masterOrderSchema, type RenditionReport } from '@lathe/contracts';
import { describe, expect, test } from 'vitest';
import { songWav } from '../../../test/support/audio.ts';
import { temporaryFolder } from '../../codec/test/build-wav.ts';
import { performTask } from '../src/perform.ts';
import { lowered } from '../src/pieces.ts';

const folder = temporaryFolder();
const song = join(folder, 'song.wav');
const long = join(folder, 'long.wav');
writeFileSync(song, songWav({ seconds: 5, peak: 0.9 }));

let made = 0;
async function master(order: MasterOrderInput, sourcePath = song): Promise<RenditionReport[]> {
  const outputFolder = join(folder, `out-${made++}`);
  mkdirSync(outputFolder);
  const task = { kind: 'master', sourcePath, outputFolder, name: 'song' } as const;
  return (await performTask({ ...task, order: masterOrderSchema.parse(order) }, () => {})).renditions;
}

const hot = { target: 'youtube', targetLufs: -10 } as const;

describe('a master that is sent on as Opus', () => {
  test('keeps below its ceiling after that, too, and the report tells every try', async () => {
    const [wav, flac] = await master({ targets: [hot], formats: ['wav24', 'flac24'] });
    expect(wav?.codecProofs).toMatchObject([{ encoding: 'opus-128', delivered: false, passed: true }]);
    const tries = wav?.codecProofs[0]?.tries ?? [];
    expect(tries.length).toBeGreaterThan(1);
    expect(tries.at(-1)?.truePeakDbtp).toBeLessThanOrEqual(-1);
    const ceilings = tries.map(({ ceilingDbtp }) => ceilingDbtp);
    expect(ceilings).toEqual(ceilings.toSorted((a, b) => b - a));
    expect(wav?.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(flac).toMatchObject({ measured: wav?.measured, codecProofs: wav?.codecProofs });
  });

  test('is not tried so where only what is delivered is to be proven, and comes out hotter', async () => {
    const [wav] = await master({ targets: [hot], proofs: 'own' });
    expect(wav).toMatchObject({ codecProofs: [] });
    expect(wav?.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(wav?.measured.truePeakDbtp).toBeGreaterThan(-1.3);
  });
});

test('a WAV does not change because an MP3 is ordered beside it', async () => {
  const [alone] = await master({ targets: ['deezer'], proofs: 'own' });
  const [beside] = await master({ targets: ['deezer'], proofs: 'own', formats: ['wav24', 'mp3-320'] });
  expect(beside?.sha256).toBe(alone?.sha256);
});

test('of a longer song platforms are tried on its crowded half minute, and what is delivered as a whole', async () => {
  writeFileSync(long, songWav({ seconds: 46, peak: 0.9 }));
  const order: MasterOrderInput = { targets: [{ target: 'tidal', targetLufs: -22 }], formats: ['wav24', 'aac-256'] };
  const [wav, aac] = await master(order, long);
  expect(wav?.codecProofs).toMatchObject([{ delivered: false, passed: true, excerptSeconds: 30 }]);
  expect(wav?.codecProofs[0]?.tries.map(({ part }) => part)).not.toContain('whole');
  const check = wav?.checks.find(({ name }) => name === 'after_codec');
  expect(check?.sentence).toContain('on the 30 s with the most peaks');
  expect(aac?.codecProofs).toMatchObject([{ delivered: true, passed: true }]);
  expect(aac?.codecProofs[0]?.tries.at(-1)).toMatchObject({ part: 'whole', truePeakDbtp: aac?.measured.truePeakDbtp });
}, 120_000);

describe('a ceiling is lowered', () => {
  const under = (ceilingDbtp: number, truePeakDbtp: number) => ({ ceilingDbtp, truePeakDbtp });

  test('not at all while nothing is over it', () => {
    expect(lowered(-1, [])).toBe(-1);
    expect(lowered(-1, [under(-1, -1)])).toBe(-1);
    expect(lowered(-1, [under(-1, -0.5), under(-1.6, -1.1)])).toBe(-1.6);
  });
  test('in coarse steps, so that a hair more or less leads to the same samples', () => {
    expect(lowered(-1, [under(-1, -0.7699)])).toBe(lowered(-1, [under(-1, -0.7701)]));
  });
  test('further where the peaks followed it in part only', () => {
    const [followed, half] = [-1.1, -0.9].map((peak) => lowered(-1.5, [under(-1.5, -0.7), under(-2, peak)]));
    expect(followed).toBeCloseTo(-2.75, 9);
    expect(half).toBeCloseTo(-4, 9);
  });
});

describe('a target that would leave no room for what encoders add', () => {
  test('is not reached, and says so, but every peak is below the ceiling', async () => {
    const [wav] = await master({ targets: [{ target: 'youtube', targetLufs: -5 }] });
    expect(wav?.verdict).toBe('not_reached');
    expect(wav?.codecProofs.every(({ passed }) => passed)).toBe(true);
    expect(wav?.notReached?.sentence).toContain('that codecs leave');
    expect(wav?.limiter.p95ReductionDb).toBeLessThan(6.5);
  });
});
