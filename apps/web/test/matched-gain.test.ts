import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linear, matchedGains } from '../src/model/matched-gain.ts';

const loudness = fc.double({ min: -70, max: 0, noNaN: true });

test('both sides play at the same loudness, and neither is turned up', () => {
  fc.assert(
    fc.property(loudness, loudness, (mixLufs, masterLufs) => {
      const { mixDb, masterDb } = matchedGains(mixLufs, masterLufs);
      expect(mixLufs + mixDb).toBeCloseTo(masterLufs + masterDb, 9);
      expect(Math.max(mixDb, masterDb)).toBe(0);
    }),
  );
});

test('silence has no loudness to match', () => {
  expect(matchedGains(null, -14)).toEqual({ mixDb: 0, masterDb: 0 });
  expect(matchedGains(-14, null)).toEqual({ mixDb: 0, masterDb: 0 });
});

test('20 dB are a factor of ten', () => {
  expect(linear(0)).toBe(1);
  expect(linear(-20)).toBeCloseTo(0.1, 12);
});
