// K-weighting and the sums of squares of step after step, of two channels side by side: twin of KWeightedPair in
// src/dsp/k-weighting.ts.

/** Of b1, b2, a1, a2 of the shelf, a1, a2 of the high-pass, the magnitude below which a memory is forgotten, and one unused. */
const COEFFICIENTS: usize = 64;
/** What is remembered from sample to sample, and behind it the sum. */
const MEMORY: usize = 96;

// @ts-ignore: decorator
@inline
function forgetting(memory: v128, forgotten: v128): v128 {
  return v128.andnot(memory, f64x2.lt(f64x2.abs(memory), forgotten));
}

/**
 * @param ends of the steps that end here, counted from the first frame; what follows the last of them stays in the sum
 * @param state the coefficients, then x1, x2, y1, y2, u, v and the sum, both channels of each side by side
 * @param energies where the sums of the steps go, both channels of each side by side
 */
export function hearSteps(
  first: usize,
  second: usize,
  frames: usize,
  ends: usize,
  steps: usize,
  state: usize,
  energies: usize,
): void {
  const a1 = v128.load64_splat(state, 16);
  const a2 = v128.load64_splat(state, 24);
  const c1 = v128.load64_splat(state, 32);
  const c2 = v128.load64_splat(state, 40);
  const memory = state + COEFFICIENTS;
  let x1 = v128.load(memory);
  let x2 = v128.load(memory, 16);
  let y1 = v128.load(memory, 32);
  let y2 = v128.load(memory, 48);
  let u = v128.load(memory, 64);
  let v = v128.load(memory, 80);
  let energy = v128.load(memory, MEMORY);
  const start = first;
  for (let step: usize = 0; step <= steps; step++) {
    const end = start + 8 * (step < steps ? <usize>f64.load(ends + 8 * step) : frames);
    for (; first < end; first += 8, second += 8) {
      const x = v128.load64_lane(second, v128.load64_splat(first), 1);
      const ahead = f64x2.add(f64x2.add(x, f64x2.mul(v128.load64_splat(state), x1)), f64x2.mul(v128.load64_splat(state, 8), x2));
      const y = f64x2.sub(f64x2.sub(ahead, f64x2.mul(a2, y2)), f64x2.mul(a1, y1));
      const rise = f64x2.sub(y, y1);
      const next = f64x2.add(rise, f64x2.mul(c2, v));
      v = f64x2.sub(f64x2.sub(rise, u), f64x2.mul(c1, v));
      u = next;
      x2 = x1;
      x1 = x;
      y2 = y1;
      y1 = y;
      energy = f64x2.add(energy, f64x2.mul(v, v));
    }
    if (step === steps) break;
    v128.store(energies + 16 * step, energy);
    const forgotten = v128.load64_splat(state, 48);
    energy = f64x2.splat(0);
    x1 = forgetting(x1, forgotten);
    x2 = forgetting(x2, forgotten);
    y1 = forgetting(y1, forgotten);
    y2 = forgetting(y2, forgotten);
    u = forgetting(u, forgotten);
    v = forgetting(v, forgotten);
  }
  v128.store(memory, x1);
  v128.store(memory, x2, 16);
  v128.store(memory, y1, 32);
  v128.store(memory, y2, 48);
  v128.store(memory, u, 64);
  v128.store(memory, v, 80);
  v128.store(memory, energy, MEMORY);
}
