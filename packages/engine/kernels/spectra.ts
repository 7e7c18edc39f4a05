// Powers of two channels from their common transform: twin of src/dsp/pair-spectrum.ts. Lanes are neighbouring slots.

const NUMBER: usize = 8;
const SINGLE: usize = 4;

/** Two numbers of 32 bits as of 64. */
// @ts-ignore: decorator
@inline
function loadPair(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

// @ts-ignore: decorator
@inline
function swapped(x: v128): v128 {
  return v128.shuffle<f64>(x, x, 1, 0);
}

/** |Z|² of one point. */
// @ts-ignore: decorator
@inline
function powerAt(re: usize, im: usize): f64 {
  const x = <f64>f32.load(re);
  const y = <f64>f32.load(im);
  return x * x + y * y;
}

/** |Z[k]|² + |Z[−k]|² of every slot. */
export function pairPowers(re: usize, im: usize, size: usize, powers: usize): void {
  let power = powerAt(re, im);
  f64.store(powers, power + power);
  power = powerAt(re + SINGLE, im + SINGLE);
  f64.store(powers + 4 * size, power + power);
  f64.store(powers, powerAt(re + 2 * SINGLE, im + 2 * SINGLE) + powerAt(re + 3 * SINGLE, im + 3 * SINGLE), 8);
  const across = im - re;
  for (let octave: usize = 4 * SINGLE; octave < SINGLE * size; octave *= 2) {
    let at = re + octave;
    let mirrored = at + octave - 8;
    let slot = powers + octave;
    for (; at < mirrored; at += 8, mirrored -= 8, slot += 16) {
      const x = loadPair(at);
      const y = loadPair(at + across);
      const u = loadPair(mirrored);
      const v = loadPair(mirrored + across);
      const other = f64x2.add(f64x2.mul(u, u), f64x2.mul(v, v));
      v128.store(slot, f64x2.add(f64x2.add(f64x2.mul(x, x), f64x2.mul(y, y)), swapped(other)));
    }
  }
}

/** Adds |2L|², |2R|² and Re 2L·2R* of every slot but the first two and the last. */
export function addPairSpectra(re: usize, im: usize, size: usize, left: usize, right: usize, cross: usize): void {
  const across = im - re;
  for (let octave: usize = 4 * SINGLE; octave < SINGLE * size; octave *= 2) {
    let at = re + octave;
    let mirrored = at + octave - 8;
    for (let offset = octave; at < mirrored; at += 8, mirrored -= 8, offset += 16) {
      const x = loadPair(at);
      const y = loadPair(at + across);
      const u = swapped(loadPair(mirrored));
      const v = swapped(loadPair(mirrored + across));
      const leftRe = f64x2.add(x, u);
      const leftIm = f64x2.sub(y, v);
      const rightRe = f64x2.add(y, v);
      const rightIm = f64x2.sub(u, x);
      const ofLeft = f64x2.add(f64x2.mul(leftRe, leftRe), f64x2.mul(leftIm, leftIm));
      v128.store(left + offset, f64x2.add(v128.load(left + offset), ofLeft));
      const ofRight = f64x2.add(f64x2.mul(rightRe, rightRe), f64x2.mul(rightIm, rightIm));
      v128.store(right + offset, f64x2.add(v128.load(right + offset), ofRight));
      const ofBoth = f64x2.add(f64x2.mul(leftRe, rightRe), f64x2.mul(leftIm, rightIm));
      v128.store(cross + offset, f64x2.add(v128.load(cross + offset), ofBoth));
    }
  }
}

/** Sums numbers, read by their slots, from the first to before the last of each range. Every fourth goes to the same sum. */
export function sumRanges(numbers: usize, slots: usize, ranges: usize, count: usize, sums: usize): void {
  for (const end = ranges + 16 * count; ranges < end; ranges += 16, sums += NUMBER) {
    let at = slots + ((<usize>f64.load(ranges)) << 2);
    const last = slots + ((<usize>f64.load(ranges, 8)) << 2);
    let sum0: f64 = 0;
    let sum1: f64 = 0;
    let sum2: f64 = 0;
    let sum3: f64 = 0;
    for (; at + 16 <= last; at += 16) {
      sum0 += f64.load(numbers + ((<usize>load<u32>(at)) << 3));
      sum1 += f64.load(numbers + ((<usize>load<u32>(at, 4)) << 3));
      sum2 += f64.load(numbers + ((<usize>load<u32>(at, 8)) << 3));
      sum3 += f64.load(numbers + ((<usize>load<u32>(at, 12)) << 3));
    }
    for (; at < last; at += 4) sum0 += f64.load(numbers + ((<usize>load<u32>(at)) << 3));
    f64.store(sums, sum0 + sum1 + (sum2 + sum3));
  }
}
