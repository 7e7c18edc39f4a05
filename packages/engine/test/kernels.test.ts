import { afterEach, describe, expect, test } from 'vitest';
import { Fft } from '../src/dsp/fft.ts';
import { PairSpectrum } from '../src/dsp/pair-spectrum.ts';
import { transformSingles } from '../src/dsp/power-sums.ts';
import { WindowTransform } from '../src/dsp/window-transform.ts';
import {
  analyse,
  createOutliner,
  createQuantiser,
  decide,
  outlineOf,
  renderTone,
  type Stage,
  solveLoudness,
} from '../src/index.ts';
import { BINARY } from '../src/kernels/binary.ts';
import { kernels, reserve, reserveSingles, useKernels } from '../src/kernels/wasm.ts';
import { LoudnessMeter } from '../src/loudness-meter.ts';
import { ToneMeter } from '../src/tone-meter.ts';
import { TruePeakMeter } from '../src/true-peak-meter.ts';
import { compileKernels } from '../tools/build-kernels.ts';
import { collect, limited, resampled } from './rendering.ts';
import { concatenate, feed, music, noise, type Signal, scaled, silence, streamOf } from './signals.ts';

const RATE = 44_100;

afterEach(() => useKernels(true));

test('the committed binary is what its source compiles to; `npm run build` makes it anew', () => {
  expect(BINARY).toBe(compileKernels().toString('base64'));
});

test('kernels run here', () => {
  expect(kernels()).not.toBeNull();
});

/** What a thing gives with kernels and with their twins. */
const both = <T>(run: () => T): [T, T] => {
  useKernels(true);
  const fast = run();
  useKernels(false);
  return [fast, run()];
};

/** All records of the outline. */
const recordsOf = async (signal: Signal, blockFrames?: number): Promise<Float32Array> => {
  const { frames, read } = await outlineOf(streamOf(signal, blockFrames));
  const records = new Float32Array(4 * Math.ceil(frames / 8));
  await read(0, records);
  return records;
};

describe('a kernel gives the bits of its twin', () => {
  test.each([8000, 44_100])('outline at %i Hz, in blocks of any size', async (rate) => {
    for (const signal of [
      music(1, rate),
      noise(0.5, rate, 1),
      concatenate(silence(0.2, rate), noise(0.1, rate, 1e-3)),
    ]) {
      const fast = await recordsOf(signal);
      expect(await recordsOf(signal, 441)).toEqual(fast);
      useKernels(false);
      expect(await recordsOf(signal)).toEqual(fast);
      useKernels(true);
    }
  });

  test('loudness', () => {
    const [fast, twin] = both(() => {
      const meter = new LoudnessMeter(RATE);
      feed(meter, music(4, RATE), 1000);
      return [meter.integratedLufs(), meter.loudnessRangeLu(), meter.maxMomentaryLufs()];
    });
    expect(fast).toEqual(twin);
  });

  test.each([16_000, RATE])('tone of a finished file of %i Hz', (rateHz) => {
    const [fast, twin] = both(() => {
      const meter = new ToneMeter(rateHz, 2);
      feed(meter, music(2, rateHz), 1000);
      return meter.finish();
    });
    expect(fast).toHaveLength(rateHz === RATE ? 31 : 26);
    expect(fast).toEqual(twin);
  });

  test.each([16, 24] as const)('dither to %i bits', (wordLengthBits) => {
    const signal = concatenate(music(1, RATE), silence(0.1, RATE), scaled(music(1, RATE), 3));
    const [fast, twin] = both(() => {
      const out = new Int32Array(2 * signal.left.length);
      createQuantiser({ wordLengthBits, seed: -5, dither: 'tpdf', sampleRateHz: RATE })(
        signal,
        signal.left.length,
        out,
      );
      return out;
    });
    expect(fast).toEqual(twin);
  });

  test.each([4, 8, 16, 64, 512, 4096, 8192])('transform of %i points', (size) => {
    const [fast, twin] = both(() => {
      const { left, right } = noise(1, RATE);
      const [re, im] = [left.slice(0, size), right.slice(0, size)];
      new Fft(size).transform(re, im);
      return { re, im };
    });
    expect(fast).toEqual(twin);
  });

  test.each([8, 16, 32, 512, 4096, 8192])('windows of %i points', (size) => {
    const [fast, twin] = both(() => {
      const { left, right } = noise(1, RATE);
      const { re, im } = new WindowTransform(size).transform(left.slice(-size), { left, right });
      return { re: re.slice(), im: im.slice() };
    });
    expect(fast).toEqual(twin);
  });

  test.each([64, 128, 512, 4096, 8192])('windows of %i points in single precision, their powers and sums', (size) => {
    const [fast, twin] = both(() => {
      const { left, right } = noise(1, RATE);
      const [singleLeft, singleRight] = [left, right].map((plane) => {
        const singles = reserveSingles(size);
        singles.set(plane.subarray(0, size));
        return singles;
      });
      const spectrum = transformSingles({ left: singleLeft, right: singleRight }, size);
      const bins = new PairSpectrum(size);
      const powers = bins.powersOf(spectrum).slice();
      const [left2, right2, cross] = Array.from({ length: 3 }, () => reserve(powers.length).fill(1));
      const sums = { left: left2, right: right2, cross };
      for (const _ of [0, 1]) bins.add(spectrum, sums);
      const ranges = new Float64Array(2);
      bins.sumRanges(bins.powersOf(spectrum), Float64Array.of(0, 5, 1, 4), ranges);
      return { re: spectrum.re.slice(), im: spectrum.im.slice(), powers, sums, ranges };
    });
    expect(fast).toEqual(twin);
  });

  test.each([44_100, 192_000])('limiter at %i Hz, in blocks of any size', async (rate) => {
    const signal = concatenate(
      silence(0.3, rate),
      scaled(music(0.7, rate), 2),
      silence(0.5, rate),
      noise(0.3, rate, 1),
    );
    const render = (blockFrames?: number) => limited(signal, { gainDb: 9, ceilingDbtp: -1 }, blockFrames);
    const fast = await render();
    expect(await render(441)).toEqual(fast);
    useKernels(false);
    expect(await render()).toEqual(fast);
  });

  test.each([
    [44_100, 48_000],
    [96_000, 44_100],
    [44_100, 192_000],
    [176_400, 48_000],
    [8000, 8001],
  ])('resampler from %i to %i Hz, in blocks of any size', async (fromHz, toHz) => {
    const signal = concatenate(noise(0.2, fromHz), music(0.3, fromHz));
    const fast = await resampled(signal, toHz);
    expect(await resampled(signal, toHz, [441, 1, 4096])).toEqual(fast);
    useKernels(false);
    expect(await resampled(signal, toHz)).toEqual(fast);
  });

  test('true peak', () => {
    const [fast, twin] = both(() => {
      const meter = new TruePeakMeter();
      feed(meter, music(2, RATE));
      meter.finish();
      return meter.truePeakDbtp();
    });
    expect(fast).toBe(twin);
  });
});

test('a whole master has the same bits with kernels and with twins', async () => {
  const mix = concatenate(silence(0.2, RATE), music(6, RATE), noise(0.3, RATE, 0.6));
  const amounts = { repair: 100, tone: 100, compression: 100, width: 100 };
  const intent = { style: 'natural', intensity: 100, amounts, phase: 'minimum' } as const;
  const master = async () => {
    const analysis = await analyse(streamOf(mix));
    const plan = decide(analysis, intent);
    const compress: Stage = {
      ...{ stage: 'compress', bypassed: false, reason: '', crossoversHz: [200, 2000] },
      bands: [1, 2, 3].map(() => ({ thresholdDb: -40, ratio: 1.5, kneeDb: 6, attackMs: 20, releaseMs: 150 })),
    };
    const stages = [...plan.stages, compress];
    const toned = await collect(mix.left.length, RATE, (write) =>
      renderTone(streamOf(mix), { ...plan, stages: stages.filter(({ stage }) => stage !== 'trim') }, write),
    );
    const [solution] = await solveLoudness(await outlineOf(streamOf(toned)), () => streamOf(toned), [
      { targetLufs: -9, ceilingDbtp: -1 },
    ]);
    const out = await limited(toned, solution);
    const bytes = new Int32Array(2 * out.left.length);
    createQuantiser({ wordLengthBits: 24, seed: 3, dither: 'tpdf', sampleRateHz: RATE })(out, out.left.length, bytes);
    return { analysis, plan, solution, bytes };
  };
  const fast = await master();
  useKernels(false);
  expect(await master()).toEqual(fast);
});

test('analyses that take turns hear what each hears alone', async () => {
  const signals = [music(3, RATE), concatenate(noise(2, RATE), music(1.5, RATE))];
  const alone: unknown[] = [];
  for (const signal of signals) alone.push(await analyse(streamOf(signal)));
  expect(await Promise.all(signals.map((signal) => analyse(streamOf(signal))))).toEqual(alone);
});

test('resamplers that take turns give what each gives alone', async () => {
  const signal = noise(0.5, RATE);
  const rates = [48_000, 96_000, 192_000];
  const alone: Signal[] = [];
  for (const rate of rates) alone.push(await resampled(signal, rate));
  expect(await Promise.all(rates.map((rate) => resampled(signal, rate)))).toEqual(alone);
});

test('objects leave nothing in the memory of the kernels, however many there are', () => {
  const { left, right } = noise(0.1, RATE);
  const reservedBefore = reserve(1).byteOffset;
  for (let n = 0; n < 2000; n++) {
    new LoudnessMeter(RATE).push({ left, right }, left.length);
    createOutliner(RATE).write({ left, right }, 64);
    new Fft(64).transform(new Float64Array(64), new Float64Array(64));
  }
  expect(reserve(1).byteOffset - reservedBefore).toBe(16);
});
