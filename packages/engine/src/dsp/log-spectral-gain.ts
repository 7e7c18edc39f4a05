// The gain that estimates the logarithm of a spectral amplitude in noise with the least mean square error:
//   G(ξ, γ) = ξ/(1 + ξ) · exp(½ E₁(v)),  v = ξγ/(1 + ξ)
// ξ: power of the signal above the noise, before; γ: power of what was heard above the noise.
// Source: Ephraim & Malah, "Speech enhancement using a minimum mean-square error log-spectral amplitude estimator", IEEE
// Trans. ASSP 33 (1985), eq. 20. E₁: Abramowitz & Stegun 5.1.11 (series) and 5.1.22 (continued fraction).
// √v · exp(½ E₁(v)) is smooth in √v: a table of it, rounded so that every engine has the same. Relative error below 5e-5.
import { quantiseCoefficient } from './quantise.ts';

const EULER = 0.5772156649015329;
const STEPS_PER_UNIT = 64;
/** exp(½ E₁(v)) is 1 within 6e-9 from √v = 4 on. */
const LARGEST_ROOT = 4;

const exponentialIntegral = (v: number): number => {
  if (v < 1) {
    let sum = -EULER - Math.log(v);
    for (let k = 1, term = -1; k < 30; k++) {
      term *= -v / k;
      sum += term / k;
    }
    return sum;
  }
  let fraction = 0;
  for (let k = 60; k > 0; k--) fraction = k / (1 + k / (v + fraction));
  return Math.exp(-v) / (v + fraction);
};

const table = Float64Array.from({ length: LARGEST_ROOT * STEPS_PER_UNIT + 2 }, (_, step) => {
  const root = step / STEPS_PER_UNIT;
  const value = step === 0 ? Math.exp(-EULER / 2) : root * Math.exp(exponentialIntegral(root * root) / 2);
  return quantiseCoefficient(value);
});

/** @param prior ξ, above 0 @param posterior γ, above 0 */
export const logSpectralGain = (prior: number, posterior: number): number => {
  const wiener = prior / (1 + prior);
  const root = Math.sqrt(wiener * posterior);
  if (root >= LARGEST_ROOT) return wiener;
  const at = root * STEPS_PER_UNIT;
  const step = Math.floor(at);
  const value = table[step] + (at - step) * (table[step + 1] - table[step]);
  return (wiener * value) / root;
};
