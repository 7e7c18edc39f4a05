// Sums of products, and extremes: twins in src/dsp/decimator.ts, src/dsp/autoregression.ts
// and src/analyse/flat-tops.ts.

/** Four sums side by side, then of them; what is left of the four goes to the first. */
export function dot(first: usize, second: usize, count: usize): f64 {
  const end = first + 8 * count;
  let even = f64x2.splat(0);
  let odd = f64x2.splat(0);
  for (; first + 32 <= end; first += 32, second += 32) {
    even = f64x2.add(even, f64x2.mul(v128.load(first), v128.load(second)));
    odd = f64x2.add(odd, f64x2.mul(v128.load(first, 16), v128.load(second, 16)));
  }
  let sum0 = f64x2.extract_lane(even, 0);
  for (; first < end; first += 8, second += 8) sum0 += f64.load(first) * f64.load(second);
  return sum0 + f64x2.extract_lane(even, 1) + (f64x2.extract_lane(odd, 0) + f64x2.extract_lane(odd, 1));
}

/** Raises the first number of `extremes` to the largest sample, and lowers the second to the smallest. */
export function spread(samples: usize, count: usize, extremes: usize): void {
  const end = samples + 8 * count;
  let highest = v128.load64_splat(extremes);
  let lowest = v128.load64_splat(extremes, 8);
  for (; samples + 16 <= end; samples += 16) {
    const x = v128.load(samples);
    highest = f64x2.pmax(highest, x);
    lowest = f64x2.pmin(lowest, x);
  }
  if (samples < end) {
    const x = v128.load64_splat(samples);
    highest = f64x2.pmax(highest, x);
    lowest = f64x2.pmin(lowest, x);
  }
  f64.store(extremes, max(f64x2.extract_lane(highest, 0), f64x2.extract_lane(highest, 1)));
  f64.store(extremes, min(f64x2.extract_lane(lowest, 0), f64x2.extract_lane(lowest, 1)), 8);
}

/** Adds Σ piece[n] · piece[n + lag] for eight lags from one on; the piece ends with seven zeros. Lanes are lags. */
export function correlate(piece: usize, size: usize, lag: usize, sums: usize): void {
  const end = piece + 8 * (size - lag);
  let sum0 = f64x2.splat(0);
  let sum2 = f64x2.splat(0);
  let sum4 = f64x2.splat(0);
  let sum6 = f64x2.splat(0);
  for (let later = piece + 8 * lag; piece < end; piece += 8, later += 8) {
    const x = v128.load64_splat(piece);
    sum0 = f64x2.add(sum0, f64x2.mul(x, v128.load(later)));
    sum2 = f64x2.add(sum2, f64x2.mul(x, v128.load(later, 16)));
    sum4 = f64x2.add(sum4, f64x2.mul(x, v128.load(later, 32)));
    sum6 = f64x2.add(sum6, f64x2.mul(x, v128.load(later, 48)));
  }
  v128.store(sums, f64x2.add(v128.load(sums), sum0));
  v128.store(sums, f64x2.add(v128.load(sums, 16), sum2), 16);
  v128.store(sums, f64x2.add(v128.load(sums, 32), sum4), 32);
  v128.store(sums, f64x2.add(v128.load(sums, 48), sum6), 48);
}
