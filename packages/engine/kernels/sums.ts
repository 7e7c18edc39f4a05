// Sums of products, and extremes: twins in src/analyse/moments.ts, and in src/dsp/sums.ts, decimator.ts, heterodyne.ts,
// autoregression.ts and bends.ts.

// @ts-ignore: decorator
@inline
function product(first: usize, second: usize): v128 {
  return f64x2.mul(v128.load(first), v128.load(second));
}

/** Eight sums side by side, then of them; what is left of the eight goes to the first. */
export function dot(first: usize, second: usize, count: usize): f64 {
  const end = first + 8 * count;
  let sum0 = f64x2.splat(0);
  let sum2 = sum0;
  let sum4 = sum0;
  let sum6 = sum0;
  for (; first + 64 <= end; first += 64, second += 64) {
    sum0 = f64x2.add(sum0, product(first, second));
    sum2 = f64x2.add(sum2, product(first + 16, second + 16));
    sum4 = f64x2.add(sum4, product(first + 32, second + 32));
    sum6 = f64x2.add(sum6, product(first + 48, second + 48));
  }
  const sums = f64x2.add(f64x2.add(sum0, sum2), f64x2.add(sum4, sum6));
  let sum = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
  for (; first < end; first += 8, second += 8) sum += f64.load(first) * f64.load(second);
  return sum;
}

/** {@link dot} of the taps and the samples from `first` on, every `factor` of them, as long as they begin before `count`. */
export function decimate(
  samples: usize, first: usize, count: usize, factor: usize, taps: usize, tapCount: usize, out: usize,
): void {
  for (let at = first; at < count; at += factor, out += 8) f64.store(out, dot(samples + 8 * at, taps, tapCount));
}

/** Adds samples, their squares and their products, in their order. @param sums of left, right, their squares, and the product */
export function addMoments(left: usize, right: usize, count: usize, sums: usize): void {
  let sum = v128.load(sums);
  let squares = v128.load(sums, 16);
  let products = f64.load(sums, 32);
  for (const end = left + 8 * count; left < end; left += 8, right += 8) {
    const l = f64.load(left);
    const r = f64.load(right);
    const x = v128.load64_lane(right, v128.load64_splat(left), 1);
    sum = f64x2.add(sum, x);
    squares = f64x2.add(squares, f64x2.mul(x, x));
    products += l * r;
  }
  v128.store(sums, sum);
  v128.store(sums, squares, 16);
  f64.store(sums, products, 32);
}

/** Sums of products with two tables, each two side by side, the last of an odd number to the first. */
export function dotPair(samples: usize, cosines: usize, sines: usize, count: usize, out: usize): void {
  const end = samples + 8 * count;
  let re = f64x2.splat(0);
  let im = re;
  for (; samples + 16 <= end; samples += 16, cosines += 16, sines += 16) {
    const x = v128.load(samples);
    re = f64x2.add(re, f64x2.mul(x, v128.load(cosines)));
    im = f64x2.add(im, f64x2.mul(x, v128.load(sines)));
  }
  let sumRe = f64x2.extract_lane(re, 0);
  let sumIm = f64x2.extract_lane(im, 0);
  if (samples < end) {
    sumRe += f64.load(samples) * f64.load(cosines);
    sumIm += f64.load(samples) * f64.load(sines);
  }
  f64.store(out, sumRe + f64x2.extract_lane(re, 1));
  f64.store(out, sumIm + f64x2.extract_lane(im, 1), 8);
}

/** out[n] = (first[n] + second[n]) / 2. One more may be written than asked for. */
export function means(first: usize, second: usize, count: usize, out: usize): void {
  const half = f64x2.splat(0.5);
  for (const end = first + 8 * count; first < end; first += 16, second += 16, out += 16) {
    v128.store(out, f64x2.mul(half, f64x2.add(v128.load(first), v128.load(second))));
  }
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
