import { expect, test } from 'vitest';
import { maskOf, noiseToMaskDb } from '../scripts/bench/noise-to-mask.ts';

const rate = 44_100;

const sine = (hz: number, levelDbfs: number): Float64Array =>
  Float64Array.from({ length: rate }, (_, i) => 10 ** (levelDbfs / 20) * Math.sin((2 * Math.PI * hz * i) / rate));

const nmrDb = (reference: Float64Array, error: Float64Array): number =>
  noiseToMaskDb([maskOf(reference, rate)], [error]);

test('ten decibels less error are ten decibels less noise to mask', () => {
  const reference = sine(1000, -20);
  const difference = nmrDb(reference, sine(1100, -50)) - nmrDb(reference, sine(1100, -60));
  expect(difference).toBeCloseTo(10, 6);
});

test('an error near a tone is hidden, one far above or below it is not', () => {
  const reference = sine(1000, -20);
  const near = nmrDb(reference, sine(1080, -60));
  expect(nmrDb(reference, sine(6000, -60))).toBeGreaterThan(near + 20);
  expect(nmrDb(reference, sine(200, -60))).toBeGreaterThan(near + 10);
});

test('masking reaches further upwards than downwards', () => {
  const reference = sine(1000, -10);
  expect(nmrDb(reference, sine(500, -60))).toBeGreaterThan(nmrDb(reference, sine(2000, -60)) + 6);
});

test('what lies below the threshold in quiet is far below the mask', () => {
  expect(nmrDb(sine(1000, -60), sine(14_000, -100))).toBeLessThan(-20);
});

test('silence has nothing to compare', () => {
  expect(nmrDb(new Float64Array(rate), sine(1000, -60))).toBe(-Infinity);
});
