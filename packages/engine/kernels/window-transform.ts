// Fourier transform of two channels under a window: twin of src/dsp/window-transform.ts. Lanes are neighbouring points.

const NUMBER: usize = 8;
/** What a pass makes of so many points is made ready before the next: their numbers stay in the nearest cache. */
const NEAR: usize = 1024;

// @ts-ignore: decorator
@inline
function storeTurned(re: usize, im: usize, x: v128, y: v128, turn: usize): void {
  const cosine = v128.load(turn);
  const sine = v128.load(turn, 16);
  v128.store(re, f64x2.sub(f64x2.mul(x, cosine), f64x2.mul(y, sine)));
  v128.store(im, f64x2.add(f64x2.mul(x, sine), f64x2.mul(y, cosine)));
}

/** The four quarters under the window, and the first pass. */
function firstPass(window: usize, left: usize, right: usize, re: usize, im: usize, size: usize, turns: usize): void {
  const b: usize = 2 * size;
  const c: usize = 2 * b;
  const d: usize = 3 * b;
  for (const end = left + b; left < end; left += 16, right += 16, window += 16, re += 16, im += 16, turns += 96) {
    let weight = v128.load(window);
    const aRe = f64x2.mul(weight, v128.load(left));
    const aIm = f64x2.mul(weight, v128.load(right));
    weight = v128.load(window + b);
    const bRe = f64x2.mul(weight, v128.load(left + b));
    const bIm = f64x2.mul(weight, v128.load(right + b));
    weight = v128.load(window + c);
    const cRe = f64x2.mul(weight, v128.load(left + c));
    const cIm = f64x2.mul(weight, v128.load(right + c));
    weight = v128.load(window + d);
    const dRe = f64x2.mul(weight, v128.load(left + d));
    const dIm = f64x2.mul(weight, v128.load(right + d));
    const evenRe = f64x2.add(aRe, cRe);
    const evenIm = f64x2.add(aIm, cIm);
    const oddRe = f64x2.add(bRe, dRe);
    const oddIm = f64x2.add(bIm, dIm);
    v128.store(re, f64x2.add(evenRe, oddRe));
    v128.store(im, f64x2.add(evenIm, oddIm));
    storeTurned(re + b, im + b, f64x2.sub(evenRe, oddRe), f64x2.sub(evenIm, oddIm), turns);
    const differenceRe = f64x2.sub(aRe, cRe);
    const differenceIm = f64x2.sub(aIm, cIm);
    const oddDifferenceRe = f64x2.sub(bRe, dRe);
    const oddDifferenceIm = f64x2.sub(bIm, dIm);
    const plusRe = f64x2.add(differenceRe, oddDifferenceIm);
    const plusIm = f64x2.sub(differenceIm, oddDifferenceRe);
    storeTurned(re + c, im + c, plusRe, plusIm, turns + 32);
    const minusRe = f64x2.sub(differenceRe, oddDifferenceIm);
    const minusIm = f64x2.add(differenceIm, oddDifferenceRe);
    storeTurned(re + d, im + d, minusRe, minusIm, turns + 64);
  }
}

/** One transform of `size` points becomes four of a quarter. */
function pass(re: usize, im: usize, size: usize, turns: usize): void {
  const b: usize = 2 * size;
  const c: usize = 2 * b;
  const d: usize = 3 * b;
  for (const end = re + b; re < end; re += 16, im += 16, turns += 96) {
    const aRe = v128.load(re);
    const aIm = v128.load(im);
    const bRe = v128.load(re + b);
    const bIm = v128.load(im + b);
    const cRe = v128.load(re + c);
    const cIm = v128.load(im + c);
    const dRe = v128.load(re + d);
    const dIm = v128.load(im + d);
    const evenRe = f64x2.add(aRe, cRe);
    const evenIm = f64x2.add(aIm, cIm);
    const oddRe = f64x2.add(bRe, dRe);
    const oddIm = f64x2.add(bIm, dIm);
    v128.store(re, f64x2.add(evenRe, oddRe));
    v128.store(im, f64x2.add(evenIm, oddIm));
    storeTurned(re + b, im + b, f64x2.sub(evenRe, oddRe), f64x2.sub(evenIm, oddIm), turns);
    const differenceRe = f64x2.sub(aRe, cRe);
    const differenceIm = f64x2.sub(aIm, cIm);
    const oddDifferenceRe = f64x2.sub(bRe, dRe);
    const oddDifferenceIm = f64x2.sub(bIm, dIm);
    const plusRe = f64x2.add(differenceRe, oddDifferenceIm);
    const plusIm = f64x2.sub(differenceIm, oddDifferenceRe);
    storeTurned(re + c, im + c, plusRe, plusIm, turns + 32);
    const minusRe = f64x2.sub(differenceRe, oddDifferenceIm);
    const minusIm = f64x2.add(differenceIm, oddDifferenceRe);
    storeTurned(re + d, im + d, minusRe, minusIm, turns + 64);
  }
}

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

/** All transforms of `size` points that lie one behind the other. */
function passes(re: usize, im: usize, points: usize, size: usize, turns: usize): void {
  const bytes = NUMBER * size;
  for (const end = re + NUMBER * points; re < end; re += bytes, im += bytes) pass(re, im, size, turns);
}

/** From transforms of `size` points, which fill a part of all, to their frequencies. */
function finish(re: usize, im: usize, points: usize, size: usize, turns: usize): void {
  for (; size >= 8; size /= 4) {
    passes(re, im, points, size, turns);
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
  firstPass(window, left, right, re, im, points, turns);
  turns += 12 * points;
  let size = points / 4;
  for (; size > NEAR; size /= 4) {
    passes(re, im, points, size, turns);
    turns += 12 * size;
  }
  const part = points <= NEAR ? points : size;
  const bytes = NUMBER * part;
  for (const end = re + NUMBER * points; re < end; re += bytes, im += bytes) finish(re, im, part, size, turns);
}
