// The outline of a signal, group by group of eight frames: twins of src/dsp/peak-outline.ts and src/dsp/k-weighting.ts.
// Samples are 32-bit float; lanes are groups or frames side by side, or the phases of one interval.

const SAMPLE: usize = 4;
const GROUP: usize = 8 * SAMPLE;
/** Numbers of a record. */
const RECORD: usize = 16;
/** Groups that the filter reaches into on either side, and that can stand before or behind a peak within a dip. */
const REACH: usize = 4;
const BESIDE: usize = 5;
/** Pairs of taps, and of those the shorter filter's. */
const SHORT: usize = 16 * 48;
const LONG: usize = SHORT + 16 * 32;

/** 64-bit float to 32. */
export function narrow(samples: usize, count: usize, out: usize): void {
  const end = out + SAMPLE * (count & ~1);
  for (; out < end; out += 8, samples += 16) {
    v128.store64_lane(out, f32x4.demote_f64x2_zero(v128.load(samples)), 0);
  }
  if (count & 1) f32.store(out, <f32>f64.load(samples));
}

// @ts-ignore: decorator
@inline
function bendAt(samples: usize): v128 {
  const here = v128.load(samples);
  const around = f32x4.add(v128.load(samples - SAMPLE), v128.load(samples + SAMPLE));
  return f32x4.abs(f32x4.sub(around, f32x4.add(here, here)));
}

// @ts-ignore: decorator
@inline
function largestOf(lanes: v128): f32 {
  const pair = f32x4.pmax(lanes, i8x16.shuffle(lanes, lanes, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  const a = f32x4.extract_lane(pair, 0);
  const b = f32x4.extract_lane(pair, 1);
  return b > a ? b : a;
}

/** Largest magnitude and largest second difference of each group. */
function scan(samples: usize, groups: usize, peaks: usize, bends: usize): void {
  const end = peaks + SAMPLE * groups;
  for (; peaks < end; peaks += SAMPLE, bends += SAMPLE, samples += GROUP) {
    f32.store(peaks, largestOf(f32x4.pmax(f32x4.abs(v128.load(samples)), f32x4.abs(v128.load(samples, 16)))));
    f32.store(bends, largestOf(f32x4.pmax(bendAt(samples), bendAt(samples + 16))));
  }
}

/** What four intervals can hold at most. @param limits pairs of near and far for each eighth, then of what lies in between */
// @ts-ignore: decorator
@inline
function boundsOf(samples: usize, limits: usize, bend: v128): v128 {
  const here = f32x4.abs(v128.load(samples));
  const next = f32x4.abs(v128.load(samples, 4));
  const high = f32x4.pmax(here, next);
  const fall = f32x4.sub(high, f32x4.pmin(here, next));
  const near = f32x4.pmax(bendAt(samples), bendAt(samples + SAMPLE));
  let most = f32x4.splat(0);
  for (let k = 0; k < 4; k++, limits += 12) {
    const rise = f32x4.add(
      f32x4.mul(v128.load32_splat(limits), near),
      f32x4.mul(v128.load32_splat(limits, 4), bend),
    );
    most = f32x4.pmax(most, f32x4.sub(rise, f32x4.mul(v128.load32_splat(limits, 8), fall)));
  }
  return f32x4.add(high, most);
}

/** The largest magnitude at seven points of the interval after a sample, and at three as a shorter filter reads it. */
function read(taps: usize, samples: usize): f32 {
  let even0 = f32x4.splat(0);
  let even1 = even0;
  let odd0 = even0;
  let odd1 = even0;
  let short0 = even0;
  let short1 = even0;
  let before = samples;
  let after = samples + SAMPLE;
  const shortEnd = taps + SHORT;
  const longEnd = taps + LONG;
  for (; taps < shortEnd; taps += 96, before -= 8, after += 8) {
    const a0 = v128.load32_splat(before);
    const b0 = v128.load32_splat(after);
    const sum0 = f32x4.add(a0, b0);
    even0 = f32x4.add(even0, f32x4.mul(v128.load(taps), sum0));
    odd0 = f32x4.add(odd0, f32x4.mul(v128.load(taps, 16), f32x4.sub(a0, b0)));
    short0 = f32x4.add(short0, f32x4.mul(v128.load(taps, 32), sum0));
    const a1 = v128.load32_splat(before - SAMPLE);
    const b1 = v128.load32_splat(after, 4);
    const sum1 = f32x4.add(a1, b1);
    even1 = f32x4.add(even1, f32x4.mul(v128.load(taps, 48), sum1));
    odd1 = f32x4.add(odd1, f32x4.mul(v128.load(taps, 64), f32x4.sub(a1, b1)));
    short1 = f32x4.add(short1, f32x4.mul(v128.load(taps, 80), sum1));
  }
  for (; taps < longEnd; taps += 64, before -= 8, after += 8) {
    const a0 = v128.load32_splat(before);
    const b0 = v128.load32_splat(after);
    even0 = f32x4.add(even0, f32x4.mul(v128.load(taps), f32x4.add(a0, b0)));
    odd0 = f32x4.add(odd0, f32x4.mul(v128.load(taps, 16), f32x4.sub(a0, b0)));
    const a1 = v128.load32_splat(before - SAMPLE);
    const b1 = v128.load32_splat(after, 4);
    even1 = f32x4.add(even1, f32x4.mul(v128.load(taps, 32), f32x4.add(a1, b1)));
    odd1 = f32x4.add(odd1, f32x4.mul(v128.load(taps, 48), f32x4.sub(a1, b1)));
  }
  // Lanes of `odd`: three phases, and the shorter filter's; of `short`: its middle and, last, its even half.
  const odd = f32x4.abs(f32x4.add(odd0, odd1));
  const phases = f32x4.replace_lane(odd, 3, 0);
  const ofShort = f32x4.sub(odd, phases);
  const long = f32x4.add(f32x4.abs(f32x4.add(even0, even1)), phases);
  return largestOf(f32x4.pmax(long, f32x4.add(f32x4.abs(f32x4.add(short0, short1)), ofShort)));
}

/**
 * Writes the peak of each group to every record. `work` has room for twice as many numbers as there are groups and REACH or
 * BESIDE on either side.
 * @param state readings of the last BESIDE groups, then the largest ever
 * @param tables twelve numbers of `boundsOf`, the bend factor, nearness, floor, 1 where groups beside count or 0, then the taps
 */
export function followPeaks(samples: usize, groups: usize, state: usize, tables: usize, work: usize, out: usize): void {
  const span = groups + 2 * BESIDE;
  const peaks = work + SAMPLE * BESIDE;
  const bends = peaks + SAMPLE * span;
  scan(samples - GROUP * REACH, groups + REACH + BESIDE, peaks - SAMPLE * REACH, bends - SAMPLE * REACH);
  const bendFactor = f32.load(tables, 48);
  const nearness = f32.load(tables, 52);
  const floor = f32.load(tables, 56);
  const count = f32.load(tables, 60);
  const taps = tables + 64;
  let r0 = f32.load(state);
  let r1 = f32.load(state, 4);
  let r2 = f32.load(state, 8);
  let r3 = f32.load(state, 12);
  let r4 = f32.load(state, 16);
  let largest = f32.load(state, 20);
  const bounds = bends + SAMPLE * span;
  for (let g: usize = 0; g < groups; g++, samples += GROUP, out += RECORD) {
    const around = bends + SAMPLE * g;
    const bend = max<f32>(
      largestOf(f32x4.pmax(v128.load(around - 16), v128.load(around, 4))),
      f32.load(around),
    );
    const own = peaks + SAMPLE * g;
    let reading = max<f32>(f32.load(own), abs<f32>(f32.load(samples, GROUP)));
    const rough = reading + bendFactor * bend;
    if (rough <= floor * largest || rough <= nearness * reading) {
      reading = rough;
    } else {
      const left = max<f32>(max<f32>(max<f32>(r0, r1), max<f32>(r2, r3)), r4);
      const right = max<f32>(largestOf(v128.load(own, 4)), f32.load(own, 20));
      const beside = count * min<f32>(left, right);
      if (rough > beside) reading = examine(samples, f32x4.splat(bend), reading, beside, nearness, tables, taps, bounds);
    }
    largest = max<f32>(largest, reading);
    f32.store(out, reading);
    r0 = r1;
    r1 = r2;
    r2 = r3;
    r3 = r4;
    r4 = reading;
  }
  f32.store(state, r0);
  f32.store(state, r1, 4);
  f32.store(state, r2, 8);
  f32.store(state, r3, 12);
  f32.store(state, r4, 16);
  f32.store(state, largest, 20);
}

/** Reads the intervals of a group in the order of what they can hold, until none can change anything. */
function examine(
  samples: usize,
  bend: v128,
  reading: f32,
  beside: f32,
  nearness: f32,
  tables: usize,
  taps: usize,
  bounds: usize,
): f32 {
  v128.store(bounds, boundsOf(samples, tables, bend));
  v128.store(bounds, boundsOf(samples + 16, tables, bend), 16);
  for (let left = 8; left > 0; left--) {
    let most = f32.load(bounds);
    let at: usize = 0;
    for (let i: usize = 4; i < 32; i += 4) {
      const bound = f32.load(bounds + i);
      if (bound > most) {
        most = bound;
        at = i;
      }
    }
    if (most <= reading || most <= beside) return reading;
    if (most <= nearness * reading) return most;
    reading = max<f32>(reading, read(taps, samples + at));
    f32.store(bounds + at, 0);
  }
  return reading;
}

/** Of b0, b1, b2, a1, a2 of the shelf, a1, a2 of the high-pass, and one unused. */
const COEFFICIENTS: usize = 64;
const TINY: f64 = 1e-200;

// @ts-ignore: decorator
@inline
function forgetDenormal(lanes: v128): v128 {
  return v128.and(lanes, f64x2.ge(f64x2.abs(lanes), f64x2.splat(TINY)));
}

/**
 * K-weights both channels and writes each group's energy, left and right, to the record.
 * @param state the coefficients, then shelf z1, z2, high-pass z1, z2, both channels of each side by side
 */
export function weighGroups(left: usize, right: usize, groups: usize, state: usize, out: usize): void {
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
  const end = out + RECORD * groups;
  for (; out < end; out += RECORD) {
    let energy = f64x2.splat(0);
    for (let i = 0; i < 8; i++, left += SAMPLE, right += SAMPLE) {
      const x = f64x2.promote_low_f32x4(v128.load32_lane(right, v128.load32_splat(left), 1));
      const y = f64x2.add(f64x2.mul(b0, x), z1);
      z1 = f64x2.sub(f64x2.add(f64x2.mul(b1, x), z2), f64x2.mul(a1, y));
      z2 = f64x2.sub(f64x2.mul(b2, x), f64x2.mul(a2, y));
      const v = f64x2.add(y, w1);
      w1 = f64x2.sub(f64x2.sub(w2, f64x2.add(y, y)), f64x2.mul(c1, v));
      w2 = f64x2.sub(y, f64x2.mul(c2, v));
      energy = f64x2.add(energy, f64x2.mul(v, v));
    }
    v128.store64_lane(out, f32x4.demote_f64x2_zero(energy), 0);
    z1 = forgetDenormal(z1);
    z2 = forgetDenormal(z2);
    w1 = forgetDenormal(w1);
    w2 = forgetDenormal(w2);
  }
  v128.store(state, z1);
  v128.store(state, z2, 16);
  v128.store(state, w1, 32);
  v128.store(state, w2, 48);
}
