// What transforms of either precision share: passes of radix 4, T the precision. Lanes are neighbouring points.

/** What a pass makes of so many points is made ready before the next: their numbers stay in the nearest cache. */
export const NEAR: usize = 1024;

/** (x + iy)·(cos + i·sin). */
// @ts-ignore: decorator
@inline
export function storeTurned<T>(re: usize, im: usize, x: v128, y: v128, turn: usize): void {
  const cosine = v128.load(turn);
  const sine = v128.load(turn, 16);
  v128.store(re, v128.sub<T>(v128.mul<T>(x, cosine), v128.mul<T>(y, sine)));
  v128.store(im, v128.add<T>(v128.mul<T>(x, sine), v128.mul<T>(y, cosine)));
}

/** Transforms of four points that lie `b` bytes apart, turned. */
// @ts-ignore: decorator
@inline
function storeFour<T>(
  re: usize, im: usize, b: usize, turns: usize,
  aRe: v128, aIm: v128, bRe: v128, bIm: v128, cRe: v128, cIm: v128, dRe: v128, dIm: v128,
): void {
  const evenRe = v128.add<T>(aRe, cRe);
  const evenIm = v128.add<T>(aIm, cIm);
  const oddRe = v128.add<T>(bRe, dRe);
  const oddIm = v128.add<T>(bIm, dIm);
  v128.store(re, v128.add<T>(evenRe, oddRe));
  v128.store(im, v128.add<T>(evenIm, oddIm));
  storeTurned<T>(re + b, im + b, v128.sub<T>(evenRe, oddRe), v128.sub<T>(evenIm, oddIm), turns);
  const differenceRe = v128.sub<T>(aRe, cRe);
  const differenceIm = v128.sub<T>(aIm, cIm);
  const oddDifferenceRe = v128.sub<T>(bRe, dRe);
  const oddDifferenceIm = v128.sub<T>(bIm, dIm);
  const plusRe = v128.add<T>(differenceRe, oddDifferenceIm);
  const plusIm = v128.sub<T>(differenceIm, oddDifferenceRe);
  storeTurned<T>(re + 2 * b, im + 2 * b, plusRe, plusIm, turns + 32);
  const minusRe = v128.sub<T>(differenceRe, oddDifferenceIm);
  const minusIm = v128.add<T>(differenceIm, oddDifferenceRe);
  storeTurned<T>(re + 3 * b, im + 3 * b, minusRe, minusIm, turns + 64);
}

/** The four quarters of `size` points under the window, and the first pass. */
export function firstPass<T>(
  window: usize, left: usize, right: usize, re: usize, im: usize, size: usize, turns: usize,
): void {
  const b: usize = (sizeof<T>() * size) / 4;
  const c: usize = 2 * b;
  const d: usize = 3 * b;
  for (const end = left + b; left < end; left += 16, right += 16, window += 16, re += 16, im += 16, turns += 96) {
    const first = v128.load(window);
    const second = v128.load(window + b);
    const third = v128.load(window + c);
    const fourth = v128.load(window + d);
    storeFour<T>(
      re, im, b, turns,
      v128.mul<T>(first, v128.load(left)), v128.mul<T>(first, v128.load(right)),
      v128.mul<T>(second, v128.load(left + b)), v128.mul<T>(second, v128.load(right + b)),
      v128.mul<T>(third, v128.load(left + c)), v128.mul<T>(third, v128.load(right + c)),
      v128.mul<T>(fourth, v128.load(left + d)), v128.mul<T>(fourth, v128.load(right + d)),
    );
  }
}

/** One transform of `size` points becomes four of a quarter. */
function pass<T>(re: usize, im: usize, size: usize, turns: usize): void {
  const b: usize = (sizeof<T>() * size) / 4;
  const c: usize = 2 * b;
  const d: usize = 3 * b;
  for (const end = re + b; re < end; re += 16, im += 16, turns += 96) {
    storeFour<T>(
      re, im, b, turns,
      v128.load(re), v128.load(im), v128.load(re + b), v128.load(im + b),
      v128.load(re + c), v128.load(im + c), v128.load(re + d), v128.load(im + d),
    );
  }
}

/** All transforms of `size` points that lie one behind the other. */
export function passes<T>(re: usize, im: usize, points: usize, size: usize, turns: usize): void {
  const bytes = sizeof<T>() * size;
  for (const end = re + sizeof<T>() * points; re < end; re += bytes, im += bytes) pass<T>(re, im, size, turns);
}
