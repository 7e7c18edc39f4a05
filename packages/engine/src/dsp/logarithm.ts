// Logarithm and power to base 2 that give the same bits on every machine: Math.log2 and Math.pow may differ between engines.
//   log2(m·2^e) = e + (2/ln 2)·(t + t³/3 + t⁵/5 + …), t = (m − 1)/(m + 1), m in 1/√2 … √2
//   2^y = 2^n · e^(f·ln 2), n = round(y), Taylor series of f in −½ … ½
// Source: Abramowitz & Stegun, 4.1.27 and 4.2.1. Absolute error of log2 below 3e-11, relative error of exp2 below 3e-10.

const words = new Int32Array(2);
const value = new Float64Array(words.buffer);
const HIGH = (() => {
  value[0] = 1;
  return words[1] === 0 ? 0 : 1;
})();
const EXPONENT_BIAS = 1023;

/** @param x positive and not subnormal */
export const log2 = (x: number): number => {
  value[0] = x;
  let exponent = (words[HIGH] >>> 20) - EXPONENT_BIAS;
  words[HIGH] = (words[HIGH] & 0xfffff) | (EXPONENT_BIAS << 20);
  let mantissa = value[0];
  if (mantissa > Math.SQRT2) {
    mantissa /= 2;
    exponent++;
  }
  const t = (mantissa - 1) / (mantissa + 1);
  const t2 = t * t;
  const series = 1 + t2 * (1 / 3 + t2 * (1 / 5 + t2 * (1 / 7 + t2 * (1 / 9 + t2 * (1 / 11)))));
  return exponent + (2 / Math.LN2) * t * series;
};

/** @param y −1000 … 1000 */
export const exp2 = (y: number): number => {
  const n = Math.round(y);
  const f = (y - n) * Math.LN2;
  const series =
    1 + f * (1 + (f / 2) * (1 + (f / 3) * (1 + (f / 4) * (1 + (f / 5) * (1 + (f / 6) * (1 + (f / 7) * (1 + f / 8)))))));
  words[HIGH] = (n + EXPONENT_BIAS) << 20;
  words[1 - HIGH] = 0;
  return value[0] * series;
};

const DB_PER_OCTAVE_OF_POWER = (10 * Math.LN2) / Math.LN10;
const OCTAVES_PER_DB_OF_GAIN = Math.LN10 / Math.LN2 / 20;

/** Level in dB of a positive power. */
export const dbOfPower = (power: number): number => DB_PER_OCTAVE_OF_POWER * log2(power);
/** Linear gain of a level in dB. */
export const gainOfDb = (db: number): number => exp2(OCTAVES_PER_DB_OF_GAIN * db);
