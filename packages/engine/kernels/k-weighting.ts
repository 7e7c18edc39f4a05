// K-weighting and the sum of squares, of two channels side by side: twin of KWeightedPair in src/dsp/k-weighting.ts.

/** Of b0, b1, b2, a1, a2 of the shelf, a1, a2 of the high-pass, and one unused. */
const COEFFICIENTS: usize = 64;

/** @param state the coefficients, then shelf z1, z2, high-pass z1, z2 and energy, both channels of each side by side */
export function addKWeighted(first: usize, second: usize, frames: usize, state: usize): void {
  const b0 = v128.load64_splat(state);
  const b1 = v128.load64_splat(state, 8);
  const b2 = v128.load64_splat(state, 16);
  const a1 = v128.load64_splat(state, 24);
  const a2 = v128.load64_splat(state, 32);
  const c1 = v128.load64_splat(state, 40);
  const c2 = v128.load64_splat(state, 48);
  state += COEFFICIENTS;
  let z1 = v128.load(state);
  let z2 = v128.load(state, 16);
  let w1 = v128.load(state, 32);
  let w2 = v128.load(state, 48);
  let energy = v128.load(state, 64);
  const end = first + 8 * frames;
  for (; first < end; first += 8, second += 8) {
    const x = v128.load64_lane(second, v128.load64_splat(first), 1);
    const y = f64x2.add(f64x2.mul(b0, x), z1);
    z1 = f64x2.sub(f64x2.add(f64x2.mul(b1, x), z2), f64x2.mul(a1, y));
    z2 = f64x2.sub(f64x2.mul(b2, x), f64x2.mul(a2, y));
    const v = f64x2.add(y, w1);
    w1 = f64x2.sub(f64x2.sub(w2, f64x2.add(y, y)), f64x2.mul(c1, v));
    w2 = f64x2.sub(y, f64x2.mul(c2, v));
    energy = f64x2.add(energy, f64x2.mul(v, v));
  }
  v128.store(state, z1);
  v128.store(state, z2, 16);
  v128.store(state, w1, 32);
  v128.store(state, w2, 48);
  v128.store(state, energy, 64);
}
