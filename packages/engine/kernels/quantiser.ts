// Dither and rounding: twins of src/dsp/random.ts and src/render/quantiser.ts.

const UNIFORM: f64 = 1.0 / 4294967296.0;

/** sfc32, two numbers to each difference. @param state a, b, c, counter */
export function fillTriangular(state: usize, values: usize, count: usize): void {
  let a = i32.load(state);
  let b = i32.load(state, 4);
  let c = i32.load(state, 8);
  let counter = i32.load(state, 12);
  const end = values + 8 * count;
  for (; values < end; values += 8) {
    const first = a + b + counter;
    a = b ^ (b >>> 9);
    b = c + (c << 3);
    c = rotl<i32>(c, 21) + first;
    const second = a + b + counter + 1;
    a = b ^ (b >>> 9);
    b = c + (c << 3);
    c = rotl<i32>(c, 21) + second;
    counter += 2;
    f64.store(values, (<f64>(<u32>first) - <f64>(<u32>second)) * UNIFORM);
  }
  i32.store(state, a);
  i32.store(state, b, 4);
  i32.store(state, c, 8);
  i32.store(state, counter, 12);
}

/** 1.5 · 2^52: what is added to it stands, as a whole number, in its lowest 32 bits. */
const MAGIC: f64 = 6755399441055744.0;

/** A frame, as whole numbers in the lower halves of the lanes. */
// @ts-ignore: decorator
@inline
function rounded(frame: v128, noise: usize, scale: f64): v128 {
  const dithered = f64x2.add(f64x2.mul(frame, f64x2.splat(scale)), v128.load(noise));
  const whole = f64x2.floor(f64x2.add(dithered, f64x2.splat(0.5)));
  const held = f64x2.pmax(f64x2.pmin(whole, f64x2.splat(scale - 1)), f64x2.splat(-scale));
  return f64x2.add(held, f64x2.splat(MAGIC));
}

/** Rounds both planes, plus noise, to interleaved 32-bit integers; two frames at a time, an odd last one by itself. */
export function quantise(left: usize, right: usize, noise: usize, frames: usize, scale: f64, out: usize): void {
  const end = left + 8 * (frames & ~1);
  for (; left < end; left += 16, right += 16, noise += 32, out += 16) {
    const lefts = v128.load(left);
    const rights = v128.load(right);
    const first = rounded(v128.shuffle<f64>(lefts, rights, 0, 2), noise, scale);
    const second = rounded(v128.shuffle<f64>(lefts, rights, 1, 3), noise + 16, scale);
    v128.store(out, v128.shuffle<i32>(first, second, 0, 2, 4, 6));
  }
  if (frames & 1) {
    const last = rounded(v128.load64_lane(right, v128.load64_splat(left), 1), noise, scale);
    v128.store64_lane(out, v128.shuffle<i32>(last, last, 0, 2, 0, 2), 0);
  }
}
