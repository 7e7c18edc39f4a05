import { describe, expect, test } from 'vitest';
import { type Analysis, analyse } from '../src/index.ts';
import { concatenate, noise, type Signal, scaled, streamOf, tone } from './signals.ts';

const RATE = 44100;
const hear = (signal: Signal): Promise<Analysis> => analyse(streamOf(signal));

describe('how a band moves', () => {
  const bandAt = ({ tone: { bands } }: Analysis, hz: number) => {
    const band = bands.find(({ centreHz }) => centreHz === hz);
    if (band === undefined) throw new Error(`There is no band at ${hz} Hz.`);
    return band;
  };

  test.each([8000, 44100, 48000, 96000])('a steady tone does not at %d Hz', async (rateHz) => {
    const band = bandAt(await hear(tone({ frequencyHz: 1000, levelDbfs: -12, seconds: 3 }, rateHz)), 1000);
    for (const level of [band.p10Db, band.p50Db, band.p90Db]) expect(Math.abs(level - band.levelDb)).toBeLessThan(0.2);
  });

  test('a tone that steps by 6 dB lies at both levels about its mean, and the rest stays where it is', async () => {
    const steady = tone({ frequencyHz: 4000, levelDbfs: -6, seconds: 4 }, RATE);
    const stepping = concatenate(
      ...[-18, -12, -18, -12].map((levelDbfs) => tone({ frequencyHz: 500, levelDbfs, seconds: 1 }, RATE)),
    );
    const both = {
      left: steady.left.map((x, i) => x + stepping.left[i]),
      right: steady.right.map((x, i) => x + stepping.right[i]),
      sampleRateHz: RATE,
    };
    const heard = await hear(both);
    const moving = bandAt(heard, 500);
    const meanDb = 10 * Math.log10((1 + 10 ** -0.6) / 2);
    expect(moving.p90Db - moving.levelDb).toBeCloseTo(-meanDb, 0);
    expect(moving.p90Db - moving.p10Db).toBeCloseTo(6, 0);
    const still = bandAt(heard, 4000);
    expect(still.p90Db - still.p10Db).toBeLessThan(0.3);
  });

  test('white noise moves as chance has it, less where a band holds more', async () => {
    const heard = await hear(noise(20, RATE));
    const spread = (hz: number) => bandAt(heard, hz).p90Db - bandAt(heard, hz).p10Db;
    // Means of many squares: their spread falls with the square root of how many there are.
    expect(spread(500)).toBeGreaterThan(1.5 * spread(8000));
    expect(spread(8000)).toBeGreaterThan(0.3);
  });

  test('passages 10 LU below the rest do not count', async () => {
    const loud = noise(4, RATE, 0.5);
    const together = await hear(concatenate(loud, scaled(noise(4, RATE, 0.5, 3), 0.05)));
    const alone = await hear(loud);
    for (const hz of [125, 1000, 8000]) {
      const [one, two] = [bandAt(alone, hz), bandAt(together, hz)];
      expect(Math.abs(two.p10Db - two.levelDb - (one.p10Db - one.levelDb))).toBeLessThan(0.8);
    }
  });
});
