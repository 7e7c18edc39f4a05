// Regions of the spectrum, both channels and two splits side by side: twin of src/analyse/regions.ts. A frame is a pair of lanes.

/** Planes of four lanes in the state; of each but the last two there are two, for two splits each. */
const P: usize = 0;
const Q: usize = 32;
const R: usize = 64;
const S1: usize = 96;
const S2: usize = 128;
const HELD: usize = 160;
const ENERGY: usize = 192;
const PEAK: usize = 224;
const REST_ENERGY: usize = 256;
const REST_PEAK: usize = 272;

/**
 * Cuts off four regions and hears what is left. Each split takes up what the one below left of the frame before, so that none
 * waits for another.
 */
export function hearRegions(left: usize, right: usize, frames: usize, state: usize): void {
  const half = f32x4.splat(0.5);
  const root = f32x4.splat(0.70710677);
  let s = v128.load(state, S1);
  let s2 = v128.load(state, S2);
  let held = v128.load(state, HELD);
  let energy = v128.load(state, ENERGY);
  let peak = v128.load(state, PEAK);
  let upperS = v128.load(state, S1 + 16);
  let upperS2 = v128.load(state, S2 + 16);
  let upperHeld = v128.load(state, HELD + 16);
  let upperEnergy = v128.load(state, ENERGY + 16);
  let upperPeak = v128.load(state, PEAK + 16);
  let restEnergy = v128.load(state, REST_ENERGY);
  let restPeak = v128.load(state, REST_PEAK);
  for (const end = left + 8 * frames; left < end; left += 8, right += 8) {
    let square = f32x4.mul(upperHeld, upperHeld);
    restEnergy = f32x4.add(restEnergy, square);
    restPeak = f32x4.pmax(restPeak, square);

    let x = v128.shuffle<f32>(held, upperHeld, 2, 3, 4, 5);
    let rest = f32x4.sub(x, upperS2);
    let t = f32x4.add(f32x4.mul(v128.load(state, P + 16), upperS), f32x4.mul(v128.load(state, Q + 16), rest));
    let sum = f32x4.add(upperS2, f32x4.mul(v128.load(state, Q + 16), upperS));
    let t2 = f32x4.add(sum, f32x4.mul(v128.load(state, R + 16), rest));
    let low = f32x4.mul(half, f32x4.add(upperS2, t2));
    upperHeld = f32x4.sub(f32x4.sub(x, f32x4.mul(root, f32x4.add(upperS, t))), low);
    upperS = t;
    upperS2 = t2;
    square = f32x4.mul(low, low);
    upperEnergy = f32x4.add(upperEnergy, square);
    upperPeak = f32x4.pmax(upperPeak, square);

    const frame = f32x4.demote_f64x2_zero(v128.load64_lane(right, v128.load64_splat(left), 1));
    x = v128.shuffle<f32>(frame, held, 0, 1, 4, 5);
    rest = f32x4.sub(x, s2);
    t = f32x4.add(f32x4.mul(v128.load(state, P), s), f32x4.mul(v128.load(state, Q), rest));
    sum = f32x4.add(s2, f32x4.mul(v128.load(state, Q), s));
    t2 = f32x4.add(sum, f32x4.mul(v128.load(state, R), rest));
    low = f32x4.mul(half, f32x4.add(s2, t2));
    held = f32x4.sub(f32x4.sub(x, f32x4.mul(root, f32x4.add(s, t))), low);
    s = t;
    s2 = t2;
    square = f32x4.mul(low, low);
    energy = f32x4.add(energy, square);
    peak = f32x4.pmax(peak, square);
  }
  v128.store(state, s, S1);
  v128.store(state, s2, S2);
  v128.store(state, held, HELD);
  v128.store(state, energy, ENERGY);
  v128.store(state, peak, PEAK);
  v128.store(state, upperS, S1 + 16);
  v128.store(state, upperS2, S2 + 16);
  v128.store(state, upperHeld, HELD + 16);
  v128.store(state, upperEnergy, ENERGY + 16);
  v128.store(state, upperPeak, PEAK + 16);
  v128.store(state, restEnergy, REST_ENERGY);
  v128.store(state, restPeak, REST_PEAK);
}
