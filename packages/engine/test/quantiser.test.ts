import { describe, expect, test } from 'vitest';
import { createQuantiser } from '../src/index.ts';
import { concatenate, noise, type Signal, silence, tone } from './signals.ts';

type Wanted = Partial<Parameters<typeof createQuantiser>[0]>;

const quantisedBy = (signal: Signal, wanted: Wanted, blockFrames = signal.left.length): Int32Array => {
  const { sampleRateHz } = signal;
  const quantise = createQuantiser({ wordLengthBits: 16, seed: 1, dither: 'tpdf', sampleRateHz, ...wanted });
  const out = new Int32Array(2 * signal.left.length);
  for (let at = 0; at < signal.left.length; at += blockFrames) {
    const to = Math.min(signal.left.length, at + blockFrames);
    const block = { left: signal.left.subarray(at, to), right: signal.right.subarray(at, to) };
    quantise(block, to - at, out.subarray(2 * at, 2 * to));
  }
  return out;
};

const quantised = (signal: Signal, wordLengthBits: 16 | 24, seed = 1, blockFrames?: number): Int32Array =>
  quantisedBy(signal, { wordLengthBits, seed }, blockFrames);

describe.each([16, 24] as const)('%i bits', (wordLengthBits) => {
  const scale = 2 ** (wordLengthBits - 1);

  test('the error has no mean and the power of triangular dither, whatever the signal', () => {
    for (const signal of [tone({ frequencyHz: 997, levelDbfs: -90, seconds: 2 }, 44_100), noise(2, 44_100, 0.5)]) {
      const out = quantised(signal, wordLengthBits);
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < signal.left.length; i++) {
        const error = out[2 * i] - signal.left[i] * scale;
        sum += error;
        squares += error * error;
      }
      // A quarter of a squared step: 1/6 of the dither, 1/12 of the rounding.
      expect(Math.abs(sum / signal.left.length)).toBeLessThan(0.01);
      expect(squares / signal.left.length).toBeCloseTo(0.25, 2);
    }
  });

  test('a tone of half a step survives', () => {
    const signal = tone({ frequencyHz: 1000, levelDbfs: 20 * Math.log10(0.5 / scale), seconds: 2 }, 44_100);
    const out = quantised(signal, wordLengthBits);
    let product = 0;
    for (let i = 0; i < signal.left.length; i++) product += out[2 * i] * Math.sin((2 * Math.PI * 1000 * i) / 44_100);
    expect((2 * product) / signal.left.length).toBeCloseTo(0.5, 1);
  });

  test('full scale and beyond is held, never wrapped', () => {
    const signal = silence(0.01, 44_100);
    signal.left.fill(1.5);
    signal.right.fill(-1.5);
    const out = quantised(signal, wordLengthBits);
    for (let i = 0; i < out.length; i += 2) expect([out[i], out[i + 1]]).toEqual([scale - 1, -scale]);
  });

  test('digital silence stays digital silence', () => {
    const out = quantised(silence(1, 44_100), wordLengthBits);
    expect(out.subarray(2 * 512).every((value) => value === 0)).toBe(true);
  });

  test('the same seed gives the same integers in blocks of any size, another seed others', () => {
    const signal = noise(0.2, 44_100, 0.1);
    const out = quantised(signal, wordLengthBits, 7);
    expect(quantised(signal, wordLengthBits, 7, 441)).toEqual(out);
    expect(quantised(signal, wordLengthBits, 8)).not.toEqual(out);
  });
});

/** Errors of the left channel, in steps. */
const errorsOf = (signal: Signal, out: Int32Array): Float64Array =>
  signal.left.map((sample, i) => out[2 * i] - sample * 2 ** 15);

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Power of the errors around a frequency, in dB of that of plain dither, by averaged windows. */
const levelDbAt = (errors: Float64Array, frequencyHz: number, sampleRateHz: number): number => {
  const size = 256;
  let sum = 0;
  let count = 0;
  for (let at = 0; at + size <= errors.length; at += size / 2, count++) {
    let [re, im] = [0, 0];
    for (let n = 0; n < size; n++) {
      const value = errors[at + n] * Math.sin((Math.PI * n) / size) ** 2;
      const angle = (2 * Math.PI * frequencyHz * n) / sampleRateHz;
      re += value * Math.cos(angle);
      im += value * Math.sin(angle);
    }
    sum += re * re + im * im;
  }
  return 10 * Math.log10(sum / count / (0.25 * 0.375 * size));
};

/** Lipshitz, Vanderkooy & Wannamaker 1991. */
const shape = [1, -2.033, 2.165, -1.959, 1.59, -0.6149];
const shapeDbAt = (frequencyHz: number, sampleRateHz: number): number => {
  const angle = (k: number) => (2 * Math.PI * frequencyHz * k) / sampleRateHz;
  const re = shape.reduce((sum, tap, k) => sum + tap * Math.cos(angle(k)), 0);
  const im = shape.reduce((sum, tap, k) => sum + tap * Math.sin(angle(k)), 0);
  return 10 * Math.log10(re * re + im * im);
};

describe('shaped dither', () => {
  const signals = (rate: number) => [
    tone({ frequencyHz: 997, levelDbfs: -90, seconds: 2 }, rate),
    noise(2, rate, 0.5),
    noise(2, rate, 1e-9),
  ];

  test.each([44_100, 48_000])('at %i Hz the error has the colour of the published filter', (rate) => {
    for (const signal of signals(rate)) {
      const errors = errorsOf(signal, quantisedBy(signal, { dither: 'shaped' }));
      for (const hz of [500, 1000, 2000, 3000, 6000, 9000, 12_000, 16_000, 20_000]) {
        // The window smears a little from the loud neighbour into the valley.
        expect(Math.abs(levelDbAt(errors, hz, rate) - shapeDbAt(hz, rate))).toBeLessThan(1);
      }
    }
  });

  test('its mean and power do not depend on the signal', () => {
    const power = 0.25 * shape.reduce((sum, tap) => sum + tap * tap, 0);
    for (const signal of signals(44_100)) {
      const errors = errorsOf(signal, quantisedBy(signal, { dither: 'shaped' }));
      expect(Math.abs(meanOf(errors))).toBeLessThan(0.01);
      expect(meanOf(errors.map((error) => error * error)) / power).toBeCloseTo(1, 1);
    }
  });

  test('samples held at full scale leave nothing behind: what follows is quantised as ever', () => {
    const loud = silence(1, 44_100);
    loud.left.fill(1.5);
    const signal = concatenate(loud, tone({ frequencyHz: 997, levelDbfs: 0, seconds: 1 }, 44_100), noise(1, 44_100));
    const errors = errorsOf(signal, quantisedBy(signal, { dither: 'shaped' }));
    const after = errors.subarray(2 * 44_100);
    for (const error of after)
      expect(Math.abs(error)).toBeLessThan(1.5 * shape.reduce((s, tap) => s + Math.abs(tap), 0));
    expect(Math.sqrt(meanOf(after.map((error) => error * error)))).toBeLessThan(2.2);
  });

  test('digital silence stays digital silence, and blocks leave no trace', () => {
    const signal = concatenate(noise(0.2, 44_100), silence(0.5, 44_100));
    const out = quantisedBy(signal, { dither: 'shaped' });
    expect(out.subarray(2 * (8820 + 512)).every((value) => value === 0)).toBe(true);
    for (const blockFrames of [1, 441, 4095]) {
      expect(quantisedBy(signal, { dither: 'shaped' }, blockFrames)).toEqual(out);
    }
  });

  test('where there is no need for it, it is plain', () => {
    const fast = noise(0.2, 96_000);
    expect(quantisedBy(fast, { dither: 'shaped' })).toEqual(quantisedBy(fast, { dither: 'tpdf' }));
    const long: Wanted = { wordLengthBits: 24 };
    expect(quantisedBy(fast, { ...long, dither: 'shaped' })).toEqual(quantisedBy(fast, { ...long, dither: 'tpdf' }));
  });
});

test('without dither a sample becomes the nearest step', () => {
  const signal = noise(0.2, 44_100);
  const out = quantisedBy(signal, { dither: 'none' });
  signal.left.forEach((sample, i) => {
    expect(out[2 * i]).toBe(Math.round(sample * 2 ** 15));
  });
});
