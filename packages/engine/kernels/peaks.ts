// What lies between samples: twins of scanGroups and raiseGroup in src/dsp/intervals.ts. Lanes are neighbouring samples.

const NUMBER: usize = 8;
const GROUP: usize = 8 * NUMBER;
/** Of a number's bits. */
const EXPONENT: i64 = 0x7ff0000000000000;

// @ts-ignore: decorator
@inline
function larger(a: v128, b: v128): v128 {
  return f64x2.pmax(a, b);
}

// @ts-ignore: decorator
@inline
function largerOf(lanes: v128): f64 {
  // Without a branch, which would be foreseen wrongly half of the time.
  return f64x2.extract_lane(larger(lanes, v128.shuffle<f64>(lanes, lanes, 1, 0)), 0);
}

/** The second lane of the one and the first of the other. */
// @ts-ignore: decorator
@inline
function between(one: v128, other: v128): v128 {
  return v128.shuffle<f64>(one, other, 1, 2);
}

// @ts-ignore: decorator
@inline
function bend(before: v128, here: v128, after: v128): v128 {
  return f64x2.abs(f64x2.sub(f64x2.add(before, after), f64x2.add(here, here)));
}

/** Largest magnitude and largest second difference of each group of eight samples. */
export function scanGroups(samples: usize, groups: usize, peaks: usize, bends: usize): void {
  const end = peaks + groups * NUMBER;
  let x0 = v128.load(samples);
  let b0 = between(v128.load(samples - 2 * NUMBER), x0);
  for (; peaks < end; peaks += NUMBER, bends += NUMBER, samples += GROUP) {
    const x1 = v128.load(samples, 16);
    const x2 = v128.load(samples, 32);
    const x3 = v128.load(samples, 48);
    const x4 = v128.load(samples, 64);
    const b1 = between(x0, x1);
    const b2 = between(x1, x2);
    const b3 = between(x2, x3);
    const b4 = between(x3, x4);
    f64.store(peaks, largerOf(larger(larger(f64x2.abs(x0), f64x2.abs(x1)), larger(f64x2.abs(x2), f64x2.abs(x3)))));
    const most = larger(larger(bend(b0, x0, b1), bend(b1, x1, b2)), larger(bend(b2, x2, b3), bend(b3, x3, b4)));
    f64.store(bends, largerOf(most));
    x0 = x4;
    b0 = b4;
  }
}

/** From what groups hold to what a filter that sees `reach` groups to either side can make of it. Two groups at a time. */
export function boundGroups(
  samples: usize,
  groups: usize,
  groupPeaks: usize,
  groupBends: usize,
  reach: usize,
  bendFactor: f64,
  bends: usize,
  bounds: usize,
): void {
  const end = bounds + groups * NUMBER;
  const factor = f64x2.splat(bendFactor);
  const reachBytes: usize = reach * NUMBER;
  for (; bounds < end; bounds += 16, bends += 16, groupPeaks += 16, groupBends += 16, samples += 2 * GROUP) {
    let bend = v128.load(groupBends - reachBytes);
    for (let at = groupBends - reachBytes + NUMBER; at <= groupBends + reachBytes; at += NUMBER) {
      bend = larger(bend, v128.load(at));
    }
    const next = v128.load64_lane(samples + 2 * GROUP, v128.load64_splat(samples + GROUP), 1);
    const peak = larger(v128.load(groupPeaks), f64x2.abs(next));
    v128.store(bends, bend);
    v128.store(bounds, f64x2.add(peak, f64x2.mul(factor, bend)));
  }
}

/** The largest magnitude, NaN if one is. */
export function largestMagnitude(samples: usize, count: usize): f64 {
  let most0 = f64x2.splat(0);
  let most1 = most0;
  let bits = most0;
  const fours = samples + (count & ~3) * NUMBER;
  const end = samples + count * NUMBER;
  for (let at = samples; at < fours; at += 32) {
    const first = f64x2.abs(v128.load(at));
    const second = f64x2.abs(v128.load(at, 16));
    most0 = larger(most0, first);
    most1 = larger(most1, second);
    bits = v128.or(bits, v128.or(first, second));
  }
  for (let at = fours; at < end; at += NUMBER) {
    const last = f64x2.abs(v128.load64_splat(at));
    most0 = larger(most0, last);
    bits = v128.or(bits, last);
  }
  // Only where all bits of the exponent occur can there be a NaN, which `larger` would pass over.
  const exponents = v128.and(bits, i64x2.splat(EXPONENT));
  if (v128.any_true(i64x2.eq(exponents, i64x2.splat(EXPONENT)))) return largestOfAny(samples, end);
  return largerOf(larger(most0, most1));
}

/** The same for samples of any kind, slower. */
function largestOfAny(samples: usize, end: usize): f64 {
  let most: f64 = 0;
  for (; samples < end; samples += NUMBER) most = max<f64>(most, abs<f64>(f64.load(samples)));
  return most;
}

// @ts-ignore: decorator
@inline
function raise(peaks: usize, even: v128, odd: v128, middle: v128): void {
  const reading = larger(f64x2.add(f64x2.abs(even), f64x2.abs(odd)), f64x2.abs(middle));
  v128.store(peaks, larger(v128.load(peaks), reading));
}

/** Raises four peaks to the largest magnitudes at the phases of one fold, after `samples` and its successors. */
// @ts-ignore: decorator
@inline
function raiseFour(fold: usize, foldEnd: usize, samples: usize, peaks: usize): void {
  const zero = f64x2.splat(0);
  let even0 = zero;
  let even1 = zero;
  let odd0 = zero;
  let odd1 = zero;
  let middle0 = zero;
  let middle1 = zero;
  let before = samples;
  let after = samples + NUMBER;
  for (; fold < foldEnd; fold += 3 * NUMBER, before -= NUMBER, after += NUMBER) {
    const evenTap = v128.load64_splat(fold);
    const oddTap = v128.load64_splat(fold, 8);
    const middleTap = v128.load64_splat(fold, 16);
    const first0 = v128.load(before);
    const last0 = v128.load(after);
    const sum0 = f64x2.add(first0, last0);
    even0 = f64x2.add(even0, f64x2.mul(evenTap, sum0));
    odd0 = f64x2.add(odd0, f64x2.mul(oddTap, f64x2.sub(first0, last0)));
    middle0 = f64x2.add(middle0, f64x2.mul(middleTap, sum0));
    const first1 = v128.load(before, 16);
    const last1 = v128.load(after, 16);
    const sum1 = f64x2.add(first1, last1);
    even1 = f64x2.add(even1, f64x2.mul(evenTap, sum1));
    odd1 = f64x2.add(odd1, f64x2.mul(oddTap, f64x2.sub(first1, last1)));
    middle1 = f64x2.add(middle1, f64x2.mul(middleTap, sum1));
  }
  raise(peaks, even0, odd0, middle0);
  raise(peaks + 16, even1, odd1, middle1);
}

/** Raises eight peaks to the magnitudes of as many samples, and of what follows each. One fold lies behind the other. */
export function raiseGroup(folds: usize, foldCount: usize, pairs: usize, samples: usize, peaks: usize): void {
  const foldBytes: usize = 3 * NUMBER * pairs;
  const end: usize = folds + foldBytes * foldCount;
  for (let offset: usize = 0; offset < GROUP; offset += 16) {
    v128.store(peaks + offset, larger(v128.load(peaks + offset), f64x2.abs(v128.load(samples + offset))));
  }
  for (let fold = folds; fold < end; fold += foldBytes) {
    raiseFour(fold, fold + foldBytes, samples, peaks);
    raiseFour(fold, fold + foldBytes, samples + GROUP / 2, peaks + GROUP / 2);
  }
}
