// Interleaved samples of two channels, as they lie in files, to one plane each: twins of the loops in
// packages/codec/src/encodings.ts. Integers go to the top of 32 bits, so that one factor scales them all.

const NUMBER: usize = 8;

// @ts-ignore: decorator
@inline
function upper(lanes: v128): v128 {
  return v128.shuffle<i64>(lanes, lanes, 1, 0);
}

// @ts-ignore: decorator
@inline
function scaled(integers: v128): v128 {
  return f64x2.mul(f64x2.convert_low_i32x4_s(integers), f64x2.splat(1.0 / 2147483648.0));
}

/** Two frames: both of the left channel, then both of the right. */
// @ts-ignore: decorator
@inline
function int16(packed: usize): v128 {
  return i8x16.swizzle(v128.load64_zero(packed), i8x16(-1, -1, 0, 1, -1, -1, 4, 5, -1, -1, 2, 3, -1, -1, 6, 7));
}

// @ts-ignore: decorator
@inline
function int24(packed: usize): v128 {
  return i8x16.swizzle(v128.load(packed), i8x16(-1, 0, 1, 2, -1, 6, 7, 8, -1, 3, 4, 5, -1, 9, 10, 11));
}

export function unpackInt16(packed: usize, frames: usize, left: usize, right: usize): void {
  for (let end = left + frames * NUMBER; left < end; left += 16, right += 16, packed += 8) {
    const lanes = int16(packed);
    v128.store(left, scaled(lanes));
    v128.store(right, scaled(upper(lanes)));
  }
}

export function unpackInt24(packed: usize, frames: usize, left: usize, right: usize): void {
  for (let end = left + frames * NUMBER; left < end; left += 16, right += 16, packed += 12) {
    const lanes = int24(packed);
    v128.store(left, scaled(lanes));
    v128.store(right, scaled(upper(lanes)));
  }
}

export function unpackFloat32(packed: usize, frames: usize, left: usize, right: usize): void {
  for (let end = left + frames * NUMBER; left < end; left += 16, right += 16, packed += 16) {
    const lanes = v128.shuffle<f32>(v128.load(packed), v128.load(packed), 0, 2, 1, 3);
    v128.store(left, f64x2.promote_low_f32x4(lanes));
    v128.store(right, f64x2.promote_low_f32x4(upper(lanes)));
  }
}
