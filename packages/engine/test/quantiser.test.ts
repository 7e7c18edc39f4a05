import { describe, expect, test } from 'vitest';
import { createQuantiser } from '../src/index.ts';
import { noise, type Signal, silence, tone } from './signals.ts';

const quantised = (signal: Signal, wordLengthBits: 16 | 24, seed = 1, blockFrames = signal.left.length): Int32Array => {
  const quantise = createQuantiser({ wordLengthBits, seed });
  const out = new Int32Array(2 * signal.left.length);
  for (let at = 0; at < signal.left.length; at += blockFrames) {
    const to = Math.min(signal.left.length, at + blockFrames);
    const block = { left: signal.left.subarray(at, to), right: signal.right.subarray(at, to) };
    quantise(block, to - at, out.subarray(2 * at, 2 * to));
  }
  return out;
};

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
