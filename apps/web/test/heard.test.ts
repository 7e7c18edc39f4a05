import { expect, test } from 'vitest';
import { curvePath, curveX } from '../src/model/curve.ts';
import { beforeAndAfter } from '../src/model/stage-figures.ts';
import { kindSentence, regionName, stageName, widthWord } from '../src/model/words.ts';

test('a stage tells every pair of figures it carries, whatever its name', () => {
  const stage = { stage: 'dehum', bypassed: false, reason: '', mainsHz: 50, humBeforeDbfs: -52.04, humAfterDbfs: -81 };
  expect(beforeAndAfter(stage)).toEqual([
    { name: 'hum', before: '\u221252.0\u00a0dBFS', after: '\u221281.0\u00a0dBFS' },
  ]);
  expect(beforeAndAfter({ clicksBefore: 12, clicksAfter: 0, holdBefore: 3 })).toEqual([
    { name: 'clicks', before: '12', after: '0' },
  ]);
});

test('a stage nobody knows is called by its own name', () => {
  expect(stageName('low-end')).toBe('Lows');
  expect(stageName('tape-speed')).toBe('Tape speed');
});

test('the curve runs from edge to edge, the loudest at the top and silence at the foot', () => {
  const curve = { startSeconds: 1.5, stepSeconds: 1, lufs: [-14, null, -26] };
  expect(curvePath(curve, 200, 96)).toBe('M0.0 0.0L100.0 96.0L200.0 48.0');
  expect(curveX(curve, 2.5, 200)).toBe(100);
  expect(curvePath({ ...curve, lufs: [-14] }, 200, 96)).toBe('');
});

test('figures in words', () => {
  const said = [0.1, 0.3, 0.5, 0.7, 0.9].map((acoustic) => kindSentence({ acoustic, evidence: [] }));
  expect(new Set(said).size).toBe(5);
  expect(regionName({ fromHz: 2000 })).toBe('Presence');
  expect([null, -20, -10, -3, 2].map((sideToMidDb) => widthWord({ sideToMidDb }))).toEqual([
    ...['mono', 'narrow', 'wide', 'very wide', 'sides above centre'],
  ]);
});
