// Samples to the bytes of files: twins of encodeIntegers and encodeFloats in packages/codec/src/encodings.ts. Lanes are neighbouring
// samples; four at a time, and what is written beyond the last is of no account.

export function packInt16(samples: usize, count: usize, packed: usize): void {
  const lowest = i8x16(0, 1, 4, 5, 8, 9, 12, 13, -1, -1, -1, -1, -1, -1, -1, -1);
  for (const end = samples + 4 * count; samples < end; samples += 16, packed += 8) {
    v128.store64_lane(packed, i8x16.swizzle(v128.load(samples), lowest), 0);
  }
}

export function packInt24(samples: usize, count: usize, packed: usize): void {
  const lowest = i8x16(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, -1, -1, -1, -1);
  for (const end = samples + 4 * count; samples < end; samples += 16, packed += 12) {
    v128.store(packed, i8x16.swizzle(v128.load(samples), lowest));
  }
}

/** Two planes to interleaved 32-bit float, two frames at a time. */
export function packFloat32(left: usize, right: usize, frames: usize, packed: usize): void {
  for (const end = left + 8 * frames; left < end; left += 16, right += 16, packed += 16) {
    const ofLeft = f32x4.demote_f64x2_zero(v128.load(left));
    const ofRight = f32x4.demote_f64x2_zero(v128.load(right));
    v128.store(packed, v128.shuffle<f32>(ofLeft, ofRight, 0, 4, 1, 5));
  }
}
