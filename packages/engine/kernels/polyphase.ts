// Two channels through a polyphase filter: twin in src/dsp/polyphase.ts. Lanes are taps.

const NUMBER: usize = 8;

// @ts-ignore: decorator
@inline
function product(first: usize, second: v128): v128 {
  return f64x2.mul(v128.load(first), second);
}

// @ts-ignore: decorator
@inline
function total(sums: v128): f64 {
  return f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
}

/**
 * So many frames out.
 * @param left where the first frame's taps begin, as `right`
 * @param geometry where rows lie, their number, the inputs that as many outputs take, taps of a row; the first row, and how
 * far behind its first tap the output lies, in parts of which as many as there are rows make an input
 */
export function changeRate(
  left: usize, right: usize, geometry: usize, count: usize, leftOut: usize, rightOut: usize,
): void {
  const rows = <usize>f64.load(geometry);
  const up = <usize>f64.load(geometry, 8);
  const down = <usize>f64.load(geometry, 16);
  const length = NUMBER * <usize>f64.load(geometry, 24);
  let row = <usize>f64.load(geometry, 32);
  let phase = <usize>f64.load(geometry, 40);
  let taps = rows + row * length;
  for (const end = leftOut + NUMBER * count; leftOut < end; leftOut += NUMBER, rightOut += NUMBER) {
    let left0 = f64x2.splat(0);
    let left2 = left0;
    let right0 = left0;
    let right2 = left0;
    let l = left;
    let r = right;
    for (const rowEnd = taps + length; taps < rowEnd; taps += 32, l += 32, r += 32) {
      const tap0 = v128.load(taps);
      const tap2 = v128.load(taps, 16);
      left0 = f64x2.add(left0, product(l, tap0));
      right0 = f64x2.add(right0, product(r, tap0));
      left2 = f64x2.add(left2, product(l + 16, tap2));
      right2 = f64x2.add(right2, product(r + 16, tap2));
    }
    f64.store(leftOut, total(left0) + total(left2));
    f64.store(rightOut, total(right0) + total(right2));
    phase += down;
    const step = phase / up;
    phase -= step * up;
    left += NUMBER * step;
    right += NUMBER * step;
    if (++row == up) {
      row = 0;
      taps = rows;
    }
  }
}
