import { describe, expect, test } from 'vitest';
import { bytes, clock, db, formatNumber, hertz, lufs, percent, signedDb, textOf } from '../src/model/format.ts';

describe('numbers', () => {
  test.each([
    [-14, 1, '\u221214.0'],
    [3.25, 2, '3.25'],
    [-0.04, 1, '0.0'],
    [null, 1, '\u2212∞'],
  ])('%s with %i decimals reads %s', (value, decimals, text) => expect(formatNumber(value, decimals)).toBe(text));

  test.each([
    [1.2, '+1.2'],
    [-1.2, '\u22121.2'],
    [0.04, '0.0'],
    [-0.04, '0.0'],
  ])('a change of %f dB reads %s', (value, text) => expect(signedDb(value).number).toBe(text));

  test('a number and its unit stay on one line', () => expect(textOf(lufs(-9))).toBe('\u22129.0\u00a0LUFS'));
  test('silence has a level', () => expect(textOf(db(null))).toBe('\u2212∞\u00a0dB'));
});

test.each([
  [31.5, '32\u00a0Hz'],
  [999, '999\u00a0Hz'],
  [1000, '1\u00a0kHz'],
  [3150, '3.15\u00a0kHz'],
  [44_100, '44.1\u00a0kHz'],
  [48_000, '48\u00a0kHz'],
])('%f Hz reads %s', (valueHz, text) => expect(textOf(hertz(valueHz))).toBe(text));

test.each([
  [0, '0\u00a0bytes'],
  [999, '999\u00a0bytes'],
  [1000, '1.0\u00a0kB'],
  [5_292_044, '5.3\u00a0MB'],
  [1.5e9, '1.5\u00a0GB'],
  [2e12, '2000.0\u00a0GB'],
])('%d bytes read %s', (sizeBytes, text) => expect(textOf(bytes(sizeBytes))).toBe(text));

test.each([
  [-1, '0:00'],
  [59.99, '0:59'],
  [187, '3:07'],
  [3729, '1:02:09'],
])('%d seconds read %s', (seconds, text) => expect(clock(seconds)).toBe(text));

test('a hundred per cent is said only when all is done', () => {
  expect(percent(0.9999)).toBe('99\u00a0%');
  expect(percent(1)).toBe('100\u00a0%');
});
