// The largest magnitude on and between samples: twin of TruePeakDetector in src/dsp/true-peak.ts. Lanes are phases.
import { raiseGroup } from './peaks';

const NUMBER: usize = 8;
const GROUP: usize = 8 * NUMBER;
/** Of a place: the even taps of three folds and their middle, then the odd taps. */
const PLACE: usize = 8 * NUMBER;

// @ts-ignore: decorator
@inline
function larger(a: v128, b: v128): v128 {
  return f64x2.pmax(a, b);
}

/** The largest magnitude between a sample and the next. Fans lie one behind the other: a place for each pair of samples. */
function readInterval(fans: usize, fanCount: usize, pairs: usize, sample: usize): f64 {
  let most = f64x2.splat(0);
  for (let fan: usize = 0; fan < fanCount; fan++) {
    let even0 = f64x2.splat(0);
    let even1 = even0;
    let odd0 = even0;
    let odd1 = even0;
    let before = sample;
    let after = sample + NUMBER;
    const end = fans + pairs * PLACE;
    for (; fans < end; fans += PLACE, before -= NUMBER, after += NUMBER) {
      const first = v128.load64_splat(before);
      const last = v128.load64_splat(after);
      const sum = f64x2.add(first, last);
      const difference = f64x2.sub(first, last);
      even0 = f64x2.add(even0, f64x2.mul(v128.load(fans), sum));
      even1 = f64x2.add(even1, f64x2.mul(v128.load(fans, 16), sum));
      odd0 = f64x2.add(odd0, f64x2.mul(v128.load(fans, 32), difference));
      odd1 = f64x2.add(odd1, f64x2.mul(v128.load(fans, 48), difference));
    }
    most = larger(most, f64x2.add(f64x2.abs(even0), f64x2.abs(odd0)));
    // The middle has no odd half: its taps are 0.
    most = larger(most, f64x2.add(f64x2.abs(even1), f64x2.abs(odd1)));
  }
  return f64x2.extract_lane(larger(most, v128.shuffle<f64>(most, most, 1, 0)), 0);
}

/** Raises a peak to what a group holds. */
function examine(samples: usize, readings: usize, tables: usize, hidden: f64, peak: f64): f64 {
  const fans = <usize>f64.load(tables, 24);
  const fanCount = <usize>f64.load(tables, 32);
  const pairs = <usize>f64.load(tables, 40);
  const factor = f64.load(tables, 48);
  memory.fill(readings, 0, GROUP);
  raiseGroup(<usize>f64.load(tables), <usize>f64.load(tables, 8), <usize>f64.load(tables, 16), samples, readings);
  for (let at: usize = 0; at < GROUP; at += NUMBER) {
    const next = abs<f64>(f64.load(samples + at + NUMBER));
    const here = f64.load(readings + at);
    const reading = next > here ? next : here;
    if (reading > peak) peak = reading;
    if (!(factor * reading + hidden > peak)) continue;
    const fine = readInterval(fans, fanCount, pairs, samples + at);
    if (fine > peak) peak = fine;
  }
  return peak;
}

/**
 * Raises a peak to what so many groups hold. Two groups at a time.
 * @param readings eight numbers of any content
 * @param tables where folds lie, their number and pairs; where fans lie, their number and pairs; how much more than a coarse
 * reading there can be, as a factor, and for each unit of bend
 */
export function raisePeak(
  samples: usize,
  groups: usize,
  bends: usize,
  bounds: usize,
  readings: usize,
  tables: usize,
  peak: f64,
): f64 {
  const factors = f64x2.splat(f64.load(tables, 48));
  const perBend = f64x2.splat(f64.load(tables, 56));
  const end = bounds + groups * NUMBER;
  for (; bounds < end; bounds += 2 * NUMBER, bends += 2 * NUMBER, samples += 2 * GROUP) {
    const hidden = f64x2.mul(perBend, v128.load(bends));
    const most = f64x2.add(f64x2.mul(factors, v128.load(bounds)), hidden);
    if (!v128.any_true(f64x2.gt(most, f64x2.splat(peak)))) continue;
    if (f64x2.extract_lane(most, 0) > peak) {
      peak = examine(samples, readings, tables, f64x2.extract_lane(hidden, 0), peak);
    }
    if (bounds + NUMBER < end && f64x2.extract_lane(most, 1) > peak) {
      peak = examine(samples + GROUP, readings, tables, f64x2.extract_lane(hidden, 1), peak);
    }
  }
  return peak;
}
