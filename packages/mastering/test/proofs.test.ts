import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MasterOrderInput, masterOrderSchema, type RenditionReport } from '@lathe/contracts';
import { describe, expect, test } from 'vitest';
import { songWav } from '../../../test/support/audio.ts';
import { temporaryFolder } from '../../codec/test/build-wav.ts';
import { performTask } from '../src/perform.ts';
import { gainUnder, lowered } from '../src/pieces.ts';

const folder = temporaryFolder();
const song = join(folder, 'song.wav');
writeFileSync(song, songWav({ seconds: 5, peak: 0.9 }));

let made = 0;
async function master(order: MasterOrderInput): Promise<RenditionReport[]> {
  const outputFolder = join(folder, `out-${made++}`);
  mkdirSync(outputFolder);
  const task = { kind: 'master', sourcePath: song, outputFolder, name: 'song' } as const;
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

describe('a ceiling is lowered', () => {
  test('not at all while nothing is over it', () => expect(lowered(-1, 0, 1)).toBe(-1));
  test('in coarse steps, so that a hair more or less leads to the same samples', () => {
    expect(lowered(-1, 0.2301, 1)).toBe(lowered(-1, 0.2299, 1));
  });
  test('further the third time', () => expect(lowered(-1, 0.2, 2)).toBeLessThan(lowered(-1, 0.2, 1)));
});

describe('the gain under a lower ceiling', () => {
  const limiter = { maxReductionDb: 4, p95ReductionDb: 2, meanReductionDb: 0.4 };
  const solution = { targetLufs: -8, ceilingDbtp: -1, gainDb: 6, expectedLufs: -8, limiter, notReached: null };
  const piece = { targetLufs: -8, solution };
  const first = { gainDb: 6, ceilingDbtp: -1, integratedLufs: -8 };

  test('makes up for what is lost, by a guess first and then by what two tries tell', () => {
    expect(gainUnder(-2, piece, [first])).toBeCloseTo(6.25, 9);
    const second = { gainDb: 6.25, ceilingDbtp: -2, integratedLufs: -8.1 };
    // The drive rose by 1.25 dB and the loudness above the ceiling by 0.9 LU only.
    expect(gainUnder(-2, piece, [first, second])).toBeCloseTo(6.25 + (0.1 * 1.25) / 0.9, 9);
  });
  test('goes down with it where the limiter may not work harder', () => {
    const spent = { ...piece, solution: { ...solution, notReached: 'distortion_budget' } as const };
    expect(gainUnder(-2, spent, [first])).toBeCloseTo(5, 9);
  });
});
