import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { masterOrderSchema } from '@lathe/contracts';
import { expect, test } from 'vitest';
import { songWav } from '../../../test/support/audio.ts';
import { wavBytes } from '../../../test/support/wav-bytes.ts';
import { temporaryFolder } from '../../codec/test/build-wav.ts';
import { runTask } from '../src/index.ts';

/** White noise: nothing holds more between its samples. */
function noise16(frames: number): Buffer {
  const data = Buffer.alloc(4 * frames);
  let state = 1;
  const uniform = () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  };
  // A dozen of them make peaks that stand out, as in music.
  const value = () => Array.from({ length: 12 }, uniform).reduce((sum, each) => sum + each, 0);
  for (let at = 0; at < data.length; at += 2) data.writeInt16LE(Math.round(value() * 4000), at);
  return data;
}

/** A meter of another make: the sum of sinc itself under a Hann window, 32 points per sample and 256 taps, no tricks. */
function densePeakDbtp(samples: Float64Array): number {
  const half = 128;
  const kernels = Array.from({ length: 32 }, (_, p) =>
    Float64Array.from({ length: 2 * half }, (_, i) => {
      const t = p / 32 - (i + 1 - half);
      return (t === 0 ? 1 : Math.sin(Math.PI * t) / (Math.PI * t)) * Math.cos((Math.PI * t) / (2 * half)) ** 2;
    }),
  );
  let peak = 0;
  for (let n = half; n < samples.length - half; n++) {
    for (const kernel of kernels) {
      let sum = 0;
      for (let i = 0; i < kernel.length; i++) sum += (kernel[i] ?? 0) * (samples[n + 1 - half + i] ?? 0);
      peak = Math.max(peak, Math.abs(sum));
    }
  }
  return 20 * Math.log10(peak);
}

test('white noise driven hard into the limiter: even a far denser meter finds at most 0.15 dB over', async () => {
  const folder = temporaryFolder();
  const sourcePath = join(folder, 'noise.wav');
  writeFileSync(sourcePath, wavBytes({ data: noise16(44_100) }));
  const outputFolder = join(folder, 'out');
  mkdirSync(outputFolder);
  const order = masterOrderSchema.parse({ targets: [{ targetLufs: -5, ceilingDbtp: -1 }] });
  const { renditions } = await runTask({ kind: 'master', sourcePath, order, outputFolder, name: 'noise' });
  const [rendition] = renditions;
  expect(rendition?.limiter.maxReductionDb).toBeGreaterThan(1);
  expect(rendition?.measured.truePeakDbtp).toBeLessThanOrEqual(-1);
  const bytes = readFileSync(join(outputFolder, rendition?.filename ?? ''));
  const dataAt = bytes.indexOf('data') + 8;
  const left = Float64Array.from({ length: 44_100 }, (_, n) => bytes.readIntLE(dataAt + 6 * n, 3) / 2 ** 23);
  expect(densePeakDbtp(left)).toBeLessThanOrEqual(-1 + 0.15);
});

test.each([44_100, 96_000])(
  'noisy hits up to Nyquist at %i Hz are under the ceiling at the first try',
  async (rate) => {
    const folder = temporaryFolder();
    const sourcePath = join(folder, 'song.wav');
    writeFileSync(sourcePath, songWav({ seconds: 2, sampleRateHz: rate }));
    const outputFolder = join(folder, 'out');
    mkdirSync(outputFolder);
    const order = masterOrderSchema.parse({ targets: ['club', { targetLufs: -9, ceilingDbtp: -1 }], proofs: 'own' });
    const { renditions } = await runTask({ kind: 'master', sourcePath, order, outputFolder, name: 'song' });
    for (const { verdict, measured, ceilingDbtp, limiter } of renditions) {
      expect(limiter.maxReductionDb).toBeGreaterThan(1);
      expect(measured.truePeakDbtp).toBeLessThanOrEqual(ceilingDbtp);
      expect(verdict).toBe('pass');
    }
  },
);
