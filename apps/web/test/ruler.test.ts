import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rulerPosition } from '../src/model/ruler.ts';

test('louder stands further right, and nothing leaves the scale', () => {
  const loudness = fc.double({ min: -80, max: 10, noNaN: true });
  fc.assert(
    fc.property(loudness, loudness, (a, b) => {
      expect(rulerPosition(Math.min(a, b))).toBeLessThanOrEqual(rulerPosition(Math.max(a, b)));
      expect(rulerPosition(a)).toBeGreaterThanOrEqual(0.02);
      expect(rulerPosition(a)).toBeLessThanOrEqual(0.98);
    }),
  );
});

test('the scale goes from −30 to −5 LUFS, silence at its foot', () => {
  expect(rulerPosition(-30)).toBeCloseTo(0.02, 12);
  expect(rulerPosition(-17.5)).toBeCloseTo(0.5, 12);
  expect(rulerPosition(-5)).toBeCloseTo(0.98, 12);
  expect(rulerPosition(null)).toBe(rulerPosition(-30));
});
