import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MasterOrderInput, masterOrderSchema } from '@lathe/contracts';
import { expect, test } from 'vitest';
import { songWav } from '../../../test/support/audio.ts';
import { save, temporaryFolder, wav } from '../../codec/test/build-wav.ts';
import { runTask } from '../src/index.ts';

const folder = temporaryFolder();

const master = (sourcePath: string, order: MasterOrderInput) =>
  runTask({
    kind: 'master',
    sourcePath,
    order: masterOrderSchema.parse({ proofs: 'own', ...order }),
    outputFolder: temporaryFolder(),
    name: 'song',
  });

/** A beat of bright noise, falling by 6 dB an octave from 4 kHz on, clipped: a new rate shows other samples of it. */
const hot = (sampleRateHz: number): string => {
  let state = 1;
  const noise = () => {
    state = (state * 48_271) % 2_147_483_647;
    return (2 * state) / 2_147_483_647 - 1;
  };
  const softening = Math.exp((-2 * Math.PI * 4000) / sampleRateHz);
  const plane = () => {
    let soft = 0;
    return Float64Array.from({ length: 4 * sampleRateHz }, (_, n) => {
      soft = softening * soft + (1 - softening) * noise();
      const beat = 0.2 + 0.8 * Math.exp((-8 * (n % (sampleRateHz / 2))) / sampleRateHz);
      return Math.max(-0.99, Math.min(0.99, 6 * beat * soft));
    });
  };
  return save(folder, wav({ planes: [plane(), plane()], sampleRateHz, encoding: 'int24' }));
};

test.each([
  [44_100, 48_000],
  [96_000, 44_100],
  [48_000, 44_100],
] as const)('hot material from %i to %i Hz stays under the ceiling in the delivered file', async (fromHz, toHz) => {
  const targets = [{ targetLufs: -5, ceilingDbtp: -1 }, { targetLufs: -9 }, { targetLufs: -14 }];
  // Noise that falls off a ceiling looks broken, and would be mended.
  const amounts = { repair: 0, tone: 0, compression: 0, width: 0 };
  const { renditions } = await master(hot(fromHz), { targets, amounts, sampleRateHz: toHz });
  for (const { measured, ceilingDbtp, verdict, checks } of renditions) {
    expect(verdict).toBe('pass');
    expect(measured.sampleRateHz).toBe(toHz);
    expect(measured.truePeakDbtp).toBeLessThanOrEqual(ceilingDbtp);
    expect(checks.find(({ name }) => name === 'duration')?.passed).toBe(true);
  }
  expect(renditions[0]?.limiter.maxReductionDb).toBeGreaterThan(0.5);
});

test('a rate is delivered, as long as the mix; without one it is that of the mix', async () => {
  const song = join(folder, 'song.wav');
  writeFileSync(song, songWav({ seconds: 3 }));
  for (const [sampleRateHz, delivered] of [
    [96_000, 96_000],
    [44_100, 44_100],
    ['source', 44_100],
  ] as const) {
    const { renditions } = await master(song, {
      targets: ['spotify'],
      sampleRateHz,
      formats: ['wav16'],
      dither: 'shaped',
    });
    expect(renditions[0]?.measured).toMatchObject({ sampleRateHz: delivered, durationSeconds: 3 });
    expect(renditions[0]?.verdict).toBe('pass');
  }
});

test('each target has the rate and word length it takes; the others those of the order; rates leave each other alone', async () => {
  const song = join(folder, 'three-rates.wav');
  writeFileSync(song, songWav({ seconds: 2 }));
  const targets = ['ebu-r128', 'cd', 'spotify', 'club'] as const;
  const order = { formats: ['wav24' as const], sampleRateHz: 96_000 as const, proofs: 'own' as const };
  const { renditions } = await master(song, { ...order, targets: [...targets] });
  const files = renditions.map(({ target, format, measured }) => [target, format, measured.sampleRateHz]);
  expect(files).toEqual([
    ['ebu-r128', 'wav24', 48_000],
    ['cd', 'wav16', 44_100],
    ['spotify', 'wav24', 96_000],
    ['club', 'wav24', 44_100],
  ]);
  for (const { verdict, measured } of renditions) {
    expect(['pass', 'corrected']).toContain(verdict);
    expect(measured.durationSeconds).toBe(2);
  }
  for (const target of ['ebu-r128', 'spotify'] as const) {
    const alone = await master(song, { ...order, targets: [target] });
    expect(alone.renditions).toEqual(renditions.filter((rendition) => rendition.target === target));
  }
});
