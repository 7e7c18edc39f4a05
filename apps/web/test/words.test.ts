import { masterStates, verdicts } from '@lathe/contracts';
import { describe, expect, test } from 'vitest';
import {
  intensityWord,
  loudnessSentence,
  peakSentence,
  rangeSentence,
  stageWords,
  stereoSentence,
  toneSentence,
  verdictWords,
} from '../src/model/words.ts';
import { measurementOf } from './things.ts';

test('every state and verdict has words of its own', () => {
  for (const [words, ids] of [
    [stageWords, masterStates],
    [verdictWords, verdicts],
  ] as const) {
    expect(Object.keys(words).sort()).toEqual([...ids].sort());
    expect(new Set(Object.values(words)).size).toBe(ids.length);
  }
});

describe('loudness', () => {
  const say = (integratedLufs: number | null) => loudnessSentence(measurementOf({ integratedLufs }));
  test('is told against −14 LUFS', () => {
    expect(say(-20)).toBe('6.0\u00a0LU below where streaming plays music.');
    expect(say(-9)).toBe('5.0\u00a0LU above where streaming plays music.');
    expect(say(-14.9)).toBe('About where streaming plays music.');
  });
  test('silence has none', () => expect(say(null)).toBe('There is nothing to hear.'));
});

test.each<[number | null, string]>([
  [null, 'No peak'],
  [0.3, 'over full scale'],
  [-0.5, 'right at full scale'],
  [-3, 'A little room'],
  [-12, 'Plenty of room'],
])('a true peak of %s dBTP: %s', (truePeakDbtp, words) => {
  expect(peakSentence(measurementOf({ truePeakDbtp }))).toContain(words);
});

test.each([
  [0, 'nearly alike'],
  [5, 'even song'],
  [10, 'Clear steps'],
  [22, 'very wide'],
])('a range of %i LU: %s', (loudnessRangeLu, words) => {
  expect(rangeSentence(measurementOf({ loudnessRangeLu }))).toContain(words);
});

test('silence has no range', () => {
  expect(rangeSentence(measurementOf({ integratedLufs: null, loudnessRangeLu: 0 }))).toContain(
    'No loud and quiet parts',
  );
});

test.each([
  [1, null, 'Mono'],
  [-0.4, 3, 'against each other'],
  [0.2, -3, 'Very wide'],
  [0.7, -8, 'firm centre'],
  [0.95, -20, 'Close to the centre'],
])('a correlation of %f: %s', (correlation, sideToMidDb, words) => {
  const stereo = {
    correlation,
    sideToMidDb,
    lowCorrelation: 1,
    turnedLows: null,
    balanceDb: 0,
    centreOffsetDb: 0,
    centreSpreadDb: 0.2,
    middle: null,
    panningReachDb: 8,
    monoFoldDownLossDb: 0,
    regions: [],
  };
  expect(stereoSentence(stereo)).toContain(words);
});

test('intensity grows in words too', () => {
  const said = [0, 20, 50, 80, 100].map(intensityWord);
  expect(new Set(said).size).toBe(5);
  expect(said[0]).toBe('tone untouched');
});

test('tone names its strongest band', () => {
  const bands = [
    { centreHz: 63, levelDb: -12, p10Db: -18, p50Db: -13, p90Db: -10 },
    { centreHz: 3150, levelDb: -6, p10Db: -12, p50Db: -7, p90Db: -4 },
  ];
  expect(toneSentence({ bands })).toBe('Strongest around 3.15\u00a0kHz.');
  expect(toneSentence({ bands: [] })).toBe('No tone to show.');
});
