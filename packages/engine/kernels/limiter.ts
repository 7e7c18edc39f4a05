// The limiter's gains: twins of src/render/limiter.ts, src/render/loudness-curve.ts and src/dsp/stereo-dips.ts. Lanes are
// frames, groups of frames, or left and right.

const NUMBER: usize = 8;
/** Of an outline: both peaks, both energies. */
const RECORD: usize = 16;
const STEPS: f64 = 1073741824.0; // 2^30

// @ts-ignore: decorator
@inline
function reductionOf(peaks: usize, drive: v128): v128 {
  const one = f64x2.splat(1);
  const peak = f64x2.mul(v128.load(peaks), drive);
  return v128.and(f64x2.sub(one, f64x2.div(one, peak)), f64x2.gt(peak, one));
}

/** What each channel must be turned down at least. Two frames at a time; one more may be written than asked for. */
export function ask(
  left: usize,
  right: usize,
  sustained: usize,
  frames: usize,
  drive: f64,
  link: f64,
  leftOut: usize,
  rightOut: usize,
): void {
  const drives = f64x2.splat(drive);
  const links = f64x2.splat(link);
  const zero = f64x2.splat(0);
  const end = left + NUMBER * frames;
  for (; left < end; left += 16, right += 16, sustained += 16, leftOut += 16, rightOut += 16) {
    const lasting = v128.load(sustained);
    const ofLeft = f64x2.pmax(lasting, reductionOf(left, drives));
    const ofRight = f64x2.pmax(lasting, reductionOf(right, drives));
    const share = f64x2.mul(links, f64x2.sub(ofRight, ofLeft));
    v128.store(leftOut, v128.bitselect(f64x2.add(ofLeft, share), ofLeft, f64x2.gt(share, zero)));
    v128.store(rightOut, v128.bitselect(f64x2.sub(ofRight, share), ofRight, f64x2.lt(share, zero)));
  }
}

/** Of the quadratic through three gains at the middles of groups: its value where the second group starts, slope and bend. */
// @ts-ignore: decorator
@inline
function applyCurve(signal: usize, gains: usize, from: i32, to: i32, gain: f64, out: usize): void {
  const before = f64.load(gains);
  const here = f64.load(gains, 8);
  const start = (before + here) * 0.5;
  const slope = here - before;
  const bend = (f64.load(gains, 16) - here - slope) * 0.5;
  for (let k = from; k < to; k++, signal += NUMBER, out += NUMBER) {
    const t = <f64>k * 0.125;
    f64.store(out, f64.load(signal) * ((start + (slope + bend * t) * t) * gain));
  }
}

// @ts-ignore: decorator
@inline
function applyPair(signal: usize, start: v128, slope: v128, bend: v128, t: v128, gain: v128, out: usize): void {
  const curve = f64x2.add(start, f64x2.mul(f64x2.add(slope, f64x2.mul(bend, t)), t));
  v128.store(out, f64x2.mul(v128.load(signal), f64x2.mul(curve, gain)));
}

/**
 * out = signal · (curve through the gains · gain), from `phase` frames behind the start of the first group on.
 * @param gains of the group before the first, and so on
 */
export function applyGains(signal: usize, gains: usize, frames: i32, phase: i32, gain: f64, out: usize): void {
  const head = phase == 0 ? 0 : min<i32>(8 - phase, frames);
  if (head > 0) {
    applyCurve(signal, gains, phase, phase + head, gain, out);
    signal += NUMBER * head;
    out += NUMBER * head;
    gains += NUMBER;
    frames -= head;
  }
  const factor = f64x2.splat(gain);
  const half = f64x2.splat(0.5);
  const end = gains + NUMBER * (frames >> 3);
  for (; gains < end; gains += NUMBER, signal += 8 * NUMBER, out += 8 * NUMBER) {
    const before = v128.load64_splat(gains);
    const here = v128.load64_splat(gains, 8);
    const start = f64x2.mul(f64x2.add(before, here), half);
    const slope = f64x2.sub(here, before);
    const bend = f64x2.mul(f64x2.sub(f64x2.sub(v128.load64_splat(gains, 16), here), slope), half);
    applyPair(signal, start, slope, bend, f64x2(0, 0.125), factor, out);
    applyPair(signal + 16, start, slope, bend, f64x2(0.25, 0.375), factor, out + 16);
    applyPair(signal + 32, start, slope, bend, f64x2(0.5, 0.625), factor, out + 32);
    applyPair(signal + 48, start, slope, bend, f64x2(0.75, 0.875), factor, out + 48);
  }
  if (frames & 7) applyCurve(signal, gains, 0, frames & 7, gain, out);
}

/**
 * The lesser gain of each group in so many parts of 1, or one more than there are where the group's driven peaks are not heard;
 * gives the least that is. Two groups at a time; one more may be written than asked for.
 */
export function gainBins(left: usize, right: usize, groups: usize, records: usize, heard: f32, parts: f64, bins: usize): f64 {
  let least: f64 = 1;
  const scale = f64x2.splat(parts);
  const end = left + NUMBER * groups;
  for (; left < end; left += 16, right += 16, records += 2 * RECORD, bins += 8) {
    const gain = f64x2.pmin(v128.load(left), v128.load(right));
    v128.store64_lane(bins, i32x4.trunc_sat_f64x2_s_zero(f64x2.floor(f64x2.mul(gain, scale))), 0);
    if (max<f32>(f32.load(records), f32.load(records, 4)) < heard) i32.store(bins, <i32>parts + 1);
    else least = min<f64>(least, f64x2.extract_lane(gain, 0));
    if (left + NUMBER == end) break;
    if (max<f32>(f32.load(records, 16), f32.load(records, 20)) < heard) i32.store(bins, <i32>parts + 1, 4);
    else least = min<f64>(least, f64x2.extract_lane(gain, 1));
  }
  return least;
}

/** Energies of groups, times the square of six times the mean of the curve there, which is a + 4·b + c. */
export function drivenEnergy(left: usize, right: usize, groups: usize, records: usize): f64 {
  let sum = f64x2.splat(0);
  const four = f64x2.splat(4);
  let before = v128.load64_lane(right, v128.load64_splat(left), 1);
  let here = v128.load64_lane(right, v128.load64_splat(left, 8), 1, 8);
  const end = left + NUMBER * groups;
  for (; left < end; left += NUMBER, right += NUMBER, records += RECORD) {
    const next = v128.load64_lane(right, v128.load64_splat(left, 16), 1, 16);
    const gain = f64x2.add(f64x2.add(before, f64x2.mul(four, here)), next);
    const energy = f64x2.promote_low_f32x4(v128.load64_splat(records, 8));
    sum = f64x2.add(sum, f64x2.mul(energy, f64x2.mul(gain, gain)));
    before = here;
    here = next;
  }
  return f64x2.extract_lane(sum, 0) + f64x2.extract_lane(sum, 1);
}

/**
 * @param state position in the segment, window, index in the averages, length of each: four numbers; then, for left and right
 * side by side, the largest of the segment so far, both sums, one pair unused; the segment; the tail maxima of the one before,
 * with a zero behind; what the two averages hold
 */
export function shapeDips(left: usize, right: usize, frames: usize, state: usize): void {
  let position: usize = <usize>f64.load(state) << 4;
  const window: usize = <usize>f64.load(state, 8) << 4;
  let index: usize = <usize>f64.load(state, 16) << 4;
  const count = f64.load(state, 24);
  const length: usize = <usize>count << 4;
  let head = v128.load(state, 32);
  let firstSum = v128.load(state, 48);
  let secondSum = v128.load(state, 64);
  const segment: usize = state + 96;
  const tail: usize = segment + window;
  const first: usize = tail + window + 16;
  const second: usize = first + length;
  const steps = f64x2.splat(STEPS);
  const one = f64x2.splat(1);
  const scale = f64x2.splat(1 / (STEPS * count * count));
  const end = left + NUMBER * frames;
  for (; left < end; left += NUMBER, right += NUMBER) {
    const value = v128.load64_lane(right, v128.load64_splat(left), 1);
    v128.store(segment + position, value);
    position += 16;
    head = f64x2.pmax(head, value);
    const held = f64x2.pmax(v128.load(tail + position), head);
    if (position == window) {
      let most = f64x2.splat(0);
      for (let at = window; at > 0; at -= 16) {
        most = f64x2.pmax(most, v128.load(segment + at - 16));
        v128.store(tail + at - 16, most);
      }
      position = 0;
      head = f64x2.splat(0);
    }
    const step = f64x2.floor(f64x2.mul(held, steps));
    firstSum = f64x2.add(firstSum, f64x2.sub(step, v128.load(first + index)));
    v128.store(first + index, step);
    secondSum = f64x2.add(secondSum, f64x2.sub(firstSum, v128.load(second + index)));
    v128.store(second + index, firstSum);
    index += 16;
    if (index == length) index = 0;
    const gain = f64x2.sub(one, f64x2.mul(secondSum, scale));
    v128.store64_lane(left, gain, 0);
    v128.store64_lane(right, gain, 1);
  }
  f64.store(state, <f64>(position >> 4));
  f64.store(state, <f64>(index >> 4), 16);
  v128.store(state, head, 32);
  v128.store(state, firstSum, 48);
  v128.store(state, secondSum, 64);
}
