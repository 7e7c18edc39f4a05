// The outline of a signal, group by group of eight frames: twins of src/dsp/group-peaks.ts and src/dsp/k-weighting.ts.
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
/** Pairs of taps of the finest filter. */
const FINE: usize = 64 * 32;

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

/** The largest of all lanes, in each. */
// @ts-ignore: decorator
@inline
function largestOf(lanes: v128): v128 {
  const pairs = f32x4.pmax(lanes, v128.shuffle<f32>(lanes, lanes, 2, 3, 0, 1));
  return f32x4.pmax(pairs, v128.shuffle<f32>(pairs, pairs, 1, 0, 3, 2));
}

/** The largest lane of each of four. */
// @ts-ignore: decorator
@inline
function largestOfEach(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.pmax(v128.shuffle<f32>(a, b, 0, 1, 4, 5), v128.shuffle<f32>(a, b, 2, 3, 6, 7));
  const cd = f32x4.pmax(v128.shuffle<f32>(c, d, 0, 1, 4, 5), v128.shuffle<f32>(c, d, 2, 3, 6, 7));
  return f32x4.pmax(v128.shuffle<f32>(ab, cd, 0, 2, 4, 6), v128.shuffle<f32>(ab, cd, 1, 3, 5, 7));
}

// @ts-ignore: decorator
@inline
function peakOf(samples: usize): v128 {
  const peak = f32x4.pmax(f32x4.abs(v128.load(samples)), f32x4.abs(v128.load(samples, 16)));
  return f32x4.pmax(peak, f32x4.abs(v128.load(samples, 20)));
}

// @ts-ignore: decorator
@inline
function bendOf(samples: usize): v128 {
  return f32x4.pmax(bendAt(samples), bendAt(samples + 16));
}

/** Largest magnitude, up to the next group's first, and largest second difference of each group. Four at a time. */
function scan(samples: usize, groups: usize, peaks: usize, bends: usize): void {
  const end = peaks + SAMPLE * groups;
  for (; peaks < end; peaks += 16, bends += 16, samples += 4 * GROUP) {
    const second = samples + GROUP;
    const third = second + GROUP;
    const fourth = third + GROUP;
    v128.store(peaks, largestOfEach(peakOf(samples), peakOf(second), peakOf(third), peakOf(fourth)));
    v128.store(bends, largestOfEach(bendOf(samples), bendOf(second), bendOf(third), bendOf(fourth)));
  }
}

/** What each group can hold at most, and what the groups behind it hold at least. Four at a time. */
function boundGroups(groups: usize, peaks: usize, bends: usize, inner: v128, outer: v128, roughs: usize, behind: usize): void {
  const end = peaks + SAMPLE * groups;
  for (; peaks < end; peaks += 16, bends += 16, roughs += 16, behind += 16) {
    const around = f32x4.pmax(f32x4.pmax(v128.load(bends - 4), v128.load(bends)), v128.load(bends, 4));
    const bend = f32x4.pmax(
      f32x4.pmax(
        f32x4.pmax(v128.load(bends - 16), v128.load(bends - 12)),
        f32x4.pmax(v128.load(bends - 8), v128.load(bends, 8)),
      ),
      f32x4.pmax(f32x4.pmax(v128.load(bends, 12), v128.load(bends, 16)), around),
    );
    const rise = f32x4.add(f32x4.mul(inner, around), f32x4.mul(outer, bend));
    v128.store(roughs, f32x4.add(v128.load(peaks), rise));
    const near = f32x4.pmax(v128.load(peaks, 4), v128.load(peaks, 8));
    const far = f32x4.pmax(v128.load(peaks, 12), v128.load(peaks, 16));
    v128.store(behind, f32x4.pmax(f32x4.pmax(near, far), v128.load(peaks, 20)));
  }
}

/** Numbers that bound an interval: five for each eighth. */
const LIMITS: usize = 4 * 20;

/** What four intervals can hold at most. @param limits what bends weigh, from the innermost out, and the way to the point */
// @ts-ignore: decorator
@inline
function boundsOf(samples: usize, limits: usize, around: v128, bend: v128): v128 {
  const here = f32x4.abs(v128.load(samples));
  const next = f32x4.abs(v128.load(samples, 4));
  const high = f32x4.pmax(here, next);
  const fall = f32x4.sub(high, f32x4.pmin(here, next));
  const near = f32x4.pmax(bendAt(samples), bendAt(samples + SAMPLE));
  const next2 = f32x4.pmax(bendAt(samples - SAMPLE), bendAt(samples + 2 * SAMPLE));
  let most = f32x4.splat(0);
  for (let k = 0; k < 4; k++, limits += 20) {
    const inner = f32x4.add(
      f32x4.mul(v128.load32_splat(limits), near),
      f32x4.mul(v128.load32_splat(limits, 4), next2),
    );
    const outer = f32x4.add(
      f32x4.mul(v128.load32_splat(limits, 8), around),
      f32x4.mul(v128.load32_splat(limits, 12), bend),
    );
    const rise = f32x4.add(inner, outer);
    most = f32x4.pmax(most, f32x4.sub(rise, f32x4.mul(v128.load32_splat(limits, 16), fall)));
  }
  return f32x4.add(high, most);
}

/** The largest magnitude at seven points of the interval after a sample, as the finest filter reads it, in some lane. */
function readFine(taps: usize, samples: usize): v128 {
  let even0 = f32x4.splat(0);
  let even1 = even0;
  let odd0 = even0;
  let odd1 = even0;
  let before = samples;
  let after = samples + SAMPLE;
  for (const end = taps + FINE; taps < end; taps += 64, before -= 8, after += 8) {
    const a0 = v128.load32_splat(before);
    const b0 = v128.load32_splat(after);
    even0 = f32x4.add(even0, f32x4.mul(v128.load(taps), f32x4.add(a0, b0)));
    odd0 = f32x4.add(odd0, f32x4.mul(v128.load(taps, 16), f32x4.sub(a0, b0)));
    const a1 = v128.load32_splat(before - SAMPLE);
    const b1 = v128.load32_splat(after, 4);
    even1 = f32x4.add(even1, f32x4.mul(v128.load(taps, 32), f32x4.add(a1, b1)));
    odd1 = f32x4.add(odd1, f32x4.mul(v128.load(taps, 48), f32x4.sub(a1, b1)));
  }
  return f32x4.add(f32x4.abs(f32x4.add(even0, even1)), f32x4.abs(f32x4.add(odd0, odd1)));
}

/**
 * The largest magnitude at seven points of the interval after a sample, and at three as a shorter filter reads it; where both
 * differ by more than a part of it, or did shortly before, also as the finest does.
 * @param difference that is remembered
 */
function read(tables: usize, samples: usize, difference: usize): v128 {
  let taps = tables + LIMITS + 32;
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
  const even = f32x4.add(even0, even1);
  const short = f32x4.add(short0, short1);
  const signedOdd = f32x4.add(odd0, odd1);
  const odd = f32x4.abs(signedOdd);
  const phases = f32x4.replace_lane(odd, 3, 0);
  const ofShort = f32x4.sub(odd, phases);
  const reading = largestOf(f32x4.pmax(f32x4.add(f32x4.abs(even), phases), f32x4.add(f32x4.abs(short), ofShort)));
  const middle = abs<f32>(f32x4.extract_lane(even, 3) - f32x4.extract_lane(short, 0));
  const quarter = abs<f32>(f32x4.extract_lane(even, 1) - f32x4.extract_lane(short, 3));
  const quarterOdd = abs<f32>(f32x4.extract_lane(signedOdd, 1) - f32x4.extract_lane(signedOdd, 3));
  const remembered = max<f32>(middle + quarter + quarterOdd, f32.load(tables, LIMITS + 24) * f32.load(difference));
  f32.store(difference, remembered);
  if (remembered <= f32.load(tables, LIMITS + 20) * f32x4.extract_lane(reading, 0)) return reading;
  return f32x4.pmax(reading, largestOf(readFine(longEnd, samples)));
}

/** Reads the intervals of a group in the order of their bounds, until none can change anything. All lanes alike. */
function examine(
  samples: usize,
  own: f32,
  beside: v128,
  bent: usize,
  nearness: v128,
  tables: usize,
  difference: usize,
): f32 {
  const around = f32x4.pmax(
    f32x4.pmax(v128.load32_splat(bent - 4), v128.load32_splat(bent)),
    v128.load32_splat(bent, 4),
  );
  const bend = f32x4.pmax(largestOf(f32x4.pmax(v128.load(bent - 16), v128.load(bent, 4))), v128.load32_splat(bent));
  const first = i32x4(0, 1, 2, 3);
  let low = boundsOf(samples, tables, around, bend);
  let high = boundsOf(samples + 16, tables, around, bend);
  let reading = f32x4.splat(own);
  for (let left = 8; left > 0; left--) {
    const most = largestOf(f32x4.pmax(low, high));
    if (i32x4.bitmask(f32x4.gt(most, f32x4.pmax(reading, beside))) == 0) break;
    if (i32x4.bitmask(f32x4.le(most, f32x4.mul(nearness, reading)))) return f32x4.extract_lane(most, 0);
    const found = i32x4.bitmask(f32x4.eq(low, most)) | (i32x4.bitmask(f32x4.eq(high, most)) << 4);
    const at = ctz(found | 128);
    reading = f32x4.pmax(reading, read(tables, samples + (<usize>at << 2), difference));
    low = v128.andnot(low, i32x4.eq(first, i32x4.splat(at)));
    high = v128.andnot(high, i32x4.eq(first, i32x4.splat(at - 4)));
  }
  return f32x4.extract_lane(reading, 0);
}

/**
 * Writes the peak of each group to every record. `work` has room for four times as many numbers as there are groups, and 16
 * more each time.
 * @param state readings of the last BESIDE groups, then the largest ever, and the difference that is remembered
 * @param tables limits, the last four weights of the last eighth, nearness, floor, 1 where groups beside count or 0,
 * from
 * what part on a difference is bright, what part of it is remembered, one unused, then the taps
 */
export function followPeaks(samples: usize, groups: usize, state: usize, tables: usize, work: usize, out: usize): void {
  const span = SAMPLE * (groups + 16);
  let peak = work + SAMPLE * REACH;
  let bent = peak + span;
  let rough = bent + span;
  let behind = rough + span;
  scan(samples - GROUP * REACH, groups + REACH + BESIDE, peak - SAMPLE * REACH, bent - SAMPLE * REACH);
  const numbers = tables + LIMITS;
  boundGroups(groups, peak, bent, v128.load32_splat(numbers), v128.load32_splat(numbers, 4), rough, behind);
  const nearness = f32.load(numbers, 8);
  const floor = f32.load(numbers, 12);
  const count = f32x4.splat(f32.load(numbers, 16));
  let r0 = f32.load(state);
  let r1 = f32.load(state, 4);
  let r2 = f32.load(state, 8);
  let r3 = f32.load(state, 12);
  let r4 = f32.load(state, 16);
  let largest = f32.load(state, 20);
  let low = floor * largest;
  for (const end = out + RECORD * groups; out < end; out += RECORD, samples += GROUP) {
    let reading = f32.load(peak);
    const bound = f32.load(rough);
    if (bound <= low || bound <= nearness * reading) {
      reading = bound;
    } else {
      const before = f32x4.pmax(
        f32x4.pmax(f32x4.pmax(f32x4.splat(r0), f32x4.splat(r1)), f32x4.pmax(f32x4.splat(r2), f32x4.splat(r3))),
        f32x4.splat(r4),
      );
      const beside = f32x4.mul(count, f32x4.pmin(before, v128.load32_splat(behind)));
      if (bound > f32x4.extract_lane(beside, 0)) {
        reading = examine(samples, reading, beside, bent, f32x4.splat(nearness), tables, state + 24);
      }
    }
    if (reading > largest) {
      largest = reading;
      low = floor * largest;
    }
    f32.store(out, reading);
    r0 = r1;
    r1 = r2;
    r2 = r3;
    r3 = r4;
    r4 = reading;
    peak += SAMPLE;
    bent += SAMPLE;
    rough += SAMPLE;
    behind += SAMPLE;
  }
  f32.store(state, r0);
  f32.store(state, r1, 4);
  f32.store(state, r2, 8);
  f32.store(state, r3, 12);
  f32.store(state, r4, 16);
  f32.store(state, largest, 20);
}

/** Of b1, b2, a1, a2 of the shelf, a1, a2 of the high-pass, the magnitude below which a memory is forgotten, and one unused. */
const COEFFICIENTS: usize = 64;

// @ts-ignore: decorator
@inline
function forgetting(memory: v128, forgotten: v128): v128 {
  return v128.andnot(memory, f64x2.lt(f64x2.abs(memory), forgotten));
}

/**
 * K-weights both channels and writes each group's energy, left and right, to the record.
 * @param state the coefficients, then x1, x2, y1, y2, u, v, both channels of each side by side
 */
export function weighGroups(left: usize, right: usize, groups: usize, state: usize, out: usize): void {
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
  const end = out + RECORD * groups;
  for (; out < end; out += RECORD) {
    let energy = f64x2.splat(0);
    for (const last = left + GROUP; left < last; left += SAMPLE, right += SAMPLE) {
      const x = f64x2.promote_low_f32x4(v128.load32_lane(right, v128.load32_splat(left), 1));
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
    v128.store64_lane(out, f32x4.demote_f64x2_zero(energy), 0);
    const forgotten = v128.load64_splat(state, 48);
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
}
