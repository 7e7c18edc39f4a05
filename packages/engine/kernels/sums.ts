// Sums of products, and extremes: twins in src/dsp/decimator.ts, src/dsp/autoregression.ts,
// src/dsp/bends.ts and src/analyse/flat-tops.ts.

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

// @ts-ignore: decorator
@inline
function bendAt(samples: usize): v128 {
  const middle = v128.load(samples, 8);
  return f64x2.abs(f64x2.add(f64x2.sub(v128.load(samples), f64x2.add(middle, middle)), v128.load(samples, 16)));
}

/** Largest and mean magnitude of the second differences in blocks of `size` samples, an even number. */
export function screenBends(samples: usize, blocks: usize, size: usize, peaks: usize, means: usize): void {
  for (const last = peaks + 8 * blocks; peaks < last; peaks += 8, means += 8) {
    let peak = f64x2.splat(0);
    let sum = peak;
    for (const end = samples + 8 * size; samples < end; samples += 16) {
      const bend = bendAt(samples);
      sum = f64x2.add(sum, bend);
      peak = f64x2.pmax(peak, bend);
    }
    f64.store(peaks, max(f64x2.extract_lane(peak, 0), f64x2.extract_lane(peak, 1)));
    f64.store(means, (f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1)) / <f64>size);
  }
}

/** Adds Σ piece[n] · piece[n + lag] for sixteen lags from one on; the piece ends with fifteen zeros. Lanes are lags. */
export function correlate(piece: usize, size: usize, lag: usize, sums: usize): void {
  const end = piece + 8 * (size - lag);
  let sum0 = f64x2.splat(0);
  let sum2 = sum0;
  let sum4 = sum0;
  let sum6 = sum0;
  let sum8 = sum0;
  let sum10 = sum0;
  let sum12 = sum0;
  let sum14 = sum0;
  for (let later = piece + 8 * lag; piece < end; piece += 8, later += 8) {
    const x = v128.load64_splat(piece);
    sum0 = f64x2.add(sum0, f64x2.mul(x, v128.load(later)));
    sum2 = f64x2.add(sum2, f64x2.mul(x, v128.load(later, 16)));
    sum4 = f64x2.add(sum4, f64x2.mul(x, v128.load(later, 32)));
    sum6 = f64x2.add(sum6, f64x2.mul(x, v128.load(later, 48)));
    sum8 = f64x2.add(sum8, f64x2.mul(x, v128.load(later, 64)));
    sum10 = f64x2.add(sum10, f64x2.mul(x, v128.load(later, 80)));
    sum12 = f64x2.add(sum12, f64x2.mul(x, v128.load(later, 96)));
    sum14 = f64x2.add(sum14, f64x2.mul(x, v128.load(later, 112)));
  }
  v128.store(sums, f64x2.add(v128.load(sums), sum0));
  v128.store(sums, f64x2.add(v128.load(sums, 16), sum2), 16);
  v128.store(sums, f64x2.add(v128.load(sums, 32), sum4), 32);
  v128.store(sums, f64x2.add(v128.load(sums, 48), sum6), 48);
  v128.store(sums, f64x2.add(v128.load(sums, 64), sum8), 64);
  v128.store(sums, f64x2.add(v128.load(sums, 80), sum10), 80);
  v128.store(sums, f64x2.add(v128.load(sums, 96), sum12), 96);
  v128.store(sums, f64x2.add(v128.load(sums, 112), sum14), 112);
}

/** out[n] = samples[n] + Σ factors[k] · samples[n − k · direction], k from 1 to the order. Up to seven more may be written than asked for. */
export function predictionError(
  samples: usize, count: usize, factors: usize, order: usize, direction: i32, out: usize,
): void {
  const last = factors + 8 * order;
  const step: usize = 8 * direction;
  for (const end = samples + 8 * count; samples < end; samples += 64, out += 64) {
    let sum0 = v128.load(samples);
    let sum2 = v128.load(samples, 16);
    let sum4 = v128.load(samples, 32);
    let sum6 = v128.load(samples, 48);
    let at = samples;
    for (let factor = factors + 8; factor <= last; factor += 8) {
      at -= step;
      const a = v128.load64_splat(factor);
      sum0 = f64x2.add(sum0, f64x2.mul(a, v128.load(at)));
      sum2 = f64x2.add(sum2, f64x2.mul(a, v128.load(at, 16)));
      sum4 = f64x2.add(sum4, f64x2.mul(a, v128.load(at, 32)));
      sum6 = f64x2.add(sum6, f64x2.mul(a, v128.load(at, 48)));
    }
    v128.store(out, sum0);
    v128.store(out, sum2, 16);
    v128.store(out, sum4, 32);
    v128.store(out, sum6, 48);
  }
}
