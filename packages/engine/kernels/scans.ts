// What the analysis looks at sample by sample: twins in src/analyse/flat-tops.ts, edges.ts and source.ts.

const NUMBER: usize = 8;

/** How far the next two samples are from each of two. */
// @ts-ignore: decorator
@inline
function reachOf(at: usize): v128 {
  const x = v128.load(at);
  const next = f64x2.abs(f64x2.sub(v128.load(at, 8), x));
  return f64x2.pmax(next, f64x2.abs(f64x2.sub(v128.load(at, 16), x)));
}

/** Whether no run of three begins with the sample before these eight or with one of them, and the last two are runs of their own. */
// @ts-ignore: decorator
@inline
function moves(at: usize, flat: v128): bool {
  const least = f64x2.pmin(
    f64x2.pmin(reachOf(at - NUMBER), reachOf(at + NUMBER)),
    f64x2.pmin(reachOf(at + 3 * NUMBER), reachOf(at + 5 * NUMBER)),
  );
  const steps = f64x2.abs(f64x2.sub(v128.load(at, 48), v128.load(at, 40)));
  return v128.all_true<i64>(f64x2.gt(f64x2.pmin(steps, least), flat));
}

/**
 * Runs of at least three samples within `flat` of their first, from which the signal falls by `steep` on both sides together.
 * @param state first sample of the running run, the one before it, and its length
 * @param runs for each its first sample, the one before it, its length, and the sample after it
 * @returns how many
 */
export function findRuns(samples: usize, count: usize, flat: f64, steep: f64, state: usize, runs: usize): usize {
  const end = samples + NUMBER * count;
  const flats = f64x2.splat(flat);
  const first = runs;
  let value = f64.load(state);
  let before = f64.load(state, 8);
  let length = f64.load(state, 16);
  let at = samples;
  let next = at + NUMBER;
  while (at < end) {
    if (length == 1 && at >= next) {
      const from = at;
      while (at + 64 <= end && moves(at, flats)) at += 64;
      if (at > from) {
        before = f64.load(at - 16);
        value = f64.load(at - 8);
      }
      next = at + 64;
      if (at == end) break;
    }
    const sample = f64.load(at);
    at += NUMBER;
    if (abs(sample - value) <= flat) {
      length++;
      continue;
    }
    if (length >= 3 && abs(value - before) + abs(value - sample) >= steep) {
      f64.store(runs, value);
      f64.store(runs, before, 8);
      f64.store(runs, length, 16);
      f64.store(runs, sample, 24);
      runs += 32;
    }
    before = value;
    value = sample;
    length = 1;
  }
  f64.store(state, value);
  f64.store(state, before, 8);
  f64.store(state, length, 16);
  return (runs - first) / 32;
}

/** Highest and lowest sample, or 0, of places of `size` samples each, an even number. */
export function spreadPlaces(samples: usize, places: usize, size: usize, highest: usize, lowest: usize): void {
  for (const last = highest + NUMBER * places; highest < last; highest += NUMBER, lowest += NUMBER) {
    let high = f64x2.splat(0);
    let low = high;
    for (const end = samples + NUMBER * size; samples < end; samples += 16) {
      const x = v128.load(samples);
      high = f64x2.pmax(high, x);
      low = f64x2.pmin(low, x);
    }
    f64.store(highest, max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1)));
    f64.store(lowest, min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1)));
  }
}

/** How many samples, an even number or all, are multiples of 1 / `scale`. */
export function countMultiples(samples: usize, count: usize, scale: f64): usize {
  const scales = f64x2.splat(scale);
  const end = samples + NUMBER * count;
  let at = samples;
  for (; at + 16 <= end; at += 16) {
    const x = f64x2.mul(v128.load(at), scales);
    if (!v128.all_true<i64>(f64x2.eq(x, f64x2.trunc(x)))) return (at - samples) >> 3;
  }
  if (at < end) {
    const x = f64.load(at) * scale;
    if (x != trunc(x)) return (at - samples) >> 3;
  }
  return count;
}

/** Energies of both channels without their offset. @param state the samples before, y, and the energies, both of each */
export function addOffsetFree(left: usize, right: usize, count: usize, decay: f64, state: usize): void {
  const decays = f64x2.splat(decay);
  let before = v128.load(state);
  let y = v128.load(state, 16);
  let energy = v128.load(state, 32);
  for (const end = left + NUMBER * count; left < end; left += NUMBER, right += NUMBER) {
    const x = v128.load64_lane(right, v128.load64_splat(left), 1);
    y = f64x2.add(f64x2.sub(x, before), f64x2.mul(decays, y));
    before = x;
    energy = f64x2.add(energy, f64x2.mul(y, y));
  }
  v128.store(state, before);
  v128.store(state, y, 16);
  v128.store(state, energy, 32);
}
