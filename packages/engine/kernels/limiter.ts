// The limiter's gains: twins of src/render/limiter.ts and src/dsp/stereo-dips.ts. Lanes are frames, or left and right.

const NUMBER: usize = 8;
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

/** out = signal · (gains · gain) */
export function applyGains(signal: usize, gains: usize, frames: usize, gain: f64, out: usize): void {
  const factor = f64x2.splat(gain);
  const end = signal + NUMBER * frames;
  for (; signal < end; signal += 16, gains += 16, out += 16) {
    v128.store(out, f64x2.mul(v128.load(signal), f64x2.mul(v128.load(gains), factor)));
  }
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
