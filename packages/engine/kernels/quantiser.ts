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

/** Rounds both planes, plus noise, to interleaved 32-bit integers. */
export function quantise(left: usize, right: usize, noise: usize, frames: usize, scale: f64, out: usize): void {
  const scales = f64x2.splat(scale);
  const half = f64x2.splat(0.5);
  const highest = f64x2.splat(scale - 1);
  const lowest = f64x2.splat(-scale);
  const end = left + 8 * frames;
  for (; left < end; left += 8, right += 8, noise += 16, out += 8) {
    const sample = v128.load64_lane(right, v128.load64_splat(left), 1);
    const dithered = f64x2.add(f64x2.mul(sample, scales), v128.load(noise));
    const rounded = f64x2.floor(f64x2.add(dithered, half));
    const held = f64x2.pmax(f64x2.pmin(rounded, highest), lowest);
    v128.store64_lane(out, i32x4.trunc_sat_f64x2_s_zero(held), 0);
  }
}
