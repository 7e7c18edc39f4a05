import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { measure, outlineOf, solveLoudness } from '../src/index.ts';
import { limited, solve, strictTruePeakDbtp } from './rendering.ts';
import { concatenate, music, noise, type Signal, scaled, silence, streamOf, tone } from './signals.ts';

const rate = 44_100;

/** Square wave: every edge rings between the samples. */
const square = (seconds: number, hz: number, amplitude: number): Signal => {
  const signal = tone({ frequencyHz: hz, levelDbfs: 0, seconds }, rate);
  const flip = (samples: Float64Array) => samples.map((x) => (x >= 0 ? amplitude : -amplitude));
  return { left: flip(signal.left), right: flip(signal.right), sampleRateHz: rate };
};

const clicks = (seconds: number, everyFrames: number): Signal => {
  const signal = silence(seconds, rate);
  for (let i = 100; i < signal.left.length; i += everyFrames) signal.left[i] = i % 2 === 0 ? 1 : -1;
  return signal;
};

/** At a quarter of the rate and 45 degrees every sample lies 3 dB below the peak. */
const quarterRate = (seconds: number, levelDbfs: number): Signal =>
  tone({ frequencyHz: rate / 4, levelDbfs, seconds, phaseDegrees: 45, rightPhaseDegrees: 33 }, rate);

const hostile: Record<string, () => Signal> = {
  music: () => scaled(music(3, rate), 2),
  'white noise': () => noise(1, rate, 1),
  'a square wave': () => square(1, 997, 0.9),
  clicks: () => clicks(1, 701),
  'a sine at a quarter of the rate': () => quarterRate(1, -1),
  'a burst out of silence': () => concatenate(silence(0.2, rate), noise(0.05, rate, 1, 5), silence(0.3, rate)),
  'a bright sine': () => tone({ frequencyHz: 17_300, levelDbfs: -3, seconds: 1 }, rate),
  'a sine near Nyquist': () => tone({ frequencyHz: 20_950, levelDbfs: -3, seconds: 0.5, phaseDegrees: 20 }, rate),
  'the shortest of hits': () => concatenate(silence(0.1, rate), noise(0.001, rate, 1, 9), silence(0.1, rate)),
};

/** The meter of what is delivered, which reads up to Nyquist. */
const meteredDbtp = async (signal: Signal): Promise<number> =>
  (await measure(streamOf(signal))).truePeakDbtp ?? -Infinity;

describe('the ceiling holds at eight points per sample and 64 taps, and on the meter', () => {
  for (const [name, make] of Object.entries(hostile)) {
    test.each([6, 12, 20])(`${name}, driven by %i dB`, async (gainDb) => {
      const out = await limited(make(), { gainDb, ceilingDbtp: -1 });
      expect(strictTruePeakDbtp(out)).toBeLessThanOrEqual(-1);
      expect(await meteredDbtp(out)).toBeLessThanOrEqual(-1);
    });
  }

  test('any material, any drive, any ceiling', async () => {
    const cases = fc.record({
      seed: fc.integer(),
      gainDb: fc.double({ min: 0, max: 24, noNaN: true }),
      ceilingDbtp: fc.double({ min: -12, max: 0, noNaN: true }),
      kind: fc.constantFrom<(seed: number) => Signal>(
        (seed) => noise(0.2, rate, 1, seed),
        (seed) => scaled(music(0.4, rate, seed), 1.5),
        (seed) => square(0.2, 50 + (Math.abs(seed) % 9000), 1),
        (seed) => clicks(0.2, 20 + (Math.abs(seed) % 900)),
        (seed) => quarterRate(0.2, -(Math.abs(seed) % 6)),
        (seed) => ({ ...noise(0.2, rate, 1, seed), left: square(0.2, 40 + (Math.abs(seed) % 400), 1).left }),
      ),
    });
    const property = fc.asyncProperty(cases, async ({ seed, gainDb, ceilingDbtp, kind }) => {
      const out = await limited(kind(seed), { gainDb, ceilingDbtp });
      expect(strictTruePeakDbtp(out)).toBeLessThanOrEqual(ceilingDbtp);
      // Where white noise stands beside a square wave a bound has been found too low for it; such a master is made again.
      expect(await meteredDbtp(out)).toBeLessThanOrEqual(ceilingDbtp + 0.05);
    });
    await fc.assert(property, { numRuns: 60, seed: 1 });
  });
});

describe('what needs no limiting is not touched', () => {
  test('under the ceiling and at 0 dB every sample is bit-equal', async () => {
    const signal = scaled(music(2, rate), 0.5);
    const out = await limited(signal, { gainDb: 0, ceilingDbtp: -1 });
    expect(out.left).toEqual(signal.left);
    expect(out.right).toEqual(signal.right);
  });

  test('after a lone peak the gain is back at once', async () => {
    const signal = tone({ frequencyHz: 440, levelDbfs: -12, seconds: 1 }, rate);
    signal.left[20_000] = 1;
    signal.right[20_000] = 1;
    const out = await limited(signal, { gainDb: 0, ceilingDbtp: -6 });
    expect(Math.abs(out.left[20_000] ?? 0)).toBeLessThanOrEqual(0.5);
    // Two averages of 1.1 ms and the heart of the interpolation filter on either side.
    const reach = Math.ceil(0.004 * rate);
    expect(out.left.subarray(0, 20_000 - reach)).toEqual(signal.left.subarray(0, 20_000 - reach));
    expect(out.left.subarray(20_000 + reach)).toEqual(signal.left.subarray(20_000 + reach));
  });

  test('a gain that stays under the ceiling is that gain and nothing else', async () => {
    const signal = scaled(music(2, rate), 0.1);
    const out = await limited(signal, { gainDb: 6, ceilingDbtp: -1 });
    const gain = 10 ** (6 / 20);
    expect(out.left).toEqual(signal.left.map((x) => x * gain));
  });
});

describe('the channels are half linked', () => {
  test('a peak on one side takes the other down half as far', async () => {
    const signal = tone({ frequencyHz: 997, levelDbfs: 0, seconds: 1, rightLevelDb: -20 }, rate);
    // Short bursts: what lasts would turn both sides down alike.
    for (let i = 0; i < signal.left.length; i++) if (i % 8820 > 30) signal.left[i] = 0;
    const out = await limited(signal, { gainDb: 5.9, ceilingDbtp: 0 });
    const gainOf = (plane: 'left' | 'right', at: number) => (out[plane][at] ?? 0) / (signal[plane][at] ?? 1);
    const full = 10 ** (5.9 / 20);
    const at = 8820 * 2 + 11;
    const [left, right] = [gainOf('left', at) / full, gainOf('right', at) / full];
    expect(left).toBeLessThan(0.6);
    expect(right).toBeCloseTo((1 + left) / 2, 6);
  });

  test('equal channels stay equal', async () => {
    const signal = music(1, rate);
    const out = await limited({ ...signal, right: signal.left }, { gainDb: 12, ceilingDbtp: -1 });
    expect(out.right).toEqual(out.left);
  });
});

test('the size of the blocks does not matter', async () => {
  const signal = music(1, rate);
  const whole = await limited(signal, { gainDb: 12, ceilingDbtp: -1 });
  for (const blockFrames of [1000, 441, 4095]) {
    expect((await limited(signal, { gainDb: 12, ceilingDbtp: -1 }, blockFrames)).left).toEqual(whole.left);
  }
});

test.each([0, 1, 100, 5000])('%i frames go in and come out', async (frames) => {
  const signal = noise(1, rate);
  const short = { ...signal, left: signal.left.slice(0, frames), right: signal.right.slice(0, frames) };
  expect((await limited(short, { gainDb: 20, ceilingDbtp: -1 })).left).toHaveLength(frames);
});

describe('distortion at 6 dB of reduction', () => {
  /** Power of one frequency, by correlation over whole periods. */
  const powerAt = (samples: Float64Array, hz: number): number => {
    let re = 0;
    let im = 0;
    for (let i = 0; i < samples.length; i++) {
      re += samples[i] * Math.cos((2 * Math.PI * hz * i) / rate);
      im += samples[i] * Math.sin((2 * Math.PI * hz * i) / rate);
    }
    return (2 * (re * re + im * im)) / samples.length ** 2;
  };
  const meanSquare = (samples: Float64Array): number => samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
  const secondHalf = (signal: Signal): Float64Array => signal.left.slice(signal.left.length / 2);

  test('50 Hz: THD+N ≤ −60 dB', async () => {
    const out = secondHalf(await limited(tone({ frequencyHz: 50, levelDbfs: 0, seconds: 4 }, rate), sixDb));
    expect(20 * Math.log10(Math.max(...out))).toBeCloseTo(-1.1, 2);
    const fundamental = powerAt(out, 50);
    const rest = Math.max(1e-15, meanSquare(out) - fundamental);
    expect(10 * Math.log10(rest / fundamental)).toBeLessThanOrEqual(-60);
  });

  test('SMPTE, 60 Hz and 7 kHz at 4 : 1: IMD ≤ −55 dB', async () => {
    const low = tone({ frequencyHz: 60, levelDbfs: 20 * Math.log10(0.8), seconds: 4 }, rate);
    const high = tone({ frequencyHz: 7000, levelDbfs: 20 * Math.log10(0.2), seconds: 4 }, rate);
    const both = { ...low, left: low.left.map((x, i) => x + (high.left[i] ?? 0)) };
    const out = secondHalf(await limited({ ...both, right: both.left }, sixDb));
    const sidebands = [-240, -180, -120, -60, 60, 120, 180, 240].map((offset) => powerAt(out, 7000 + offset));
    const sum = sidebands.reduce((a, b) => a + b, 0);
    expect(10 * Math.log10(sum / powerAt(out, 7000))).toBeLessThanOrEqual(-55);
  });

  const sixDb = { gainDb: 5, ceilingDbtp: -1 };
});

describe('the loudness of every target on one curve', () => {
  const targets = [-23, -20, -18, -16, -14, -12, -10, -9, -8].map((targetLufs) => ({ targetLufs, ceilingDbtp: -1 }));

  test('what was promised is measured on the render', async () => {
    const signal = music(8, rate);
    for (const solution of await solve(signal, targets)) {
      const out = await limited(signal, solution);
      const { integratedLufs } = await measure(streamOf(out));
      expect(integratedLufs).toBeCloseTo(solution.expectedLufs ?? Number.NaN, 2);
      if (solution.notReached === null) {
        expect(Math.abs((integratedLufs ?? 0) - solution.targetLufs)).toBeLessThanOrEqual(0.1);
      }
    }
  });

  test('a target quieter than the mix is reached by gain alone', async () => {
    const [solution] = await solve(music(5, rate), [{ targetLufs: -30, ceilingDbtp: -1 }]);
    expect(solution?.limiter.maxReductionDb).toBe(0);
    expect(solution?.notReached).toBeNull();
  });

  test('what a gain lifts over the gate of −70 LUFS counts: lone notes that die away', async () => {
    const held = tone({ frequencyHz: 440, levelDbfs: -10, seconds: 20 }, rate);
    const left = held.left.map((x, i) => x * Math.exp(-4 * ((i / rate) % 5)));
    const notes = { ...held, left, right: left };
    for (const solution of await solve(notes, targets)) {
      // −16 lies where the loudness jumps.
      if (solution.targetLufs === -16) continue;
      const { integratedLufs } = await measure(streamOf(await limited(notes, solution)));
      expect(Math.abs((integratedLufs ?? 0) - solution.targetLufs), `${solution.targetLufs}`).toBeLessThanOrEqual(0.1);
    }
  });

  test('a target beyond the distortion budget is not forced; the louder of two never ends quieter', async () => {
    const [loud, absurd] = await solve(music(8, rate), [
      { targetLufs: -8, ceilingDbtp: -1 },
      { targetLufs: 0, ceilingDbtp: -1 },
    ]);
    expect(absurd?.notReached).toBe('distortion_budget');
    expect(absurd?.limiter.p95ReductionDb).toBeLessThanOrEqual(6.2);
    expect(absurd?.expectedLufs).toBeGreaterThanOrEqual((loud?.expectedLufs ?? 0) - 0.05);
  });

  test('crest is budgeted too: rare peaks are not taken off without end', async () => {
    const signal = tone({ frequencyHz: 997, levelDbfs: -30, seconds: 4 }, rate);
    for (let i = 5000; i < signal.left.length; i += 22_050) signal.left[i] = 1;
    const [solution] = await solve(signal, [{ targetLufs: -12, ceilingDbtp: -1 }]);
    const { integratedLufs, truePeakDbtp } = await measure(streamOf(signal));
    expect(solution?.notReached).toBe('distortion_budget');
    const crestLost = (truePeakDbtp ?? 0) - (integratedLufs ?? 0) - (-1.1 - (solution?.expectedLufs ?? 0));
    expect(crestLost).toBeCloseTo(10, 0);
  });

  test('six targets take two passes over the music', async () => {
    const signal = music(6, rate);
    let passes = 0;
    const open = () => {
      passes++;
      return streamOf(signal);
    };
    await solveLoudness(await outlineOf(streamOf(signal)), open, targets.slice(-6));
    expect(passes).toBeLessThanOrEqual(2);
  });

  test('silence has nothing to reach', async () => {
    const [solution] = await solve(silence(2, rate), [{ targetLufs: -14, ceilingDbtp: -1 }]);
    expect(solution).toMatchObject({ gainDb: 0, expectedLufs: null, notReached: 'silent' });
  });
});
