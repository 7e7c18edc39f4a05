// Regions of the spectrum, both channels side by side: twin of src/analyse/regions.ts.

/** Of one split: a1, a2, a3, one unused, then s1, s2, and what is measured of its region, both channels of each. */
const SPLIT: usize = 96;

/** Adds to the energy and raises the peak. */
// @ts-ignore: decorator
@inline
function hear(at: usize, x: v128): void {
  v128.store(at, f64x2.add(v128.load(at), f64x2.mul(x, x)));
  v128.store(at, f64x2.pmax(v128.load(at, 16), f64x2.abs(x)), 16);
}

/** @param state of all splits, lowest first, then what is measured of the highest region */
export function hearRegions(left: usize, right: usize, frames: usize, splits: usize, state: usize): void {
  const last = state + SPLIT * splits;
  const root = f64x2.splat(Math.SQRT2);
  for (const end = left + 8 * frames; left < end; left += 8, right += 8) {
    let x = v128.load64_lane(right, v128.load64_splat(left), 1);
    for (let at = state; at < last; at += SPLIT) {
      const a2 = v128.load64_splat(at, 8);
      const s1 = v128.load(at, 32);
      const s2 = v128.load(at, 48);
      const rest = f64x2.sub(x, s2);
      const v1 = f64x2.add(f64x2.mul(v128.load64_splat(at), s1), f64x2.mul(a2, rest));
      const v2 = f64x2.add(f64x2.add(s2, f64x2.mul(a2, s1)), f64x2.mul(v128.load64_splat(at, 16), rest));
      v128.store(at, f64x2.sub(f64x2.add(v1, v1), s1), 32);
      v128.store(at, f64x2.sub(f64x2.add(v2, v2), s2), 48);
      hear(at + 64, v2);
      x = f64x2.sub(f64x2.sub(x, f64x2.mul(root, v1)), v2);
    }
    hear(last, x);
  }
}
