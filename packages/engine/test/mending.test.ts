import { describe, expect, test } from 'vitest';
import { analyse, decide, type Intent, type MasteringPlan, renderTone, type Stage } from '../src/index.ts';
import { collect } from './rendering.ts';
import { music, noise, randomNumbers, type Signal, silence, streamOf, tone } from './signals.ts';

const RATE = 44_100;
const natural: Intent = {
  style: 'natural',
  intensity: 50,
  amounts: { repair: 100, tone: 0, compression: 0, width: 0 },
  phase: 'minimum',
};

const hear = (signal: Signal, channels: 1 | 2 = 2) => analyse(streamOf(signal, undefined, channels));
const planFor = async (signal: Signal): Promise<Stage[]> => decide(await hear(signal), natural).stages;
const mendings = async (signal: Signal): Promise<Stage[]> =>
  (await planFor(signal)).filter(({ stage }) => stage === 'declip' || stage === 'declick');

const through = (stages: Stage[], signal: Signal, blockFrames?: number): Promise<Signal> => {
  const plan: MasteringPlan = { version: 1, summary: '', stages };
  return collect(signal.left.length, signal.sampleRateHz, (write) =>
    renderTone(streamOf(signal, blockFrames), plan, write),
  );
};

const mapped = (signal: Signal, change: (x: number, i: number) => number): Signal => ({
  left: signal.left.map(change),
  right: signal.right.map(change),
  sampleRateHz: signal.sampleRateHz,
});
const in16Bits = (x: number): number => Math.max(-1, Math.min(32_767 / 32_768, Math.round(x * 32_768) / 32_768));

type Click = { at: number; shape: number[] };
/** One of each kind after the other, every quarter of a second, between the beats. */
const clicksIn = (seconds: number, rateHz: number): Click[] => {
  const next = randomNumbers(5);
  const kinds: ((length: number) => number[])[] = [
    () => [1],
    (length) => Array.from({ length }, () => 1),
    (length) => Array.from({ length }, next),
    (length) => Array.from({ length }, (_, k) => Math.exp((-4 * k) / length)),
    (length) => Array.from({ length }, (_, k) => (k < length / 2 ? 1 : -1)),
  ];
  return Array.from({ length: seconds * 4 }, (_, k) => ({
    at: Math.round((0.25 * k + 0.14 + 0.02 * next()) * rateHz),
    shape: kinds[k % kinds.length](4 + (k % 16)).map((x) => 0.3 * (k % 2 === 0 ? x : -x)),
  }));
};

const withClicks = (signal: Signal, clicks: readonly Click[]): Signal => {
  const clicked = mapped(signal, (x) => x);
  clicks.forEach(({ at, shape }, k) => {
    for (const plane of k % 3 === 0 ? [clicked.left] : [clicked.left, clicked.right]) {
      shape.forEach((x, i) => {
        plane[at + i] += x;
      });
    }
  });
  return mapped(clicked, in16Bits);
};

/** Where two channels are not bit-equal. */
const differences = (one: Float64Array, other: Float64Array): number[] =>
  Array.from(one.keys()).filter((n) => !Object.is(one[n], other[n]));

const errorDb = (heard: Float64Array, original: Float64Array, counts: (n: number) => boolean): number => {
  let sum = 1e-20;
  for (let n = 0; n < heard.length; n++) if (counts(n)) sum += (heard[n] - original[n]) ** 2;
  return 10 * Math.log10(sum);
};

describe('clicks', () => {
  test.each([44_100, 96_000])('each kind is found and mended at %d Hz, and nothing else is touched', async (rateHz) => {
    const seconds = 4;
    const original = music(seconds, rateHz);
    const clicks = clicksIn(seconds, rateHz);
    const clicked = withClicks(original, clicks);
    const stages = await mendings(clicked);
    expect(stages).toMatchObject([{ stage: 'declick', clicks: clicks.length }]);
    expect(stages[0].reason).toContain(`${clicks.length} clicks`);

    const mended = await through(stages, clicked);
    const near = new Set(
      clicks.flatMap(({ at, shape }) => Array.from({ length: shape.length + 4 }, (_, k) => at - 2 + k)),
    );
    const isNear = (n: number) => near.has(n);
    expect(errorDb(mended.left, original.left, isNear)).toBeLessThan(errorDb(clicked.left, original.left, isNear) - 20);
    expect(differences(mended.left, clicked.left).filter((n) => !isNear(n))).toEqual([]);
    // The first click is in the left channel only.
    expect(differences(mended.right, clicked.right).filter((n) => n < clicks[1].at - 2)).toEqual([]);
  });

  const decaying = (everySeconds: number, seconds: number, sound: (t: number) => number): Signal =>
    mapped(silence(seconds, RATE), (_, i) => sound((i / RATE) % everySeconds));
  const next = randomNumbers(3);
  test.each<[string, Signal]>([
    ['music', music(4, RATE)],
    ['noise', noise(2, RATE)],
    ['plucked strings', decaying(0.3, 3, (t) => 0.5 * Math.exp(-8 * t) * Math.cos(2 * Math.PI * 660 * t))],
    ['hi-hats', decaying(0.25, 3, (t) => 0.5 * Math.exp(-80 * t) * next())],
    ['a square wave', mapped(tone({ seconds: 2, frequencyHz: 110.3, levelDbfs: -6 }, RATE), (x) => 0.3 * Math.sign(x))],
    ['notes that are cut short', decaying(0.2, 3, (t) => (t < 0.15 ? 0.4 * Math.sin(2 * Math.PI * 441.7 * t) : 0))],
    ['silence', silence(1, RATE)],
  ])('%s holds none, and would not be touched', async (_name, signal) => {
    const inWords = mapped(signal, in16Bits);
    expect((await hear(inWords)).defects.clicks).toBe(0);
    const stage: Stage = { stage: 'declick', bypassed: false, reason: '', thresholdDb: 18, clicks: 0 };
    const out = await through([stage], inWords);
    expect([...differences(out.left, inWords.left), ...differences(out.right, inWords.right)]).toEqual([]);
  });

  test('music that is full of short noises keeps them', async () => {
    const { defects, ...heard } = await hear(music(1, RATE));
    const stagesWith = (clicks: number, clickLikes: number) =>
      decide({ ...heard, defects: { ...defects, clicks, clickLikes } }, natural).stages.map(({ stage }) => stage);
    expect(stagesWith(6, 37)).not.toContain('declick');
    expect(stagesWith(37, 6)).toContain('declick');
    expect(stagesWith(2, 0)).not.toContain('declick');
  });

  test('the artist is told, and repairs that are off are off', async () => {
    const analysis = await hear(withClicks(music(4, RATE), clicksIn(4, RATE)));
    expect(analysis.advice.find(({ code }) => code === 'clicks')?.sentence).toContain('16 clicks');
    expect(decide(analysis, { ...natural, amounts: { ...natural.amounts, repair: 0 } }).stages).toEqual([]);
  });
});

/** Cut off `overDb` below its peak, turned down by `gain`, and written in words with dither. */
const clippedBy = (overDb: number, gain: number, signal: Signal): { clean: Signal; clipped: Signal; level: number } => {
  const peak = signal.left.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const level = gain * peak * 10 ** (-overDb / 20);
  const next = randomNumbers(9);
  const clean = mapped(signal, (x) => gain * x);
  const cut = (x: number) => Math.max(-level, Math.min(level, x));
  return { clean, level, clipped: mapped(clean, (x) => in16Bits(cut(x) + (next() + next()) / 65_536)) };
};

/** Music with rests, in which noise can be heard. */
const resting = mapped(music(6, RATE), (x, i) => (i % (2 * RATE) < 1.2 * RATE ? x : 0));
const hissing = (signal: Signal): Signal => {
  const next = randomNumbers(3);
  return mapped(signal, (x) => x + 0.0014 * (next() + next() + next()));
};

describe('cut peaks', () => {
  test.each([
    [5, 1],
    [5, 0.2],
    [6, 0.5],
  ])('cut off by %d dB and turned down to %f: found at their level and rebuilt', async (overDb, gain) => {
    const { clean, clipped, level } = clippedBy(overDb, gain, music(4, RATE));
    const stages = await mendings(clipped);
    expect(stages).toMatchObject([{ stage: 'declip' }]);
    const [stage] = stages;
    if (stage.stage !== 'declip') throw new Error();
    for (const { high, low } of stage.ceilings) {
      expect(Math.abs((high ?? 0) - level)).toBeLessThan(1.5e-4);
      expect(Math.abs((low ?? 0) + level)).toBeLessThan(1.5e-4);
    }
    const rebuilt = await through(stages, clipped);
    const isCut = (n: number) => Math.abs(clean.left[n]) > level;
    expect(errorDb(rebuilt.left, clean.left, isCut)).toBeLessThan(errorDb(clipped.left, clean.left, isCut) - 3);
    const changed = differences(rebuilt.left, clipped.left);
    const isOutside = (n: number) =>
      Math.abs(clipped.left[n]) > level - 2e-4 &&
      rebuilt.left[n] / clipped.left[n] >= 1 &&
      rebuilt.left[n] / level < 4.01;
    expect(changed.filter((n) => !isOutside(n))).toEqual([]);
  });

  test('noise that was added afterwards does not hide the ceiling', async () => {
    const { clean, clipped, level } = clippedBy(5, 0.5, resting);
    const hissed = hissing(clipped);
    const stages = await mendings(hissed);
    expect(stages).toMatchObject([{ stage: 'declip' }]);
    const [stage] = stages;
    if (stage.stage !== 'declip') throw new Error();
    // The noise is 0.0014 RMS, and three times that below the ceiling samples count as cut.
    for (const { high } of stage.ceilings) expect(Math.abs((high ?? 0) + 0.0042 - level)).toBeLessThan(0.0014);
    const rebuilt = await through(stages, hissed);
    const isCut = (n: number) => Math.abs(clean.left[n]) > level;
    expect(errorDb(rebuilt.left, clean.left, isCut)).toBeLessThan(errorDb(hissed.left, clean.left, isCut) - 3);
  });

  test('clicks on top do not hide the ceiling', async () => {
    const { clipped } = clippedBy(5, 0.2, music(4, RATE));
    const stages = (await mendings(withClicks(clipped, clicksIn(4, RATE)))).map(({ stage }) => stage);
    expect(stages).toEqual(['declip', 'declick']);
  });

  test('a mono file has one ceiling for both sides', async () => {
    const { left, sampleRateHz } = clippedBy(5, 0.5, music(3, RATE)).clipped;
    const both = { left, right: Float64Array.from(left), sampleRateHz };
    const [stage] = decide(await hear(both, 1), natural).stages;
    expect(stage).toMatchObject({ stage: 'declip', ceilings: [{}] });
    const rebuilt = await through([stage], both);
    expect(differences(rebuilt.right, rebuilt.left)).toEqual([]);
    expect(differences(rebuilt.left, left)).not.toEqual([]);
  });

  const square = (hz: number, i: number): number => Math.sign(Math.sin((2 * Math.PI * hz * i) / RATE));
  test.each<[string, Signal]>([
    ['music', music(4, RATE)],
    ['single samples at the ceiling', mapped(music(4, RATE), (x, i) => (i % 500 === 0 ? 0.9 : 0.6 * x))],
    ['a chip tune', mapped(silence(3, RATE), (_, i) => 0.3 * square(220.1, i) + 0.2 * square(331.7, i))],
    ['music under noise', hissing(resting)],
    ['music that a limiter bends under noise', hissing(mapped(resting, (x) => 0.5 * Math.tanh(3 * x)))],
    [
      'a chip tune under noise',
      hissing(mapped(resting, (x, i) => (x === 0 ? 0 : 0.3 * square(220.1, i) + 0.2 * square(331.7, i)))),
    ],
    ['a bass tone', tone({ seconds: 2, frequencyHz: 41, levelDbfs: -20 }, RATE)],
  ])('%s has none', async (_name, signal) => {
    const { defects } = await hear(mapped(signal, in16Bits));
    expect(defects).toMatchObject({ clippedRuns: 0, clippedSamples: 0 });
    expect(defects.ceilings).toEqual([1, 2].map(() => ({ high: null, low: null })));
  });

  test('a loud square wave is not rebuilt', async () => {
    expect(await mendings(mapped(silence(3, RATE), (_, i) => 0.7 * square(220.1, i)))).toEqual([]);
  });
});

test('both: the size of the blocks leaves no trace', async () => {
  const { clipped } = clippedBy(5, 0.5, music(2, RATE));
  const damaged = withClicks(clipped, clicksIn(2, RATE));
  const stages = await mendings(damaged);
  expect(stages).toHaveLength(2);
  const whole = await through(stages, damaged);
  for (const blockFrames of [7, 441, 4095]) {
    const parts = await through(stages, damaged, blockFrames);
    expect([...differences(parts.left, whole.left), ...differences(parts.right, whole.right)]).toEqual([]);
  }
});
