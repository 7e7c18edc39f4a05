import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fft } from '../src/dsp/fft.ts';
import { type Analysis, analyse, InvalidSamplesError, measure } from '../src/index.ts';
import { concatenate, music, noise, randomNumbers, type Signal, scaled, silence, streamOf, tone } from './signals.ts';

const RATE = 44100;
const hear = (signal: Signal, channels: 1 | 2 = 2): Promise<Analysis> => analyse(streamOf(signal, undefined, channels));
const codes = ({ advice }: Analysis): string[] => advice.map(({ code }) => code);
const mapped = (signal: Signal, change: (left: number, right: number) => [number, number]): Signal => {
  const pairs = Array.from(signal.left, (left, i) => change(left, signal.right[i]));
  const plane = (channel: 0 | 1) => Float64Array.from(pairs, (pair) => pair[channel]);
  return { left: plane(0), right: plane(1), sampleRateHz: signal.sampleRateHz };
};

/** Every number anywhere inside. */
const numbersIn = (value: unknown): number[] => {
  if (typeof value === 'number') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(numbersIn) : [];
};

describe('the transform', () => {
  test.each([4, 8, 64, 512])('of %i points is the sum of its definition', (size) => {
    const next = randomNumbers(size);
    const input = Array.from({ length: size }, () => [next(), next()]);
    const fft = new Fft(size);
    const re = new Float64Array(size);
    const im = new Float64Array(size);
    input.forEach(([x, y], n) => {
      re[fft.order[n]] = x;
      im[fft.order[n]] = y;
    });
    fft.transform(re, im);
    for (let k = 0; k < size; k++) {
      const turns = input.map(([x, y], n) => ({ x, y, angle: (-2 * Math.PI * k * n) / size }));
      expect(re[k]).toBeCloseTo(
        turns.reduce((sum, { x, y, angle }) => sum + x * Math.cos(angle) - y * Math.sin(angle), 0),
        9,
      );
      expect(im[k]).toBeCloseTo(
        turns.reduce((sum, { x, y, angle }) => sum + x * Math.sin(angle) + y * Math.cos(angle), 0),
        9,
      );
    }
  });
});

describe('tone', () => {
  test.each([20, 31.5, 100, 1000, 6300, 20000])('a tone of %d Hz stands in its own band', async (frequencyHz) => {
    const { bands } = (await hear(tone({ frequencyHz, levelDbfs: -12, seconds: 4 }, RATE))).tone;
    const strongest = bands.reduce((a, b) => (b.levelDb > a.levelDb ? b : a));
    expect(strongest.centreHz).toBe(frequencyHz);
    expect(strongest.levelDb).toBeGreaterThan(-0.6);
  });

  test.each([44100, 96000])('white noise rises by 3 dB an octave at %d Hz', async (rateHz) => {
    const { bands } = (await hear(noise(10, rateHz))).tone;
    const at = (hz: number) => bands.find(({ centreHz }) => centreHz === hz)?.levelDb ?? Number.NaN;
    for (const hz of [500, 1000, 2000, 4000]) expect(Math.abs(at(2 * hz) - at(hz) - 3.01)).toBeLessThan(0.6);
    expect(bands.reduce((sum, { levelDb }) => sum + 10 ** (levelDb / 10), 0)).toBeCloseTo(1, 6);
  });

  test('the level of the mix leaves no trace', async () => {
    const loud = await hear(noise(2, RATE));
    const quiet = await hear(scaled(noise(2, RATE), 1 / 64));
    loud.tone.bands.forEach(({ levelDb }, n) => {
      expect(quiet.tone.bands[n].levelDb).toBeCloseTo(levelDb, 9);
    });
  });

  test.each([
    [8000, 3150],
    [44100, 20000],
    [384000, 20000],
  ])('at %d Hz the bands reach %d Hz', async (rateHz, lastHz) => {
    const { bands } = (await hear(noise(0.5, rateHz))).tone;
    expect(bands[0].centreHz).toBe(20);
    expect(bands.at(-1)?.centreHz).toBe(lastHz);
  });
});

describe('stereo', () => {
  test('a centred signal is one with itself', async () => {
    const { stereo } = await hear(mapped(noise(2, RATE), (left) => [left, left]));
    expect(stereo).toMatchObject({
      correlation: 1,
      lowCorrelation: expect.closeTo(1, 12),
      sideToMidDb: null,
      balanceDb: 0,
      centreOffsetDb: expect.closeTo(0, 7),
      monoFoldDownLossDb: 0,
    });
  });

  test('a centred signal has no sides in any region, however weak a region is', async () => {
    const bass = tone({ frequencyHz: 80, levelDbfs: -3, seconds: 2 }, RATE);
    const hiss = noise(2, RATE, 1e-5);
    const both = bass.left.map((sample, n) => sample + hiss.left[n]);
    const { stereo } = await hear({ ...bass, left: both, right: both });
    expect(stereo.regions.map(({ sideToMidDb }) => sideToMidDb)).toEqual([null, null, null, null, null]);
  });

  test('independent sides of 6 dB difference', async () => {
    const { stereo } = await hear(mapped(noise(20, RATE), (left, right) => [left, right / 2]));
    expect(stereo.correlation).toBeCloseTo(0, 1);
    expect(stereo.sideToMidDb).toBeCloseTo(0, 0);
    expect(stereo.balanceDb).toBeCloseTo(6.02, 1);
    expect(stereo.monoFoldDownLossDb).toBeCloseTo(3.01, 1);
  });

  test('a turned polarity vanishes in mono, and is told', async () => {
    const heard = await hear(mapped(noise(2, RATE), (left) => [left, -left]));
    expect(heard.stereo).toMatchObject({ correlation: -1, sideToMidDb: 100, monoFoldDownLossDb: 100 });
    expect(codes(heard)).toContain('poor_mono_compatibility');
  });

  test('an angle between the sides is their correlation and costs its cosine in mono', async () => {
    const { stereo } = await hear(tone({ frequencyHz: 1000, levelDbfs: -12, seconds: 2, rightPhaseDegrees: 60 }, RATE));
    expect(stereo.correlation).toBeCloseTo(0.5, 3);
    expect(stereo.monoFoldDownLossDb).toBeCloseTo(-10 * Math.log10((1 + 0.5) / 2), 3);
  });

  test('turned lows are heard under upright mids', async () => {
    const lows = tone({ frequencyHz: 60, levelDbfs: -14, seconds: 3, rightPhaseDegrees: 180 }, RATE);
    const mids = tone({ frequencyHz: 1000, levelDbfs: -10, seconds: 3 }, RATE);
    const heard = await hear({
      left: lows.left.map((x, i) => x + mids.left[i]),
      right: lows.right.map((x, i) => x + mids.right[i]),
      sampleRateHz: RATE,
    });
    expect(heard.stereo.lowCorrelation).toBeLessThan(-0.99);
    expect(heard.stereo.correlation).toBeGreaterThan(0.3);
    expect(codes(heard)).toContain('lows_out_of_phase');
  });

  test('one channel that is louder throughout is an offset of the centre; one that plays other music is not', async () => {
    // Independent channels of one level: no centre at all, and still both sides must weigh the same.
    const song = noise(6, RATE);
    const louder = await hear(mapped(song, (left, right) => [left * 1.26, right]));
    expect((await hear(song)).stereo.centreOffsetDb).toBeCloseTo(0, 0);
    expect(louder.stereo.centreOffsetDb).toBeCloseTo(2, 0);
    const [low, high] = [500, 4000].map((frequencyHz) => tone({ seconds: 3, frequencyHz, levelDbfs: -12 }, RATE));
    const panned = {
      left: low.left.map((x, i) => x + high.left[i] / 4),
      right: low.left.map((x, i) => x / 4 + high.left[i]),
    };
    expect((await hear({ ...panned, sampleRateHz: RATE })).stereo.centreOffsetDb).toBeNull();
  });

  test('what both channels hold alike tells where the middle is, whatever is panned', async () => {
    const [middle, panned] = [noise(6, RATE), noise(6, RATE)];
    const [together, others] = [middle.left, panned.right];
    // A voice in the middle, and softer ones at the sides, more of them on the right.
    const song = (gain: number) => ({
      left: together.map((x, i) => gain * (x + 0.02 * middle.right[i])),
      right: together.map((x, i) => x + 0.03 * others[i]),
      sampleRateHz: RATE,
    });
    const [level, leaning] = [await hear(song(1)), await hear(song(1.26))];
    expect(level.stereo.middle?.offsetDb).toBeCloseTo(0, 1);
    expect(leaning.stereo.middle?.offsetDb).toBeCloseTo(2, 1);
    expect(leaning.stereo.middle?.sharpness).toBeGreaterThan(2);
    expect((await hear(middle)).stereo.middle?.sharpness ?? 0).toBeLessThan(1);
  });

  test('a steady offset is no part of the image', async () => {
    const plain = (await hear(noise(2, RATE))).stereo;
    const shifted = (await hear(mapped(noise(2, RATE), (left, right) => [left + 0.2, right - 0.1]))).stereo;
    expect(shifted.correlation).toBeCloseTo(plain.correlation, 9);
    expect(shifted.balanceDb).toBeCloseTo(plain.balanceDb, 9);
  });
});

describe('dynamics', () => {
  test('a sine of −23 dBFS: crest 3.01 dB, peak to loudness 0 dB', async () => {
    const { dynamics } = await hear(tone({ frequencyHz: 1000, levelDbfs: -23, seconds: 10 }, 48000));
    expect(dynamics.crestFactorDb).toBeCloseTo(3.01, 2);
    expect(dynamics.plrDb).toBeCloseTo(0, 1);
    expect(dynamics.psrDb).toBeCloseTo(0, 1);
  });

  test('PSR is that of the densest 3 s', async () => {
    const sparse = silence(6, RATE);
    for (let i = 0; i < sparse.left.length; i += RATE / 2) sparse.left[i] = 0.9;
    const dense = tone({ frequencyHz: 1000, levelDbfs: -6, seconds: 6 }, RATE);
    const alone = (await hear(sparse)).dynamics.psrDb ?? Number.NaN;
    const both = (await hear(concatenate(sparse, dense))).dynamics.psrDb ?? Number.NaN;
    expect(alone).toBeGreaterThan(15);
    expect(both).toBeCloseTo(0, 1);
  });

  test('shorter than 3 s there is none', async () => {
    expect((await hear(noise(2.9, RATE))).dynamics.psrDb).toBeNull();
  });
});

describe('defects', () => {
  const clipAt = (level: number) =>
    mapped(tone({ frequencyHz: 100, levelDbfs: 0, seconds: 1 }, RATE), (x) => {
      const cut = Math.max(-level, Math.min(level, x));
      return [cut, 0.4 * x];
    });

  test.each([0.9, 0.6])('every peak cut off at %d is one run', async (level) => {
    const signal = clipAt(level);
    const { defects } = await hear(signal);
    expect(defects.clippedRuns).toBe(200);
    expect(defects.clippedSamples).toBe(signal.left.filter((x) => Math.abs(x) === level).length);
  });

  test.each([44100, 96000, 192000])('a full bass tone in 16 bits at %d Hz is not clipped', async (rateHz) => {
    const bass = tone({ frequencyHz: 40, levelDbfs: -0.5, seconds: 1 }, rateHz);
    const { defects } = await hear(mapped(bass, (x) => [Math.round(x * 32768) / 32768, Math.round(x * 32768) / 32768]));
    expect(defects.clippedRuns).toBe(0);
  });

  test('a mono file counts once', async () => {
    const cut = mapped(clipAt(0.9), (x) => [x, x]);
    const { defects, advice } = await hear(cut, 1);
    expect(defects.clippedRuns).toBe(200);
    expect(defects.dcOffset).toHaveLength(1);
    expect(advice.map(({ code }) => code)).toEqual(expect.arrayContaining(['clipped', 'mono_file']));
  });

  test('offset per channel, silence before and after', async () => {
    const offset = mapped(noise(4, RATE), (left, right) => [left + 0.05, right - 0.02]);
    const shifted = await hear(offset);
    expect(shifted.defects.dcOffset[0]).toBeCloseTo(0.05, 2);
    expect(shifted.defects.dcOffset[1]).toBeCloseTo(-0.02, 2);
    expect(codes(shifted)).toContain('dc_offset');

    const surrounded = await hear(concatenate(silence(3, RATE), noise(2, RATE), silence(6, RATE)));
    expect(surrounded.defects.headSilenceSeconds).toBeCloseTo(3, 3);
    expect(surrounded.defects.tailSilenceSeconds).toBeCloseTo(6, 3);
    expect(codes(surrounded)).toContain('long_silence');
  });
});

describe('advice', () => {
  test('a good mix needs none', async () => {
    expect((await hear(music(8, RATE))).advice).toEqual([]);
  });

  test.each<[string, Signal]>([
    [
      'brickwalled',
      mapped(noise(4, RATE, 2), (l, r) => [Math.sign(l) * 0.5 + l * 1e-3, Math.sign(r) * 0.5 + r * 1e-3]),
    ],
    ['little_headroom', scaled(music(4, RATE), 2)],
    ['off_balance', mapped(music(4, RATE), (left, right) => [left, right / 2])],
    ['low_sample_rate', music(4, 22050)],
  ])('%s', async (code, signal) => {
    expect(codes(await hear(signal))).toContain(code);
  });

  test('writes a true minus sign', async () => {
    const { advice } = await hear(scaled(music(4, RATE), 2));
    expect(advice.map(({ sentence }) => sentence).join(' ')).toMatch(/Peaks reach −\d/);
  });
});

describe('any input', () => {
  test.each([1, 2])('silence of %d channels has no levels and one piece of advice', async (channels) => {
    const heard = await hear(silence(4, RATE), channels as 1 | 2);
    expect(codes(heard)).toEqual(['silent']);
    expect(heard.loudness).toMatchObject({ integratedLufs: null, truePeakDbtp: null, samplePeakDbfs: null });
    expect(heard.dynamics).toMatchObject({ crestFactorDb: 0, plrDb: null, psrDb: null });
    expect(heard.tone.bands).toEqual([]);
    expect(heard.defects).toMatchObject({ clippedRuns: 0, headSilenceSeconds: 4, tailSilenceSeconds: 0 });
  });

  test.each([8000, 11025, 44100, 192000, 384000])('one sample, and none, at %d Hz', async (rateHz) => {
    const click = silence(1 / rateHz, rateHz);
    click.left.fill(0.5);
    for (const signal of [click, silence(0, rateHz)]) {
      const heard = await hear(signal);
      expect(codes(heard)).toEqual(['silent']);
      expect(numbersIn(heard).filter((value) => !Number.isFinite(value))).toEqual([]);
    }
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, -1e300])('%d is refused with its place', async (value) => {
    const broken = noise(0.5, RATE);
    broken.right[9999] = value;
    await expect(hear(broken)).rejects.toThrow(InvalidSamplesError);
    await expect(hear(broken)).rejects.toMatchObject({ frame: 9999 });
  });

  test('no finite samples make a number that is none', async () => {
    const sample = fc.oneof(
      fc.double({ min: -2, max: 2, noNaN: true }),
      fc.double({ min: -1e9, max: 1e9, noNaN: true }),
      fc.constantFrom(0, 1, -1, 5e-324, 1e-170, 1e9),
    );
    const piece = fc.record({ left: sample, right: sample, frames: fc.integer({ min: 1, max: 4000 }) });
    const pieces = fc.array(piece, { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(pieces, fc.constantFrom(8000, 44100), async (parts, sampleRateHz) => {
        const plane = (channel: 'left' | 'right') =>
          Float64Array.from(parts.flatMap((part) => Array<number>(part.frames).fill(part[channel])));
        const heard = await hear({ left: plane('left'), right: plane('right'), sampleRateHz });
        expect(numbersIn(heard).filter((value) => !Number.isFinite(value))).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test.each([1, 77, 4095])('read %d frames at a time it sounds the same', async (blockFrames) => {
    const signal = music(3.7, RATE);
    expect(await analyse(streamOf(signal, blockFrames))).toEqual(await hear(signal));
    expect(await measure(streamOf(signal, blockFrames))).toEqual((await hear(signal)).loudness);
  });

  test('progress rises to 1, and what it throws stops the pass', async () => {
    const seen: number[] = [];
    await analyse(streamOf(noise(1, RATE)), (fraction) => seen.push(fraction));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
    const stop = () => {
      throw new Error('enough');
    };
    await expect(analyse(streamOf(noise(1, RATE)), stop)).rejects.toThrow('enough');
  });
});
