// The Kaiser window: w(x) = I0(β √(1 − x²)) / I0(β), x = −1 … 1. The same bits on every machine.
// Source: Kaiser, "Nonrecursive digital filter design using the I0-sinh window function", 1974; Abramowitz & Stegun, 9.6.10.

export const besselI0 = (x: number): number => {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) * (x / (2 * k));
    sum += term;
  }
  return sum;
};

/** Kaiser's rule: β for a stop band so deep. @param attenuationDb above 50 */
export const kaiserBeta = (attenuationDb: number): number => 0.1102 * (attenuationDb - 8.7);

/** Kaiser's rule: length in samples that so deep a stop band needs. @param transition width, as a part of the sample rate */
export const kaiserLength = (attenuationDb: number, transition: number): number =>
  (attenuationDb - 7.95) / (14.36 * transition);
