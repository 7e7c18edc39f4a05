// Sine and cosine of a part of a turn that give the same bits on every machine, for tables of thousands of values, of which
// rounding alone (quantise.ts) would let one in ten thousand differ.
//   x = q/4 + r, |r| ≤ 1/8 (exact);  Taylor series of sin 2πr and cos 2πr;  q turns one into the other
// Source: Abramowitz & Stegun, 4.3.65 and 4.3.66. Absolute error below 3e-16 for |x| ≤ 1.

const SINE_TERMS = 8;
const COSINE_TERMS = 8;

const sineOf = (a: number): number => {
  let sum = 1;
  for (let k = SINE_TERMS; k > 0; k--) sum = 1 - ((a * a) / (2 * k * (2 * k + 1))) * sum;
  return a * sum;
};

const cosineOf = (a: number): number => {
  let sum = 1;
  for (let k = COSINE_TERMS; k > 0; k--) sum = 1 - ((a * a) / (2 * k * (2 * k - 1))) * sum;
  return sum;
};

/** sin 2πx */
export const sineOfTurns = (turns: number): number => {
  const quarters = Math.round(4 * turns);
  const angle = 2 * Math.PI * (turns - quarters / 4);
  const value = (quarters & 1) === 0 ? sineOf(angle) : cosineOf(angle);
  return (quarters & 2) === 0 ? value : -value;
};

/** cos 2πx */
export const cosineOfTurns = (turns: number): number => {
  const quarters = Math.round(4 * turns);
  const angle = 2 * Math.PI * (turns - quarters / 4);
  const value = (quarters & 1) === 0 ? cosineOf(angle) : -sineOf(angle);
  return (quarters & 2) === 0 ? value : -value;
};
