import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resampled } from './rendering.ts';
import { noise, silence, tone } from './signals.ts';

const rates = [44_100, 48_000, 88_200, 96_000, 176_400, 192_000];
const pairs = rates.flatMap((fromHz) => rates.filter((toHz) => toHz !== fromHz).map((toHz) => [fromHz, toHz] as const));

/** Largest difference away from the ends, where a tone is switched on and off. */
const worstDifference = (a: Float64Array, b: Float64Array): number => {
  let worst = 0;
  for (let i = Math.round(a.length / 3); i < (2 * a.length) / 3; i++) worst = Math.max(worst, Math.abs(a[i] - b[i]));
  return worst;
};

describe.each(pairs)('from %i to %i Hz', (fromHz, toHz) => {
  const lowerHz = Math.min(fromHz, toHz);
  const sine = (frequencyHz: number, sampleRateHz: number) =>
    tone({ frequencyHz, levelDbfs: 0, seconds: 0.06, phaseDegrees: 30, rightPhaseDegrees: 50 }, sampleRateHz);

  // Level, phase, position and every image at once: what comes out is the same tone, sampled at the other rate.
  test.each([100, 997, 0.25 * lowerHz, (20 / 44.1) * lowerHz])('%d Hz is the same tone within −134 dB', async (hz) => {
    const out = await resampled(sine(hz, fromHz), toHz);
    const wanted = sine(hz, toHz);
    expect(worstDifference(out.left, wanted.left)).toBeLessThan(2e-7);
    expect(worstDifference(out.right, wanted.right)).toBeLessThan(2e-7);
  });

  test('what the lower rate cannot hold is gone, to −140 dB', async () => {
    if (fromHz < toHz) return;
    for (const hz of [0.5, 0.52, 0.6, 0.8].map((part) => part * lowerHz).filter((each) => each < fromHz / 2)) {
      const out = await resampled(sine(hz, fromHz), toHz);
      expect(worstDifference(out.left, new Float64Array(out.left.length))).toBeLessThan(1e-7);
    }
  });
});

test('an offset stays what it is, and a sample lies where it lay', async () => {
  for (const [fromHz, toHz] of pairs) {
    const steady = silence(0.1, fromHz);
    steady.left.fill(0.5);
    const out = await resampled(steady, toHz);
    expect(Math.abs(out.left[out.left.length / 2] - 0.5)).toBeLessThan(1e-13);
    const click = silence(0.1, fromHz);
    click.left[click.left.length / 2] = 1;
    const { left } = await resampled(click, toHz);
    const centre = left.length / 2;
    for (let lag = 1; lag < 500; lag += 7) expect(left[centre + lag]).toBeCloseTo(left[centre - lag], 12);
  }
});

test('as long as the input to the nearest frame, whatever its length and the sizes of the blocks', async () => {
  const anyPair = fc.constantFrom(...pairs);
  const sizes = fc.array(fc.integer({ min: 1, max: 4096 }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(anyPair, fc.integer({ min: 1, max: 9000 }), sizes, async ([fromHz, toHz], frames, blocks) => {
      const signal = noise(frames / fromHz, fromHz);
      const whole = await resampled(signal, toHz);
      expect(await resampled(signal, toHz, blocks)).toEqual(whole);
    }),
    { numRuns: 25, seed: 1 },
  );
});
