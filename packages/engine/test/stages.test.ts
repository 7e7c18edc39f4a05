import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exp2, log2 } from '../src/dsp/logarithm.ts';
import { cosineOfTurns, sineOfTurns } from '../src/dsp/trigonometry.ts';
import { type AudioStream, type MasteringPlan, renderTone, type Stage } from '../src/index.ts';
import { collect } from './rendering.ts';
import { music, noise, type Signal, streamOf, tone } from './signals.ts';

const RATE = 44_100;
type Unreasoned = Stage extends infer S ? (S extends Stage ? Omit<S, 'bypassed' | 'reason'> : never) : never;

const planOf = (stage: Unreasoned): MasteringPlan => ({
  version: 1,
  summary: '',
  stages: [{ ...stage, bypassed: false, reason: '' } as Stage],
});

const through = (stage: Unreasoned, signal: Signal, blockFrames?: number): Promise<Signal> =>
  collect(signal.left.length, signal.sampleRateHz, (write) =>
    renderTone(streamOf(signal, blockFrames), planOf(stage), write),
  );

/** Mean power from a second in to the end. */
const settledDb = (samples: Float64Array): number => {
  const settled = samples.subarray(RATE);
  return 10 * Math.log10(settled.reduce((sum, x) => sum + x * x, 0) / settled.length);
};

const band = { thresholdDb: -20, ratio: 2, kneeDb: 6, attackMs: 20, releaseMs: 150 };
const compressor = (thresholdDb: number): Unreasoned => ({
  stage: 'compress',
  crossoversHz: [120, 800, 5000],
  bands: [1, 2, 3, 4].map(() => ({ ...band, thresholdDb })),
});

const everyKind = (['bell', 'low-shelf', 'high-shelf'] as const).map((kind, k) => ({
  ...{ kind, frequencyHz: 100 * 8 ** k, gainDb: 3 - 2 * k, q: 0.7, reason: '' },
}));

const moving: [string, Unreasoned][] = [
  ['compressor', compressor(-40)],
  ['width', { stage: 'width', crossoversHz: [200, 2000], widths: [1, 1.2, 0.8] }],
  ['low end', { stage: 'low-end', highPassHz: 25, turnBack: null, monoBelowHz: 120 }],
  ...(['gentle', 'steep'] as const).map((slope): [string, Unreasoned] => {
    const turnBack = { channel: 'left', belowHz: 140, slope } as const;
    return [`lows turned back, ${slope}`, { stage: 'low-end', highPassHz: null, turnBack, monoBelowHz: null }];
  }),
  ['balance', { stage: 'balance', leftGainDb: -1, rightGainDb: 1 }],
  ['offset', { stage: 'dc', cutoffHz: 4 }],
  ['equaliser', { stage: 'equalise', phase: 'minimum', bands: everyKind }],
  ['linear-phase equaliser', { stage: 'equalise', phase: 'linear', bands: everyKind }],
];

/** Reads blocks of these sizes, over and over. */
const inBlocks = (signal: Signal, sizes: readonly number[]): AudioStream => {
  const stream = streamOf(signal);
  let turn = 0;
  return {
    ...stream,
    read: ({ left, right }) => {
      const frames = sizes[turn++ % sizes.length];
      return stream.read({ left: left.subarray(0, frames), right: right.subarray(0, frames) });
    },
  };
};

const anySizes = fc.array(fc.integer({ min: 1, max: 4096 }), { minLength: 1, maxLength: 6 });

test.each(moving)('%s: the sizes of the blocks leave no trace', async (_name, stage) => {
  const signal = music(0.5, RATE);
  const whole = await through(stage, signal);
  expect(await through(stage, signal, 1)).toEqual(whole);
  const rendered = (sizes: readonly number[]) =>
    collect(signal.left.length, RATE, (write) => renderTone(inBlocks(signal, sizes), planOf(stage), write));
  await fc.assert(
    fc.asyncProperty(anySizes, async (sizes) => {
      expect(await rendered(sizes)).toEqual(whole);
    }),
    { numRuns: 10, seed: 1 },
  );
});

test.each(moving)('%s: bypassed, it leaves every sample bit-equal', async (_name, stage) => {
  const signal = music(0.5, RATE);
  const plan = planOf(stage);
  const bypassed = { ...plan, stages: plan.stages.map((each) => ({ ...each, bypassed: true })) };
  const out = await collect(signal.left.length, RATE, (write) => renderTone(streamOf(signal), bypassed, write));
  expect(out).toEqual(signal);
});

test.each<[string, Unreasoned]>([
  ['a compressor whose thresholds nothing passes', compressor(0)],
  ['a width of 1', { stage: 'width', crossoversHz: [200], widths: [1, 1] }],
  ['a low end with nothing to do', { stage: 'low-end', highPassHz: null, turnBack: null, monoBelowHz: null }],
  ['a balance of 0 dB', { stage: 'balance', leftGainDb: 0, rightGainDb: 0 }],
  [
    'an equaliser of 0 dB',
    { stage: 'equalise', phase: 'minimum', bands: everyKind.map((each) => ({ ...each, gainDb: 0 })) },
  ],
  ['a ratio of 1 : 1', { stage: 'compress', crossoversHz: [], bands: [{ ...band, thresholdDb: -60, ratio: 1 }] }],
  ['a cut of no silence', { stage: 'trim', headSeconds: 0, tailSeconds: 0 }],
])('%s leaves every sample bit-equal', async (_name, stage) => {
  const signal = music(2, RATE);
  expect(await through(stage, signal)).toEqual(signal);
});

describe('the compressor', () => {
  const oneBand = (thresholdDb: number, ratio: number): Unreasoned => ({
    stage: 'compress',
    crossoversHz: [],
    bands: [{ ...band, thresholdDb, ratio }],
  });
  const sine = (levelDbfs: number) => tone({ seconds: 3, frequencyHz: 1000, levelDbfs }, RATE);

  test.each([
    [-30, 1.5],
    [-30, 4],
    [-18, 2],
  ])('a steady tone above %f dB at ratio %f comes out where the curve says', async (thresholdDb, ratio) => {
    const input = sine(-6);
    const over = settledDb(input.left) - thresholdDb;
    const reduced = settledDb(input.left) - settledDb((await through(oneBand(thresholdDb, ratio), input)).left);
    expect(reduced).toBeCloseTo((1 - 1 / ratio) * over, 1);
  });

  test('both channels get the same gain, so the image stays where it is', async () => {
    const input = sine(-6);
    const uneven = { ...input, right: input.right.map((x) => x / 4) };
    const { left, right } = await through(oneBand(-30, 4), uneven);
    for (let i = 0; i < left.length; i += 997) expect(right[i] * 4).toBeCloseTo(left[i], 12);
  });

  test('a loud low note leaves the top alone within 0.3 dB', async () => {
    const low = tone({ seconds: 3, frequencyHz: 60, levelDbfs: -3 }, RATE);
    const high = tone({ seconds: 3, frequencyHz: 9000, levelDbfs: -40 }, RATE);
    const sum = {
      ...low,
      left: low.left.map((x, i) => x + high.left[i]),
      right: low.right.map((x, i) => x + high.right[i]),
    };
    const out = await through(compressor(-20), sum);
    expect(Math.abs(amplitudeAt(out.left, 9000) / amplitudeAt(sum.left, 9000) - 1)).toBeLessThan(0.035);
    expect(amplitudeAt(out.left, 60) / amplitudeAt(sum.left, 60)).toBeLessThan(0.6);
  });
});

/** Amplitude of one frequency over the last second, a whole number of periods. */
const amplitudeAt = (samples: Float64Array, hz: number): number => {
  let [re, im] = [0, 0];
  for (let i = samples.length - RATE; i < samples.length; i++) {
    re += samples[i] * Math.cos((2 * Math.PI * hz * i) / RATE);
    im += samples[i] * Math.sin((2 * Math.PI * hz * i) / RATE);
  }
  return (2 / RATE) * Math.hypot(re, im);
};

describe('width', () => {
  test('the side of a band is multiplied, and the sum to mono does not change', async () => {
    const input = noise(3, RATE);
    const out = await through({ stage: 'width', crossoversHz: [200], widths: [1, 0.5] }, input);
    const side = ({ left, right }: Signal) => left.map((x, i) => x - right[i]);
    expect(amplitudeAt(side(out), 8000) / amplitudeAt(side(input), 8000)).toBeCloseTo(0.5, 2);
    for (let i = 0; i < input.left.length; i += 101) {
      expect(out.left[i] + out.right[i]).toBeCloseTo(input.left[i] + input.right[i], 14);
    }
  });
});

describe('the low end', () => {
  const opposed = (frequencyHz: number): Signal => {
    const { left, sampleRateHz } = tone({ seconds: 3, frequencyHz, levelDbfs: -6 }, RATE);
    return { left, right: left.map((x) => -x), sampleRateHz };
  };
  const stage: Unreasoned = { stage: 'low-end', highPassHz: null, turnBack: null, monoBelowHz: 120 };

  test('what opposes itself far below is gone, far above it stays', async () => {
    expect(settledDb((await through(stage, opposed(40))).left)).toBeLessThan(settledDb(opposed(40).left) - 30);
    expect(settledDb((await through(stage, opposed(1000))).left)).toBeCloseTo(settledDb(opposed(1000).left), 1);
  });

  test('what is in the middle stays, to the last bit but rounding', async () => {
    const { left, sampleRateHz } = music(1, RATE);
    const centred = { left, right: Float64Array.from(left), sampleRateHz };
    expect(await through(stage, centred)).toEqual(centred);
  });
});

test('silence is cut to the sample', async () => {
  const signal = music(2, RATE);
  const plan = planOf({ stage: 'trim', headSeconds: 0.5, tailSeconds: 0.25 });
  const [from, to] = [22_050, 88_200 - 11_025];
  for (const blockFrames of [4096, 1000]) {
    const out = await collect(to - from, RATE, (write) => renderTone(streamOf(signal, blockFrames), plan, write));
    expect(out.left).toEqual(signal.left.slice(from, to));
    expect(out.right).toEqual(signal.right.slice(from, to));
  }
});

test('own logarithms and powers are as exact as they say', () => {
  for (let k = 0; k < 20_000; k++) {
    const y = -60 + k * 0.006;
    expect(Math.abs(log2(2 ** y) - y)).toBeLessThan(5e-11);
    expect(Math.abs(exp2(y) / 2 ** y - 1)).toBeLessThan(5e-10);
  }
});

test('own sines and cosines are as exact as they say', () => {
  for (let k = -4096; k <= 4096; k++) {
    expect(Math.abs(sineOfTurns(k / 4096) - Math.sin((2 * Math.PI * k) / 4096))).toBeLessThan(2e-15);
    expect(Math.abs(cosineOfTurns(k / 4096) - Math.cos((2 * Math.PI * k) / 4096))).toBeLessThan(2e-15);
  }
  expect([0, 0.25, 0.5, 0.75, 1].map(sineOfTurns).map(Math.abs)).toEqual([0, 1, 0, 1, 0]);
});
