import { describe, expect, test } from 'vitest';
import { analyse, type Followed, follow, measure, outlineOf, type Reference, toneRegionOf } from '../src/index.ts';
import { ReductionCourseMeter } from '../src/render/reduction-course.ts';
import { renderLoudness } from '../src/render/render-loudness.ts';
import { randomNumbers, type Signal, silence, streamOf } from './signals.ts';

const rateHz = 16_000;

/** Noise that swells and fades, with one short burst. */
const music = (seconds: number, burstAtSeconds: number): Signal => {
  const signal = silence(seconds, rateHz);
  const random = randomNumbers(7);
  for (let i = 0; i < signal.left.length; i++) {
    const t = i / rateHz;
    const isBurst = t >= burstAtSeconds && t < burstAtSeconds + 0.5;
    const level = (isBurst ? 0.7 : 0.05) * (1 + 0.5 * Math.sin(t / 3));
    signal.left[i] = level * random();
    signal.right[i] = level * random();
  }
  return signal;
};

const loudestOf = ({ loudness }: Followed): number =>
  Math.max(...loudness.momentary.maxLufs.map((level) => level ?? -Infinity));

describe('a finished file, followed', () => {
  const signal = music(70, 41.3);

  test('is measured as it is by itself', async () => {
    const { measured } = await follow(streamOf(signal));
    expect(measured).toEqual(await measure(streamOf(signal)));
  });

  test('has at most 600 points, and none of its peaks is lost', async () => {
    const followed = await follow(streamOf(signal));
    const { momentary, shortTerm, stepSeconds } = followed.loudness;
    expect(stepSeconds).toBe(0.2);
    for (const list of [momentary.minLufs, momentary.maxLufs, shortTerm.lufs])
      expect(list.length).toBeLessThanOrEqual(600);
    expect(Math.abs(loudestOf(followed) - (followed.measured.maxMomentaryLufs ?? 0))).toBeLessThan(0.2);
    const at = momentary.startSeconds + stepSeconds * momentary.maxLufs.map(Number).indexOf(loudestOf(followed));
    expect(Math.abs(at - 41.55)).toBeLessThan(0.3);
    expect(momentary.minLufs.every((level, k) => Number(level) <= Number(momentary.maxLufs[k]))).toBe(true);
  });

  test('runs the same whatever the size of the blocks', async () => {
    expect(await follow(streamOf(signal, 777))).toEqual(await follow(streamOf(signal)));
  });

  test('has the tone that analysis hears', async () => {
    const { tone } = await follow(streamOf(signal));
    const { bands } = (await analyse(streamOf(signal))).tone;
    expect(tone.map(({ centreHz }) => centreHz)).toEqual(bands.map(({ centreHz }) => centreHz));
    for (const [k, { levelDb }] of tone.entries()) expect(Math.abs(levelDb - bands[k].levelDb)).toBeLessThan(0.0051);
  });

  test('is silent where there is silence, and shorter than a window where there is hardly anything', async () => {
    const { loudness, tone } = await follow(streamOf(silence(5, rateHz)));
    expect(new Set([...loudness.shortTerm.lufs, ...loudness.momentary.maxLufs])).toEqual(new Set([null]));
    expect(tone).toEqual([]);
    const short = await follow(streamOf(music(0.3, 9)));
    expect([short.loudness.shortTerm.lufs, short.loudness.momentary.maxLufs]).toEqual([[], []]);
  });
});

describe('the limiter, as the music runs', () => {
  const render = async (signal: Signal, gainDb: number, blockFrames?: number) => {
    const rendition = { move: { gainDb, ceilingDbtp: -1 }, write: () => {} };
    return renderLoudness(await outlineOf(streamOf(signal)), streamOf(signal, blockFrames), rendition);
  };

  test('the deepest point is the greatest reduction, and lies where the loudest sound is', async () => {
    const { limiter, course } = await render(music(70, 41.3), 10);
    const deepest = Math.max(...course.deepestDb);
    expect(course.deepestDb.length).toBeLessThanOrEqual(600);
    expect(Math.abs(deepest - limiter.maxReductionDb)).toBeLessThan(0.01);
    expect(limiter.maxReductionDb).toBeGreaterThan(3);
    const at = course.stepSeconds * course.deepestDb.indexOf(deepest);
    expect(at).toBeGreaterThan(41);
    expect(at).toBeLessThan(42);
    expect(course.meanDb.every((db, k) => db <= course.deepestDb[k])).toBe(true);
  });

  test('nothing is shown where nothing is limited', async () => {
    const { limiter, course } = await render(music(4, 2), -6);
    expect([limiter.maxReductionDb, Math.max(...course.deepestDb)]).toEqual([0, 0]);
  });

  test('the size of the blocks leaves no trace', async () => {
    expect(await render(music(5, 2), 12, 1000)).toEqual(await render(music(5, 2), 12));
  });

  test('no frame at all has no point', () => {
    expect(new ReductionCourseMeter(rateHz, 0).read()).toMatchObject({ deepestDb: [], meanDb: [] });
  });
});

describe('where the tone of finished music lies', () => {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

  test('the region has the mean of the mix', async () => {
    const analysis = await analyse(streamOf(music(5, 2)));
    const { of, bands } = toneRegionOf(analysis, []);
    const heard = analysis.tone.bands.filter(({ centreHz }) => bands.some((band) => band.centreHz === centreHz));
    expect(of).toBe('finished_music');
    const middle = mean(bands.map(({ lowDb, highDb }) => (lowDb + highDb) / 2));
    expect(Math.abs(middle - mean(heard.map(({ levelDb }) => levelDb)))).toBeLessThan(0.01);
  });

  test('a mix that is its own reference lies in the middle of a narrow one', async () => {
    const analysis = await analyse(streamOf(music(5, 2)));
    const references: Reference[] = [{ analysis, weight: 1 }];
    const { of, bands } = toneRegionOf(analysis, references);
    expect(of).toBe('references');
    for (const { centreHz, lowDb, highDb } of bands) {
      const level = analysis.tone.bands.find((band) => band.centreHz === centreHz)?.levelDb ?? 0;
      expect(Math.abs((lowDb + highDb) / 2 - level)).toBeLessThan(0.011);
      expect(highDb - lowDb).toBeCloseTo(2, 1);
    }
  });

  test('silence has none', async () => {
    expect(toneRegionOf(await analyse(streamOf(silence(4, rateHz))), []).bands).toEqual([]);
  });
});
