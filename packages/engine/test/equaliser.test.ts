import { describe, expect, test } from 'vitest';
import { zoneIds, zones } from '../src/decide/zones.ts';
import { magnitudeAt } from '../src/dsp/biquad.ts';
import { designDcBlocker } from '../src/dsp/dc-blocker.ts';
import { designEqBand, type EqShape, prototypeDbAt } from '../src/dsp/eq-design.ts';
import { type MasteringPlan, renderTone } from '../src/index.ts';
import { collect, responseDb } from './rendering.ts';
import { music, type Signal, silence, streamOf } from './signals.ts';

const rates = [44_100, 48_000, 88_200, 96_000, 176_400, 192_000];
const frequencies = [31, 63, 125, 250, 500, 1000, 2000, 4000, 8000, 12_000, 16_000, 19_000];
const shapes: EqShape[] = zoneIds.flatMap((id) => [-6, -3, 3, 6].map((gainDb) => ({ ...zones[id], gainDb })));

const planOf = (bands: EqShape[]): MasteringPlan => ({
  version: 1,
  summary: '',
  stages: [
    {
      stage: 'equalise',
      bypassed: false,
      reason: '',
      phase: 'minimum' as const,
      bands: bands.map((band) => ({ ...band, reason: '' })),
    },
  ],
});

const rendered = (signal: Signal, plan: MasteringPlan, blockFrames?: number): Promise<Signal> =>
  collect(signal.left.length, signal.sampleRateHz, (write) => renderTone(streamOf(signal, blockFrames), plan, write));

describe.each(rates)('every broad move at %i Hz', (rate) => {
  test('measures as it promises', async () => {
    for (const shape of shapes) {
      const impulse = silence(0.2, rate);
      impulse.left[0] = 1;
      const { left } = await rendered(impulse, planOf([shape]));
      const promised = designEqBand(shape, rate);
      for (const hz of [...frequencies, 0.3 * rate, 0.49 * rate]) {
        expect(responseDb(left, hz, rate)).toBeCloseTo(promised?.magnitudeDbAt(hz) ?? Number.NaN, 3);
      }
    }
  });

  test('follows the analogue response within 0.15 dB up to 19 kHz, so nothing is cramped', () => {
    for (const shape of shapes) {
      const filter = designEqBand(shape, rate);
      for (const hz of frequencies) {
        expect(Math.abs((filter?.magnitudeDbAt(hz) ?? Number.NaN) - prototypeDbAt(shape, hz))).toBeLessThan(0.15);
      }
    }
  });
});

describe('the tone stage', () => {
  const signal = music(1, 44_100);

  test.each<[string, MasteringPlan['stages']]>([
    ['no stage', []],
    ['a bypassed stage', [{ stage: 'equalise', bypassed: true, reason: '', phase: 'minimum' as const, bands: [] }]],
    [
      'a stage without bands',
      [{ stage: 'equalise', bypassed: false, reason: '', phase: 'minimum' as const, bands: [] }],
    ],
  ])('%s leaves every sample bit-equal', async (_name, stages) => {
    const out = await rendered(signal, { version: 1, summary: '', stages });
    expect(out.left).toEqual(signal.left);
    expect(out.right).toEqual(signal.right);
  });

  test('the size of the blocks does not matter', async () => {
    const whole = await rendered(signal, planOf(shapes.slice(0, 4)));
    for (const blockFrames of [1, 441, 4095]) {
      expect((await rendered(signal, planOf(shapes.slice(0, 4)), blockFrames)).left).toEqual(whole.left);
    }
  });

  test('a constant offset is gone within a second, and 20 Hz keeps its level within 0.2 dB', async () => {
    const offset = silence(2, 44_100);
    offset.left.fill(0.1);
    const plan: MasteringPlan = {
      version: 1,
      summary: '',
      stages: [{ stage: 'dc', bypassed: false, reason: '', cutoffHz: 4 }],
    };
    const { left } = await rendered(offset, plan);
    expect(Math.abs(left[44_100])).toBeLessThan(1e-6);
    expect(20 * Math.log10(magnitudeAt(designDcBlocker(4, 44_100), 20, 44_100))).toBeGreaterThan(-0.2);
  });
});
