// Windows of two channels in their frequencies, or the powers of these, in single precision: twin of src/dsp/power-sums.ts. Lanes are neighbouring points.
import { firstPass, NEAR, passes, storeTurned } from './shared/radix-four';

const NUMBER: usize = 4;

/** The two halves under the window, and a first pass that makes two transforms of them. */
function firstPassOfTwo(window: usize, left: usize, right: usize, re: usize, im: usize, size: usize, turns: usize): void {
  const b: usize = 2 * size;
  for (const end = left + b; left < end; left += 16, right += 16, window += 16, re += 16, im += 16, turns += 32) {
    const first = v128.load(window);
    const second = v128.load(window + b);
    const aRe = f32x4.mul(first, v128.load(left));
    const aIm = f32x4.mul(first, v128.load(right));
    const bRe = f32x4.mul(second, v128.load(left + b));
    const bIm = f32x4.mul(second, v128.load(right + b));
    v128.store(re, f32x4.add(aRe, bRe));
    v128.store(im, f32x4.add(aIm, bIm));
    storeTurned<f32>(re + b, im + b, f32x4.sub(aRe, bRe), f32x4.sub(aIm, bIm), turns);
  }
}

// @ts-ignore: decorator
@inline
function addPower(sums: usize, re: v128, im: v128): void {
  v128.store(sums, f32x4.add(v128.load(sums), f32x4.add(f32x4.mul(re, re), f32x4.mul(im, im))));
}

// @ts-ignore: decorator
@inline
function lower(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 0, 4, 1, 5);
}

// @ts-ignore: decorator
@inline
function upper(a: v128, b: v128): v128 {
  return v128.shuffle<f32>(a, b, 2, 6, 3, 7);
}

/** Four by four: a has the first of each, b the second, and so on. */
// @ts-ignore: decorator
@inline
function storeInRows(at: usize, a: v128, b: v128, c: v128, d: v128): void {
  let low = lower(a, c);
  let high = lower(b, d);
  v128.store(at, lower(low, high));
  v128.store(at, upper(low, high), 16);
  low = upper(a, c);
  high = upper(b, d);
  v128.store(at, lower(low, high), 32);
  v128.store(at, upper(low, high), 48);
}

/** Transforms of four points, four at a time; with `sums`, only their powers are added there. Lanes are transforms. */
function lastPass(re: usize, im: usize, size: usize, sums: usize): void {
  for (const end = re + NUMBER * size; re < end; re += 64, im += 64) {
    let even = v128.load(re);
    let odd = v128.load(re, 16);
    let third = v128.load(re, 32);
    let fourth = v128.load(re, 48);
    let low = lower(even, third);
    let high = lower(odd, fourth);
    const aRe = lower(low, high);
    const bRe = upper(low, high);
    low = upper(even, third);
    high = upper(odd, fourth);
    const cRe = lower(low, high);
    const dRe = upper(low, high);
    even = v128.load(im);
    odd = v128.load(im, 16);
    third = v128.load(im, 32);
    fourth = v128.load(im, 48);
    low = lower(even, third);
    high = lower(odd, fourth);
    const aIm = lower(low, high);
    const bIm = upper(low, high);
    low = upper(even, third);
    high = upper(odd, fourth);
    const cIm = lower(low, high);
    const dIm = upper(low, high);
    const evenRe = f32x4.add(aRe, cRe);
    const evenIm = f32x4.add(aIm, cIm);
    const oddRe = f32x4.add(bRe, dRe);
    const oddIm = f32x4.add(bIm, dIm);
    const differenceRe = f32x4.sub(aRe, cRe);
    const differenceIm = f32x4.sub(aIm, cIm);
    const oddDifferenceRe = f32x4.sub(bRe, dRe);
    const oddDifferenceIm = f32x4.sub(bIm, dIm);
    const firstRe = f32x4.add(evenRe, oddRe);
    const firstIm = f32x4.add(evenIm, oddIm);
    const secondRe = f32x4.sub(evenRe, oddRe);
    const secondIm = f32x4.sub(evenIm, oddIm);
    const plusRe = f32x4.add(differenceRe, oddDifferenceIm);
    const plusIm = f32x4.sub(differenceIm, oddDifferenceRe);
    const minusRe = f32x4.sub(differenceRe, oddDifferenceIm);
    const minusIm = f32x4.add(differenceIm, oddDifferenceRe);
    if (sums === 0) {
      storeInRows(re, firstRe, secondRe, plusRe, minusRe);
      storeInRows(im, firstIm, secondIm, plusIm, minusIm);
      continue;
    }
    addPower(sums, firstRe, firstIm);
    addPower(sums + 16, secondRe, secondIm);
    addPower(sums + 32, plusRe, plusIm);
    addPower(sums + 48, minusRe, minusIm);
    sums += 64;
  }
}

/**
 * Z of `left` + i·`right` under a window, of at least 64 points.
 * @param turns of all passes, one behind the other
 * @param sums where |Z|² is added instead, if not 0: transforms of four points lie there four by four, four first frequencies, four
 * second ones, and so on
 */
export function transformSingles(
  window: usize, left: usize, right: usize, re: usize, im: usize, points: usize, turns: usize, sums: usize,
): void {
  // A power of four has an even number of twos.
  const isPowerOfFour = (ctz(points) & 1) === 0;
  let size = isPowerOfFour ? points / 4 : points / 2;
  if (isPowerOfFour) firstPass<f32>(window, left, right, re, im, points, turns);
  else firstPassOfTwo(window, left, right, re, im, points, turns);
  turns += isPowerOfFour ? 6 * points : 4 * points;
  for (; size > NEAR; size /= 4) {
    passes<f32>(re, im, points, size, turns);
    turns += 6 * size;
  }
  const part = size;
  const bytes = NUMBER * part;
  for (const end = re + NUMBER * points; re < end; re += bytes, im += bytes) {
    let partTurns = turns;
    for (let least = part; least > 4; least /= 4) {
      passes<f32>(re, im, part, least, partTurns);
      partTurns += 6 * least;
    }
    lastPass(re, im, part, sums);
    if (sums !== 0) sums += bytes;
  }
}
