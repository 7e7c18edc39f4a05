import { describe, expect, test } from 'vitest';
import { type Analysis, analyse } from '../src/index.ts';
import { concatenate, music, noise, type Signal, scaled, silence, streamOf, tone } from './signals.ts';

/** Low, so that long pieces stay quick. */
const RATE = 8000;
const hear = (signal: Signal): Promise<Analysis> => analyse(streamOf(signal));

describe('sections', () => {
  test('louder, then other timbre: a section each, at the second it begins', async () => {
    const soft = scaled(noise(20, RATE), 0.2);
    const loud = noise(20, RATE);
    const bass = tone({ frequencyHz: 80, levelDbfs: -6, seconds: 20 }, RATE);
    const { sections } = (await hear(concatenate(soft, loud, bass))).structure;
    expect(sections.map(({ startSeconds }) => startSeconds)).toEqual([0, 20, 40]);
    expect(sections.map(({ endSeconds }) => endSeconds)).toEqual([20, 40, 60]);
    expect(sections[1].lufs - sections[0].lufs).toBeCloseTo(14, 0);
    expect(sections[2].lowsDb).toBeCloseTo(0, 0);
    expect(sections[2].topDb).toBeLessThan(-30);
  });

  test('what goes on as it began is one section, to its very end', async () => {
    const { sections } = (await hear(noise(29.5, RATE))).structure;
    expect(sections).toHaveLength(1);
    expect(sections[0]).toMatchObject({ startSeconds: 0, endSeconds: 29.5 });
  });
});

describe('previews', () => {
  test('the loudest and the most typical half minute', async () => {
    const plain = scaled(noise(40, RATE), 0.5);
    const { structure } = await hear(concatenate(scaled(noise(20, RATE), 0.05), plain, noise(30, RATE), plain));
    expect(structure.loudest).toEqual({ startSeconds: 60, endSeconds: 90 });
    const { startSeconds } = structure.typical;
    expect((startSeconds >= 20 && startSeconds <= 30) || startSeconds >= 90).toBe(true);
  });

  test('a short song is its own preview', async () => {
    const { structure } = await hear(noise(12, RATE));
    expect(structure.loudest).toEqual({ startSeconds: 0, endSeconds: 12 });
    expect(structure.typical).toEqual({ startSeconds: 0, endSeconds: 12 });
  });

  test('no frame at all has no section', async () => {
    expect((await hear(silence(0, RATE))).structure.sections).toEqual([]);
  });
});

describe('where the file comes from', () => {
  const HIGH_RATE = 44100;
  const inWords = (signal: Signal, bits: number): Signal => {
    const step = 2 ** (bits - 1);
    const round = (x: number) => Math.round(x * step) / step;
    return { left: signal.left.map(round), right: signal.right.map(round), sampleRateHz: signal.sampleRateHz };
  };

  /** Tones every 100 Hz up to an edge, which repeat every 10 ms, over a floor far below. */
  const cutAt = (edgeHz: number): Signal => {
    const floor = noise(1, HIGH_RATE, 1e-6);
    const period = Float64Array.from({ length: HIGH_RATE / 100 }, (_, i) => {
      let sum = 0;
      for (let n = 80; n < edgeHz / 100; n++)
        sum += 0.003 * Math.sin(2 * Math.PI * ((n * i) / (HIGH_RATE / 100) + n * n * 0.003));
      return sum;
    });
    const cut = (x: number, i: number) => x + period[i % period.length];
    return { left: floor.left.map(cut), right: floor.right.map(cut), sampleRateHz: HIGH_RATE };
  };

  test.each([12, 16, 20, 24])('words of %d bits', async (bits) => {
    const heard = await hear(inWords(noise(0.5, HIGH_RATE), bits));
    expect(heard.source.wordBits).toBe(bits);
    expect(heard.advice.some(({ code }) => code === 'low_word_length')).toBe(bits <= 16);
  });

  test('floating point and silence have no word length', async () => {
    expect((await hear(noise(1, HIGH_RATE))).source.wordBits).toBeNull();
    expect((await hear(silence(1, HIGH_RATE))).source.wordBits).toBeNull();
  });

  test.each([16000, 18000])('an edge at %d Hz is found to within 200 Hz and told with restraint', async (edgeHz) => {
    const heard = await hear(cutAt(edgeHz));
    expect(Math.abs((heard.source.cutoffHz ?? 0) - edgeHz)).toBeLessThanOrEqual(200);
    expect(heard.advice.find(({ code }) => code === 'lossy_source')).toMatchObject({ severity: 'info' });
  });

  test('an edge at 20 kHz is found, and no matter', async () => {
    const heard = await hear(cutAt(20000));
    expect(Math.abs((heard.source.cutoffHz ?? 0) - 20000)).toBeLessThanOrEqual(200);
    expect(heard.advice.some(({ code }) => code === 'lossy_source')).toBe(false);
  });

  test('noise has no edge, nor has a slope, nor a rate that ends there anyway', async () => {
    expect((await hear(noise(2, HIGH_RATE))).source.cutoffHz).toBeNull();
    expect((await hear(music(2, HIGH_RATE))).source.cutoffHz).toBeNull();
    expect((await hear(noise(2, 32000))).source.cutoffHz).toBeNull();
  });
});
