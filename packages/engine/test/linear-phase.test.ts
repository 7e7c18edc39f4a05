import { describe, expect, test } from 'vitest';
import { zoneIds, zones } from '../src/decide/zones.ts';
import { designEqBand, type EqShape } from '../src/dsp/eq-design.ts';
import { type MasteringPlan, renderTone } from '../src/index.ts';
import { collect, responseDb } from './rendering.ts';
import { concatenate, music, type Signal, silence, streamOf } from './signals.ts';

const frequencies = [30, 45, 63, 90, 125, 250, 500, 1000, 2000, 4000, 8000, 12_000, 16_000, 19_000];
const alternating: EqShape[] = zoneIds.map((id, k) => ({ ...zones[id], gainDb: k % 2 === 0 ? -6 : 6 }));
const bands: [string, EqShape[]][] = [
  ['all the broad moves together', alternating],
  ['a bell at 60 Hz', [{ kind: 'bell', frequencyHz: 60, gainDb: 6, q: 1 }]],
];

const through = (signal: Signal, shapes: EqShape[], blockFrames?: number): Promise<Signal> => {
  const stage = { stage: 'equalise' as const, bypassed: false, reason: '', phase: 'linear' as const };
  const plan: MasteringPlan = {
    version: 1,
    summary: '',
    stages: [{ ...stage, bands: shapes.map((shape) => ({ ...shape, reason: '' })) }],
  };
  return collect(signal.left.length, signal.sampleRateHz, (write) =>
    renderTone(streamOf(signal, blockFrames), plan, write),
  );
};

/** One sample in the middle of the left channel. */
const impulse = (sampleRateHz: number): Signal => {
  const signal = silence(0.2, sampleRateHz);
  signal.left[signal.left.length / 2] = 1;
  return signal;
};

describe.each([44_100, 48_000, 88_200, 96_000, 176_400, 192_000])('linear phase at %i Hz', (rate) => {
  test.each(bands)('%s: the response is the product of the bands within 0.05 dB from 30 Hz up', async (_, shapes) => {
    const { left } = await through(impulse(rate), shapes);
    for (const hz of [...frequencies, 0.49 * rate]) {
      const promised = shapes.reduce((sum, shape) => sum + (designEqBand(shape, rate)?.magnitudeDbAt(hz) ?? 0), 0);
      expect(Math.abs(responseDb(left, hz, rate) - promised)).toBeLessThan(0.05);
    }
  });

  test('no phase is turned: what comes out is even around where the sample went in', async () => {
    const { left, right } = await through(impulse(rate), alternating);
    const centre = left.length / 2;
    for (let lag = 1; lag < centre; lag += 7) expect(left[centre + lag]).toBeCloseTo(left[centre - lag], 13);
    expect(right.every((x) => x === 0)).toBe(true);
  });
});

describe('the linear-phase equaliser', () => {
  const signal = music(1, 44_100);

  test('the size of the blocks leaves no trace', async () => {
    const whole = await through(signal, alternating);
    for (const blockFrames of [1, 441, 4095]) expect(await through(signal, alternating, blockFrames)).toEqual(whole);
  });

  test('bands of 0 dB, and no bands, leave every sample bit-equal', async () => {
    expect(await through(signal, [])).toEqual(signal);
    expect(await through(signal, [{ ...zones.mids, gainDb: 0 }])).toEqual(signal);
  });

  test('where there was silence there is silence, once the filter has rung out', async () => {
    const out = await through(concatenate(signal, silence(1, 44_100)), alternating);
    expect(out.left.subarray(44_100 + 2049).every((x) => x === 0)).toBe(true);
  });

  test('a signal shorter than the filter comes out whole', async () => {
    const short = { ...music(0.01, 44_100) };
    const out = await through(short, [{ kind: 'bell', frequencyHz: 1000, gainDb: 0.001, q: 0.7 }]);
    out.left.forEach((x, i) => {
      expect(x).toBeCloseTo(short.left[i], 4);
    });
  });
});
