// Regions of the spectrum, both channels side by side: twin of src/analyse/regions.ts. A frame is a pair of lanes.

/** Of one split: its three coefficients and one unused, then s1, s2, and energy and peak of its region, both channels of each. */
const SPLIT: usize = 112;
/** Frames that pass two splits before the next two take them up. */
const CHUNK: usize = 256;

// @ts-ignore: decorator
@inline
function nextS1(at: usize, s1: v128, rest: v128): v128 {
  return f64x2.add(f64x2.mul(v128.load64_splat(at), s1), f64x2.mul(v128.load64_splat(at, 8), rest));
}

// @ts-ignore: decorator
@inline
function nextS2(at: usize, s1: v128, s2: v128, rest: v128): v128 {
  const sum = f64x2.add(s2, f64x2.mul(v128.load64_splat(at, 8), s1));
  return f64x2.add(sum, f64x2.mul(v128.load64_splat(at, 16), rest));
}

// @ts-ignore: decorator
@inline
function lowOf(at: usize, before: v128, after: v128): v128 {
  return f64x2.mul(v128.load64_splat(at, 32), f64x2.add(before, after));
}

// @ts-ignore: decorator
@inline
function highOf(at: usize, x: v128, before: v128, after: v128, low: v128): v128 {
  return f64x2.sub(f64x2.sub(x, f64x2.mul(v128.load64_splat(at, 24), f64x2.add(before, after))), low);
}

/**
 * Cuts off two regions; what is left of each frame takes its place. The second split works on the frame before the one that
 * the first works on, so that neither waits for the other.
 */
function splitTwice(frames: usize, end: usize, at: usize): void {
  let s0 = v128.load(at, 48);
  let u0 = v128.load(at, 64);
  let energy0 = v128.load(at, 80);
  let peak0 = v128.load(at, 96);
  let s1 = v128.load(at, 160);
  let u1 = v128.load(at, 176);
  let energy1 = v128.load(at, 192);
  let peak1 = v128.load(at, 208);
  let x = v128.load(frames);
  let rest = f64x2.sub(x, u0);
  let s = nextS1(at, s0, rest);
  let u = nextS2(at, s0, u0, rest);
  let low = lowOf(at, u0, u);
  let held = highOf(at, x, s0, s, low);
  s0 = s;
  u0 = u;
  let square = f64x2.mul(low, low);
  energy0 = f64x2.add(energy0, square);
  peak0 = f64x2.pmax(peak0, square);
  for (frames += 16; frames < end; frames += 16) {
    x = v128.load(frames);
    rest = f64x2.sub(held, u1);
    s = nextS1(at + SPLIT, s1, rest);
    u = nextS2(at + SPLIT, s1, u1, rest);
    low = lowOf(at + SPLIT, u1, u);
    v128.store(frames - 16, highOf(at + SPLIT, held, s1, s, low));
    s1 = s;
    u1 = u;
    square = f64x2.mul(low, low);
    energy1 = f64x2.add(energy1, square);
    peak1 = f64x2.pmax(peak1, square);
    rest = f64x2.sub(x, u0);
    s = nextS1(at, s0, rest);
    u = nextS2(at, s0, u0, rest);
    low = lowOf(at, u0, u);
    held = highOf(at, x, s0, s, low);
    s0 = s;
    u0 = u;
    square = f64x2.mul(low, low);
    energy0 = f64x2.add(energy0, square);
    peak0 = f64x2.pmax(peak0, square);
  }
  rest = f64x2.sub(held, u1);
  s = nextS1(at + SPLIT, s1, rest);
  u = nextS2(at + SPLIT, s1, u1, rest);
  low = lowOf(at + SPLIT, u1, u);
  v128.store(frames - 16, highOf(at + SPLIT, held, s1, s, low));
  s1 = s;
  u1 = u;
  square = f64x2.mul(low, low);
  energy1 = f64x2.add(energy1, square);
  peak1 = f64x2.pmax(peak1, square);
  v128.store(at, s0, 48);
  v128.store(at, u0, 64);
  v128.store(at, energy0, 80);
  v128.store(at, peak0, 96);
  v128.store(at, s1, 160);
  v128.store(at, u1, 176);
  v128.store(at, energy1, 192);
  v128.store(at, peak1, 208);
}

/** Cuts off one region. */
function splitOnce(frames: usize, end: usize, at: usize): void {
  let s0 = v128.load(at, 48);
  let u0 = v128.load(at, 64);
  let energy0 = v128.load(at, 80);
  let peak0 = v128.load(at, 96);
  for (; frames < end; frames += 16) {
    const x = v128.load(frames);
    const rest = f64x2.sub(x, u0);
    const s = nextS1(at, s0, rest);
    const u = nextS2(at, s0, u0, rest);
    const low = lowOf(at, u0, u);
    v128.store(frames, highOf(at, x, s0, s, low));
    s0 = s;
    u0 = u;
    const square = f64x2.mul(low, low);
    energy0 = f64x2.add(energy0, square);
    peak0 = f64x2.pmax(peak0, square);
  }
  v128.store(at, s0, 48);
  v128.store(at, u0, 64);
  v128.store(at, energy0, 80);
  v128.store(at, peak0, 96);
}

/** Hears what is left. */
function hearRest(frames: usize, end: usize, at: usize): void {
  let energy = v128.load(at);
  let peak = v128.load(at, 16);
  for (; frames < end; frames += 16) {
    const x = v128.load(frames);
    const square = f64x2.mul(x, x);
    energy = f64x2.add(energy, square);
    peak = f64x2.pmax(peak, square);
  }
  v128.store(at, energy);
  v128.store(at, peak, 16);
}

/** @param state of all splits, lowest first, then energy and peak of the highest region  @param work room for 256 frames */
export function hearRegions(left: usize, right: usize, frames: usize, splits: usize, state: usize, work: usize): void {
  const end = left + 8 * frames;
  const last = state + SPLIT * splits;
  while (left < end) {
    const chunkEnd = min(left + 8 * CHUNK, end);
    let to = work;
    for (; left < chunkEnd; left += 8, right += 8, to += 16) {
      v128.store(to, v128.load64_lane(right, v128.load64_splat(left), 1));
    }
    let at = state;
    for (; at + SPLIT < last; at += 2 * SPLIT) splitTwice(work, to, at);
    if (at < last) splitOnce(work, to, at);
    hearRest(work, to, last);
  }
}
