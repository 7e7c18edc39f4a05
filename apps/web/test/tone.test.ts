import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toneBars } from '../src/model/tone.ts';

const bandsOf = (levels: number[]) =>
  levels.map((levelDb, i) => ({
    centreHz: 20 * 2 ** (i / 3),
    levelDb,
    p10Db: levelDb,
    p50Db: levelDb,
    p90Db: levelDb,
  }));

test('bars stand side by side within the width, the strongest at full height', () => {
  const levels = fc.array(fc.double({ min: -140, max: 0, noNaN: true }), { minLength: 1, maxLength: 31 });
  fc.assert(
    fc.property(levels, (levelsDb) => {
      const bars = toneBars(bandsOf(levelsDb), 720);
      expect(Math.max(...bars.map(({ fraction }) => fraction))).toBe(1);
      let edge = 0;
      for (const { x, width, fraction } of bars) {
        expect(x).toBeGreaterThan(edge);
        expect(fraction).toBeGreaterThan(0);
        edge = x + width;
      }
      expect(edge).toBeLessThan(720);
    }),
  );
});

test('equal steps in dB are equal steps in height', () => {
  const [top, middle, low] = toneBars(bandsOf([0, -18, -36]), 300).map(({ fraction }) => fraction);
  expect((top as number) - (middle as number)).toBeCloseTo((middle as number) - (low as number), 9);
});

test('no bands draw nothing', () => expect(toneBars([], 720)).toEqual([]));
