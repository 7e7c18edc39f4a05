// Fourier transform of two channels under a window: twin of src/dsp/window-transform.ts. Lanes are neighbouring points.
import { firstPass, NEAR, passes } from './shared/radix-four';

const NUMBER: usize = 8;

// @ts-ignore: decorator
@inline
function lower(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 0, 2);
}

// @ts-ignore: decorator
@inline
function upper(a: v128, b: v128): v128 {
  return v128.shuffle<f64>(a, b, 1, 3);
}

/** Transforms of four points, two at a time. Lanes are transforms. */
function lastPassOfFour(re: usize, im: usize, size: usize): void {
  for (const end = re + NUMBER * size; re < end; re += 64, im += 64) {
    let first = v128.load(re);
    let second = v128.load(re, 32);
    const aRe = lower(first, second);
    const bRe = upper(first, second);
    first = v128.load(re, 16);
    second = v128.load(re, 48);
    const cRe = lower(first, second);
    const dRe = upper(first, second);
    first = v128.load(im);
    second = v128.load(im, 32);
    const aIm = lower(first, second);
    const bIm = upper(first, second);
    first = v128.load(im, 16);
    second = v128.load(im, 48);
    const cIm = lower(first, second);
    const dIm = upper(first, second);
    let even = f64x2.add(aRe, cRe);
    let odd = f64x2.add(bRe, dRe);
    let sum = f64x2.add(even, odd);
    let difference = f64x2.sub(even, odd);
    v128.store(re, lower(sum, difference));
    v128.store(re, upper(sum, difference), 32);
    even = f64x2.add(aIm, cIm);
    odd = f64x2.add(bIm, dIm);
    sum = f64x2.add(even, odd);
    difference = f64x2.sub(even, odd);
    v128.store(im, lower(sum, difference));
    v128.store(im, upper(sum, difference), 32);
    even = f64x2.sub(aRe, cRe);
    odd = f64x2.sub(bIm, dIm);
    sum = f64x2.add(even, odd);
    difference = f64x2.sub(even, odd);
    v128.store(re, lower(sum, difference), 16);
    v128.store(re, upper(sum, difference), 48);
    even = f64x2.sub(aIm, cIm);
    odd = f64x2.sub(bRe, dRe);
    sum = f64x2.sub(even, odd);
    difference = f64x2.add(even, odd);
    v128.store(im, lower(sum, difference), 16);
    v128.store(im, upper(sum, difference), 48);
  }
}

/** Transforms of two points, two at a time. Lanes are transforms. */
function lastPassOfTwo(plane: usize, size: usize): void {
  for (const end = plane + NUMBER * size; plane < end; plane += 32) {
    const first = v128.load(plane);
    const second = v128.load(plane, 16);
    const even = lower(first, second);
    const odd = upper(first, second);
    const sum = f64x2.add(even, odd);
    const difference = f64x2.sub(even, odd);
    v128.store(plane, lower(sum, difference));
    v128.store(plane, upper(sum, difference), 16);
  }
}

/** From transforms of `size` points, which fill a part of all, to their frequencies. */
function finish(re: usize, im: usize, points: usize, size: usize, turns: usize): void {
  for (; size >= 8; size /= 4) {
    passes<f64>(re, im, points, size, turns);
    turns += 12 * size;
  }
  if (size == 4) {
    lastPassOfFour(re, im, points);
  } else {
    lastPassOfTwo(re, points);
    lastPassOfTwo(im, points);
  }
}

/** Of `left` + i·`right` under a window, of at least 8 points. @param turns of all passes, one behind the other */
export function transformWindow(
  window: usize, left: usize, right: usize, re: usize, im: usize, points: usize, turns: usize,
): void {
  firstPass<f64>(window, left, right, re, im, points, turns);
  turns += 12 * points;
  let size = points / 4;
  for (; size > NEAR; size /= 4) {
    passes<f64>(re, im, points, size, turns);
    turns += 12 * size;
  }
  const part = points <= NEAR ? points : size;
  const bytes = NUMBER * part;
  for (const end = re + NUMBER * points; re < end; re += bytes, im += bytes) finish(re, im, part, size, turns);
}
