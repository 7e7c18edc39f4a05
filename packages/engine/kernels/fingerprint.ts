// What tells runs of bytes apart: twin of src/fingerprint.ts. Lanes are neighbouring words of a stripe.

const STRIPE: usize = 64;

// @ts-ignore: decorator
@inline
function mixed(state: v128, words: v128): v128 {
  const x = v128.xor(state, words);
  const turned = v128.or(i32x4.shl(x, 13), i32x4.shr_u(x, 19));
  return i32x4.mul(turned, i32x4.splat(<i32>0x9e3779b1));
}

/** @param state sixteen words */
export function mixStripes(bytes: usize, stripes: usize, state: usize): void {
  let first = v128.load(state);
  let second = v128.load(state, 16);
  let third = v128.load(state, 32);
  let fourth = v128.load(state, 48);
  for (const end = bytes + STRIPE * stripes; bytes < end; bytes += STRIPE) {
    first = mixed(first, v128.load(bytes));
    second = mixed(second, v128.load(bytes, 16));
    third = mixed(third, v128.load(bytes, 32));
    fourth = mixed(fourth, v128.load(bytes, 48));
  }
  v128.store(state, first);
  v128.store(state, second, 16);
  v128.store(state, third, 32);
  v128.store(state, fourth, 48);
}
