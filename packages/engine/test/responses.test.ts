// Promised against measured response, for every filter that has no test file of its own (equaliser, linear phase, resampler).
import { describe, expect, test } from 'vitest';
import { magnitudeAt } from '../src/dsp/biquad.ts';
import { designDcBlocker } from '../src/dsp/dc-blocker.ts';
import { KWeightedPair, stepEnds } from '../src/dsp/k-weighting.ts';
import { designOversampler, METERING_OVERSAMPLER, type Oversampler } from '../src/dsp/oversampler.ts';
import { BLOCK_FRAMES, renderTone, type Stage } from '../src/index.ts';
import { collect, responseDb } from './rendering.ts';
import { noise, silence, streamOf, tone } from './signals.ts';

const rates = [44_100, 48_000, 88_200, 96_000, 176_400, 192_000];
const frequencies = [3, 7, 15, 25, 40, 80, 120, 200, 500, 2000, 9000, 19_000];
const decibel = (gain: number): number => 20 * Math.log10(gain);

/** Impulse response of a stage, from an impulse in the middle or, opposed, at the sides; of the left channel. */
const impulseResponse = async (stage: Stage, sampleRateHz: number, opposed = false): Promise<Float64Array> => {
  const impulse = silence(1, sampleRateHz);
  impulse.left[0] = 1;
  impulse.right[0] = opposed ? -1 : 1;
  const plan = { version: 1 as const, summary: '', stages: [stage] };
  const out = await collect(impulse.left.length, sampleRateHz, (write) => renderTone(streamOf(impulse), plan, write));
  return out.left;
};

/** Power of a Butterworth high-pass of second order, through the bilinear transform. */
const highPassDb = (hz: number, cutoffHz: number, sampleRateHz: number): number => {
  const w = Math.tan((Math.PI * hz) / sampleRateHz) / Math.tan((Math.PI * cutoffHz) / sampleRateHz);
  return 10 * Math.log10(w ** 4 / (1 + w ** 4));
};

const head = { bypassed: false, reason: '' };

describe.each(rates)('at %i Hz', (rate) => {
  const tested = [...frequencies, 0.3 * rate, 0.49 * rate];

  test('the removal of an offset measures as it promises', async () => {
    const response = await impulseResponse({ ...head, stage: 'dc', cutoffHz: 4 }, rate);
    const promised = designDcBlocker(4, rate);
    for (const hz of tested) {
      expect(responseDb(response, hz, rate)).toBeCloseTo(decibel(magnitudeAt(promised, hz, rate)), 2);
    }
  });

  test('the subsonic high-pass is a Butterworth of second order', async () => {
    const stage: Stage = { ...head, stage: 'low-end', highPassHz: 25, turnBack: null, monoBelowHz: null };
    const response = await impulseResponse(stage, rate);
    for (const hz of tested) expect(responseDb(response, hz, rate)).toBeCloseTo(highPassDb(hz, 25, rate), 2);
  });

  test('the high-pass of the sides is its square, and the middle passes untouched', async () => {
    const stage: Stage = { ...head, stage: 'low-end', highPassHz: null, turnBack: null, monoBelowHz: 120 };
    const sides = await impulseResponse(stage, rate, true);
    for (const hz of tested) expect(responseDb(sides, hz, rate)).toBeCloseTo(2 * highPassDb(hz, 120, rate), 2);
    const middle = await impulseResponse(stage, rate);
    expect(middle.every((x, i) => x === (i === 0 ? 1 : 0))).toBe(true);
  });

  test('turning lows back changes no level; far below, the polarity is the other one, far above it is not', async () => {
    const stage: Stage = {
      ...head,
      stage: 'low-end',
      highPassHz: null,
      turnBack: { channel: 'right', belowHz: 150, slope: 'gentle' },
      monoBelowHz: null,
    };
    const both = silence(1, rate);
    const middle = rate / 2;
    both.left[middle] = 1;
    both.right[middle] = 1;
    const plan = { version: 1 as const, summary: '', stages: [stage] };
    const { left, right } = await collect(rate, rate, (write) => renderTone(streamOf(both), plan, write));
    expect(left.every((x, i) => x === both.left[i])).toBe(true);
    for (const hz of tested) expect(responseDb(right, hz, rate)).toBeCloseTo(0, 3);
    const sumDb = (hz: number) =>
      responseDb(
        left.map((x, i) => (x + right[i]) / 2),
        hz,
        rate,
      );
    expect(sumDb(7)).toBeLessThan(-20);
    expect(sumDb(9000)).toBeGreaterThan(-0.1);
  }, 60_000);
});

/** ITU-R BS.1770-5, Annex 1, tables 1 and 2. */
const table = {
  shelf: {
    b0: 1.53512485958697,
    b1: -2.69169618940638,
    b2: 1.19839281085285,
    a1: -1.69065929318241,
    a2: 0.73248077421585,
  },
  highPass: { b0: 1, b1: -2, b2: 1, a1: -1.99004745483398, a2: 0.99007225036621 },
};

describe('K-weighting', () => {
  const filtered = (samples: Float64Array, { b0, b1, b2, a1, a2 }: typeof table.shelf): Float64Array => {
    let [z1, z2] = [0, 0];
    return samples.map((x) => {
      const y = b0 * x + z1;
      z1 = b1 * x - a1 * y + z2;
      z2 = b2 * x - a2 * y;
      return y;
    });
  };
  const energyOf = (samples: Float64Array, rate: number): number => {
    const meter = new KWeightedPair(rate);
    let energy = 0;
    for (let from = 0; from < samples.length; from += BLOCK_FRAMES) {
      const to = Math.min(samples.length, from + BLOCK_FRAMES);
      stepEnds[0] = to - from;
      energy += meter.add(samples, samples, { from, to, steps: 1 })[0];
    }
    return energy;
  };

  test('at 48 kHz the energy is that of the published coefficients, within 0.0001 dB', () => {
    for (const { left } of [noise(1, 48_000), tone({ frequencyHz: 60, levelDbfs: -20, seconds: 1 }, 48_000)]) {
      const reference = filtered(filtered(left, table.shelf), table.highPass).reduce((sum, y) => sum + y * y, 0);
      expect(Math.abs(10 * Math.log10(energyOf(left, 48_000) / reference))).toBeLessThan(1e-4);
    }
  });

  test.each(rates)('at %i Hz it follows the curve of the table within 0.1 dB up to 10 kHz', (rate) => {
    for (const hz of [30, 60, 200, 1000, 2000, 5000, 10_000]) {
      const { left } = tone({ frequencyHz: hz, levelDbfs: 0, seconds: 1 }, rate);
      const whole = left.subarray(0, 0.8 * rate);
      const gainDb = 10 * Math.log10((energyOf(left, rate) - energyOf(whole, rate)) / (0.1 * rate));
      const promised = magnitudeAt(table.shelf, hz, 48_000) * magnitudeAt(table.highPass, hz, 48_000);
      expect(Math.abs(gainDb - decibel(promised))).toBeLessThan(0.1);
    }
  });
});

describe('the oversampler', () => {
  /** Response of each phase against the delay it stands for: 1 is perfect. */
  const errorsAt = ({ folds, foldCount, tapsPerPhase }: Oversampler, turnsPerSample: number): number[] => {
    const gainOf = (taps: (j: number) => [before: number, after: number], pairs: number, phase: number): number => {
      let [re, im] = [0, 0];
      for (let j = 0; j < pairs; j++) {
        const [before, after] = taps(j);
        const [a, b] = [-j - phase, j + 1 - phase].map((t) => 2 * Math.PI * turnsPerSample * t);
        re += before * Math.cos(a) + after * Math.cos(b);
        im += before * Math.sin(a) + after * Math.sin(b);
      }
      return Math.hypot(re - 1, im);
    };
    return Array.from({ length: foldCount }, (_, p) => p).flatMap((p) => {
      const pairs = tapsPerPhase / 2;
      const folded = folds.subarray(3 * pairs * p);
      const phase = (p + 1) / (2 * (foldCount + 1));
      const side = gainOf((j) => [folded[3 * j] + folded[3 * j + 1], folded[3 * j] - folded[3 * j + 1]], pairs, phase);
      return p > 0 ? [side] : [side, gainOf((j) => [folded[3 * j + 2], folded[3 * j + 2]], pairs, 0.5)];
    });
  };

  test.each([
    ['of the meters, up to 0.45 of the rate', METERING_OVERSAMPLER, 0.45, 0.006],
    ['of eight points and 64 taps, up to 0.45 of the rate', designOversampler(8, 64), 0.45, 0.0001],
    ['of eight points and 128 taps, up to 0.49 of the rate', designOversampler(8, 128, 0.49), 0.49, 0.012],
  ])('%s, interpolates within its error', (_name, oversampler, edge, most) => {
    for (let k = 0; k <= 50; k++) {
      for (const error of errorsAt(oversampler, (edge * k) / 50)) expect(error).toBeLessThan(most);
    }
  });
});
