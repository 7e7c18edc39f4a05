import { describe, expect, test } from 'vitest';
import { BandSplit } from '../src/dsp/band-split.ts';
import { analyse, renderTone, type Stage } from '../src/index.ts';
import { collect } from './rendering.ts';
import { noise, type Signal, streamOf } from './signals.ts';

const RATE = 44_100;
const CROSSOVER_HZ = 135;

/** Noise in the middle with some of its own on each side. */
const room = (seconds: number): Signal => {
  const { left: middle, right: side } = noise(seconds, RATE);
  const mixed = (sign: number) => middle.map((x, i) => x + (sign * side[i]) / 3);
  return { left: mixed(1), right: mixed(-1), sampleRateHz: RATE };
};

/** The lows of one channel turned over by a crossover of first order. */
const turned = (signal: Signal, channel: 'left' | 'right', gain = 1): Signal => {
  const samples = signal[channel];
  const [lows, rest] = [new Float64Array(samples.length), new Float64Array(samples.length)];
  new BandSplit([CROSSOVER_HZ], RATE).process(samples, [lows, rest], samples.length);
  return { ...signal, [channel]: rest.map((x, i) => x - gain * lows[i]) };
};

const heardIn = async (signal: Signal) => (await analyse(streamOf(signal))).stereo.turnedLows;

describe('lows that are upside down in one channel', () => {
  test.each(['left', 'right'] as const)('are heard: %s', async (channel) => {
    const lows = await heardIn(turned(room(6), channel, 0.8));
    expect(lows).toMatchObject({ channel, slope: 'gentle' });
    expect(Math.abs(Math.log2((lows?.belowHz ?? 0) / CROSSOVER_HZ))).toBeLessThan(0.25);
    expect((lows?.turnedAgreement ?? 0) - (lows?.agreement ?? 0)).toBeGreaterThan(0.45);
  });

  test('are not heard where there are none', async () => {
    for (const signal of [room(6), noise(6, RATE)]) {
      const lows = await heardIn(signal);
      expect((lows?.turnedAgreement ?? 0) - (lows?.agreement ?? 0)).toBeLessThan(0.2);
    }
  });

  test('come back as they were, with the phase around the crossover', async () => {
    const whole = room(2);
    const turnBack = { channel: 'right', belowHz: CROSSOVER_HZ, slope: 'gentle' } as const;
    const stage: Stage = {
      stage: 'low-end',
      bypassed: false,
      reason: '',
      highPassHz: null,
      turnBack,
      monoBelowHz: null,
    };
    const plan = { version: 1 as const, summary: '', stages: [stage] };
    const { left, right } = await collect(whole.left.length, RATE, (write) =>
      renderTone(streamOf(turned(whole, 'right')), plan, write),
    );
    expect(left).toEqual(whole.left);
    // Only the end knows nothing of what follows.
    for (let i = 0; i < right.length - RATE / 10; i++) expect(Math.abs(right[i] - whole.right[i])).toBeLessThan(1e-9);
  });
});
