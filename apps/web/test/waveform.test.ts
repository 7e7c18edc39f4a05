import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bars, barsOf, barsPath, fittingScale, groovePath, peaksOfChannels } from '../src/model/waveform.ts';

const level = fc.double({ min: -1, max: 1, noNaN: true });
const loudest = (values: number[]) => Math.max(0, ...values.map(Math.abs));
const heightsOf = (path: string): number[] => [...path.matchAll(/v(-?[\d.]+)/g)].map(([, v]) => Number(v));

describe('bars', () => {
  test('there are as many as fit, and none of the loudest sample is lost', () => {
    fc.assert(
      fc.property(fc.array(level, { minLength: 1 }), fc.integer({ min: 1, max: 300 }), (max, count) => {
        const bars = barsOf({ min: max.map((v) => -v), max }, count);
        expect(bars).toHaveLength(count);
        expect(loudest(bars)).toBe(loudest(max));
      }),
    );
  });
  test('of no peaks are silent', () => expect(barsOf({ min: [], max: [] }, 3)).toEqual([0, 0, 0]));
  test('count a dip as loud as a rise', () => {
    expect(barsOf({ min: [-0.8, -0.1], max: [0.1, 0.3] }, 2)).toEqual([0.8, 0.3]);
  });
});

describe('peaks of decoded audio', () => {
  test('are those of the mid signal', () => {
    const [left, right] = [Float32Array.of(0.5, -1, 0, 0.25), Float32Array.of(0.5, 0, 0, 0.75)];
    expect(peaksOfChannels([left, right], 2, 1)).toEqual({ durationSeconds: 1, min: [-0.5, 0], max: [0.5, 0.5] });
  });
  test('mono is its own mid, and no channel has none', () => {
    expect(peaksOfChannels([Float32Array.of(0.5, -0.25)], 1, 1)).toMatchObject({ min: [-0.25], max: [0.5] });
    expect(peaksOfChannels([], 4, 1)).toMatchObject({ min: [], max: [] });
  });
});

describe('the height of what is drawn', () => {
  const heights = (bars: Bars, gain: number, scale: number) => heightsOf(barsPath(bars, 'below', scale * gain));

  test.each([1, 0.1, 0.004])('the highest peak of a mix at %f fills nine tenths of its half', (peak) => {
    const bars = [peak / 3, peak, peak / 2];
    expect(Math.max(...heights(bars, 1, fittingScale([{ bars, gain: 1 }])))).toBeCloseTo(90, 0);
  });

  test('two sides are changed by one factor, so that what plays louder stands higher', () => {
    const [mix, master] = [
      { bars: [0.4], gain: 1 },
      { bars: [0.9], gain: 0.25 },
    ];
    const scale = fittingScale([mix, master]);
    const [mixHeight, masterHeight] = [mix, master].map(({ bars, gain }) => heights(bars, gain, scale)[0] as number);
    expect(mixHeight).toBeCloseTo(90, 0);
    expect((masterHeight as number) / (mixHeight as number)).toBeCloseTo((0.9 * 0.25) / 0.4, 2);
  });

  test('silence stays a line: it is neither nothing nor blown up', () => {
    for (const bars of [[0, 0], [1e-5, 1e-6], []]) {
      const scale = fittingScale([{ bars, gain: 1 }]);
      expect(Number.isFinite(scale)).toBe(true);
      expect(heights(bars, 1, scale)).toEqual(bars.map(() => 1));
    }
  });

  test('no bar leaves its half, and halves mirror each other', () => {
    const below = heightsOf(barsPath([3, 0.5], 'below'));
    expect(Math.max(...below)).toBeLessThanOrEqual(98);
    expect(heightsOf(barsPath([3, 0.5], 'above'))).toEqual(below.map((height) => -height));
  });
});

test('a groove is the same each time and stays near its line', () => {
  const path = groovePath(3, 1200, 100);
  expect(groovePath(3, 1200, 100)).toBe(path);
  const ys = [...path.matchAll(/[ML]\d+ (-?[\d.]+)/g)].map(([, y]) => Number(y));
  expect(ys.length).toBeGreaterThan(100);
  for (const y of ys) expect(Math.abs(y - 100)).toBeLessThan(12);
});
