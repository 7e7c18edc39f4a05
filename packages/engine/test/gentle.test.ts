import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyse, decide, type Intent, renderTone } from '../src/index.ts';
import { collect } from './rendering.ts';
import { music, type Signal, silence, streamOf } from './signals.ts';

const RATE = 44_100;
const full = { repair: 100, tone: 100, compression: 100, width: 100 };
const intent = (style: Intent['style']): Intent => ({ style, intensity: 50, phase: 'minimum', amounts: full });

/** Music with hits on top that stand so many times above it, and sides so many times as strong. */
const uneven = (seed: number, hits: number, sides: number): Signal => {
  const signal = music(4, RATE, seed);
  const plain = silence(4, RATE);
  for (let i = 0; i < signal.left.length; i++) {
    const [middle, side] = [signal.left[i] + signal.right[i], sides * (signal.left[i] - signal.right[i])];
    const hit = 1 + hits * Math.exp(-60 * ((i / RATE) % 0.5));
    plain.left[i] = 0.2 * hit * (middle + side);
    plain.right[i] = 0.2 * hit * (middle - side);
  }
  return plain;
};

const powerOf = (samples: Float64Array): number => samples.reduce((sum, x) => sum + x * x, 0);
const middleOf = ({ left, right }: Signal): Float64Array => left.map((x, i) => x + right[i]);

test('at intensity 50 the compressor takes at most 2 dB of the energy, and width leaves the sum to mono as it is', async () => {
  const cases = fc.record({
    ...{ seed: fc.integer(), hits: fc.double({ min: 0, max: 12, noNaN: true }) },
    sides: fc.double({ min: 0, max: 4, noNaN: true }),
    style: fc.constantFrom<Intent['style'][]>('natural', 'warm', 'bright', 'punchy', 'loud'),
  });
  let compressed = 0;
  const property = fc.asyncProperty(cases, async ({ seed, hits, sides, style }) => {
    const signal = uneven(seed, hits, sides);
    const plan = decide(await analyse(streamOf(signal)), intent(style));
    for (const name of ['compress', 'width'] as const) {
      const stages = plan.stages.filter(({ stage }) => stage === name);
      const out = await collect(signal.left.length, RATE, (write) =>
        renderTone(streamOf(signal), { ...plan, stages }, write),
      );
      if (name === 'compress') compressed += stages.length;
      const [before, after] = [powerOf(middleOf(signal)), powerOf(middleOf(out))];
      const lostDb = 10 * Math.log10(before / after);
      if (name === 'width') expect(Math.abs(lostDb)).toBeLessThan(1e-9);
      else expect(lostDb).toBeLessThanOrEqual(2);
    }
  });
  await fc.assert(property, { numRuns: 6, seed: 1 });
  expect(compressed).toBeGreaterThan(0);
});
