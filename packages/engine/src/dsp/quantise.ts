// Sine, exponential and logarithm may differ in their last bit between JavaScript engines. Whatever they yield is rounded
// to far fewer bits before a sample meets it, so that the same order gives the same bytes everywhere. That is enough for a few
// coefficients, of which one in ten thousand may lie on an edge; tables of thousands are made by trigonometry.ts.

/** Steps of 2⁻⁴⁰: −240 dB, far below any audible error and far above any difference between engines. */
const STEP = 2 ** 40;

/** A coefficient rounded so that every engine computes with the same one. */
export const quantiseCoefficient = (value: number): number => Math.round(value * STEP) / STEP;
