import { describe, expect, test } from 'vitest';
import { type Analysis, analyse } from '../src/index.ts';
import { concatenate, music, noise, type Signal, scaled, silence, streamOf, tone } from './signals.ts';

const RATE = 44100;
const hear = (signal: Signal): Promise<Analysis> => analyse(streamOf(signal));
const added = (a: Signal, b: Signal): Signal => ({
  left: a.left.map((x, i) => x + b.left[i]),
  right: a.right.map((x, i) => x + b.right[i]),
  sampleRateHz: a.sampleRateHz,
});

/** Bursts of noise that die away, so many a second. */
const strokes = (perSecond: number, seconds: number, rateHz = RATE): Signal => {
  const signal = noise(seconds, rateHz, 0.5);
  const fade = (x: number, i: number) => x * Math.exp(-30 * (((i / rateHz) * perSecond) % 1) * (1 / perSecond));
  return { left: signal.left.map(fade), right: signal.right.map(fade), sampleRateHz: rateHz };
};

describe('peaks above the level, per region', () => {
  test.each([
    [60, 0],
    [250, 1],
    [1000, 2],
    [3500, 3],
    [10000, 4],
  ])('a tone of %d Hz has 3 dB in its region', async (frequencyHz, region) => {
    const { regions } = (await hear(tone({ frequencyHz, levelDbfs: -12, seconds: 3 }, RATE))).dynamics;
    expect(regions[region].crestDb).toBeCloseTo(3.01, 1);
  });

  test('strokes stand out where they sound and nowhere else', async () => {
    const low = tone({ frequencyHz: 60, levelDbfs: -12, seconds: 4 }, RATE);
    const high = strokes(2, 4);
    const smooth = added(low, tone({ frequencyHz: 10000, levelDbfs: -20, seconds: 4 }, RATE));
    const [struck, still] = [await hear(added(low, high)), await hear(smooth)];
    const top = ({ dynamics: { regions } }: Analysis) => regions[4].crestDb ?? Number.NaN;
    expect(top(struck)).toBeGreaterThan(top(still) + 9);
    expect(struck.dynamics.regions[0].crestDb).toBeLessThan(5);
  });

  test('a low rate has fewer regions, and silence has no crest', async () => {
    expect((await hear(noise(1, 8000))).dynamics.regions.map(({ toHz }) => toHz)).toEqual([120, 500, 2000, 4000]);
    expect((await hear(silence(2, RATE))).dynamics.regions.every(({ crestDb }) => crestDb === null)).toBe(true);
  });
});

describe('onsets', () => {
  test.each([
    [1, RATE],
    [4, RATE],
    [4, 96000],
    [6, 48000],
  ])('%d strokes a second are counted at %d Hz, and their pulse is steady', async (perSecond, rateHz) => {
    const { texture } = await hear(strokes(perSecond, 6, rateHz));
    expect(Math.abs(texture.onsetsPerSecond - perSecond)).toBeLessThan(0.1 * perSecond + 0.2);
    expect(texture.pulse).toBeGreaterThan(0.7);
  });

  test('what only goes on has none', async () => {
    const [rush, note] = [noise(6, RATE), tone({ frequencyHz: 440, levelDbfs: -12, seconds: 6 }, RATE)];
    expect((await hear(note)).texture.onsetsPerSecond).toBe(0);
    const { onsetsPerSecond, pulse } = (await hear(rush)).texture;
    expect(onsetsPerSecond).toBeLessThan(0.3);
    expect(pulse).toBeLessThan(0.3);
  });
});

describe('the spread of the level', () => {
  test('two levels 6 dB apart, half of the time each, deviate by 3 dB', async () => {
    const [loud, soft] = [-12, -18].map((levelDbfs) => tone({ frequencyHz: 1000, levelDbfs, seconds: 4 }, RATE));
    const { texture } = await hear(concatenate(loud, soft));
    expect(texture.levelDeviationDb).toBeCloseTo(3, 1);
    const rarely = await hear(concatenate(soft, soft, soft, loud));
    expect(rarely.texture.levelP50ToP95Db).toBeCloseTo(6, 0);
  });

  test('a steady tone does not deviate', async () => {
    const { texture } = await hear(tone({ frequencyHz: 1000, levelDbfs: -12, seconds: 4 }, RATE));
    expect(texture.levelDeviationDb).toBeLessThan(0.1);
    expect(texture.levelP50ToP95Db).toBeLessThan(0.3);
  });

  test('alike in every third-octave is full: pink noise near 0 dB, a tone far below', async () => {
    const pink = silence(2, RATE);
    for (let k = 0; k < 31; k++) {
      const frequencyHz = 20 * 10 ** (k / 10);
      const part = tone({ frequencyHz, levelDbfs: -30, seconds: 2, phaseDegrees: 97 * k }, RATE);
      part.left.forEach((x, i) => {
        pink.left[i] += x;
        pink.right[i] += part.right[i];
      });
    }
    expect((await hear(pink)).texture.flatnessDb).toBeGreaterThan(-1);
    expect((await hear(tone({ frequencyHz: 1000, levelDbfs: -12, seconds: 1 }, RATE))).texture.flatnessDb).toBeLessThan(
      -30,
    );
  });
});

describe('the course of the loudness', () => {
  test('one point a second, each the loudness of 3 s', async () => {
    const [loud, soft] = [-13, -23].map((levelDbfs) => tone({ frequencyHz: 997, levelDbfs, seconds: 8 }, 48000));
    const curve = (await hear(concatenate(soft, loud))).dynamics.loudnessCurve;
    expect(curve).toMatchObject({ startSeconds: 1.5, stepSeconds: 1 });
    expect(curve.lufs).toHaveLength(14);
    expect(curve.lufs[0]).toBeCloseTo(-23, 1);
    expect(curve.lufs.at(-1)).toBeCloseTo(-13, 1);
  });

  test('shorter than 3 s there is none; silence has points without a level', async () => {
    expect((await hear(noise(2.9, RATE))).dynamics.loudnessCurve.lufs).toEqual([]);
    expect((await hear(silence(5, RATE))).dynamics.loudnessCurve.lufs).toEqual([null, null, null]);
  });

  test('a long work keeps to 600 points over its whole length', async () => {
    const rateHz = 8000;
    const long = concatenate(scaled(noise(320, rateHz), 0.25), noise(320, rateHz));
    const curve = (await hear(long)).dynamics.loudnessCurve;
    expect(curve.stepSeconds).toBe(2);
    expect(curve.startSeconds).toBe(2);
    expect(curve.lufs).toHaveLength(319);
    expect((curve.lufs.at(-1) ?? 0) - (curve.lufs[0] ?? 0)).toBeCloseTo(12, 0);
  });
});

describe('the image, per region', () => {
  test('turned lows under upright mids are told apart', async () => {
    const lows = tone({ frequencyHz: 60, levelDbfs: -14, seconds: 3, rightPhaseDegrees: 180 }, RATE);
    const { regions } = (await hear(added(lows, tone({ frequencyHz: 1000, levelDbfs: -10, seconds: 3 }, RATE)))).stereo;
    expect(regions[0].correlation).toBeCloseTo(-1, 2);
    expect(regions[0].monoFoldDownLossDb).toBeGreaterThan(20);
    expect(regions[2].correlation).toBeCloseTo(1, 2);
    expect(regions[2].sideToMidDb ?? -100).toBeLessThan(-30);
  });

  test('independent sides: no correlation, sides as loud as the centre, 3 dB lost in mono', async () => {
    for (const region of (await hear(noise(6, RATE))).stereo.regions.slice(1)) {
      expect(Math.abs(region.correlation)).toBeLessThan(0.1);
      expect(region.sideToMidDb).toBeCloseTo(0, 0);
      expect(region.monoFoldDownLossDb).toBeCloseTo(3, 0);
    }
  });

  test('alike on both sides is mono in every region', async () => {
    const one = noise(2, RATE);
    const { regions } = (await hear({ ...one, right: one.left })).stereo;
    expect(regions.every(({ sideToMidDb, correlation }) => sideToMidDb === null && correlation > 0.999)).toBe(true);
  });
});

describe('kind of music', () => {
  test('the number is what its evidence adds up to, and silence has none', async () => {
    const { kind } = await hear(music(8, RATE));
    expect(kind.acoustic).toBeGreaterThanOrEqual(0);
    expect(kind.acoustic).toBeLessThanOrEqual(1);
    expect(kind.evidence.length).toBeGreaterThan(4);
    expect((await hear(silence(4, RATE))).kind).toEqual({ acoustic: 0.5, evidence: [] });
  });
});
