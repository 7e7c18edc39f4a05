// Broad equaliser moves as second-order sections that follow the analogue response up to the Nyquist frequency.
// Analogue prototypes (A = 10^(dB/40), s in units of the centre frequency):
//   bell        (s² + s·A/Q + 1) / (s² + s/(A·Q) + 1)
//   high shelf  A (A s² + s·√A/Q + 1) / (s² + s·√A/Q + A)
//   low shelf   A (s² + s·√A/Q + A) / (A s² + s·√A/Q + 1)
// Source: R. Bristow-Johnson, Audio EQ Cookbook (prototypes); M. Vicanek, "Matched Second Order Digital Filters", 2016:
// poles by impulse invariance, numerator so that the magnitude equals the prototype's at 0, at one middle frequency and
// at Nyquist. Frequencies in Hz, gains in dB. No latency, minimum phase. Within 0.5 dB of the prototype for Q ≤ 1, ±6 dB.
import type { EqBand } from '../plan.ts';
import { dbFromGain } from '../units.ts';
import { type AnalogueBiquad, type Biquad, magnitudeAt } from './biquad.ts';
import { quantiseCoefficient } from './quantise.ts';

/** What shapes a band; `Q` of a shelf is the steepness of its corner, 0.71 without overshoot. */
export type EqShape = Pick<EqBand, 'kind' | 'frequencyHz' | 'gainDb' | 'q'>;

/** A designed band: coefficients, and the response they promise. */
export type EqFilter = { readonly biquad: Biquad; magnitudeDbAt(frequencyHz: number): number };

/** Bands whose centre lies above this part of the sample rate are left out: there is hardly any signal left to shape. */
const HIGHEST_CENTRE = 0.45;

const prototypes: Record<EqShape['kind'], (A: number, Q: number) => AnalogueBiquad> = {
  bell: (A, Q) => ({ b2: 1, b1: A / Q, b0: 1, a2: 1, a1: 1 / (A * Q), a0: 1 }),
  'high-shelf': (A, Q) => {
    const slope = Math.sqrt(A) / Q;
    return { b2: A * A, b1: A * slope, b0: A, a2: 1, a1: slope, a0: A };
  },
  'low-shelf': (A, Q) => {
    const slope = Math.sqrt(A) / Q;
    return { b2: A, b1: A * slope, b0: A * A, a2: A, a1: slope, a0: 1 };
  },
};

const prototypeOf = (shape: EqShape): AnalogueBiquad =>
  prototypes[shape.kind](Math.exp((Math.LN10 * shape.gainDb) / 40), shape.q);

const powerAt = ({ b0, b1, b2, a0, a1, a2 }: AnalogueBiquad, s: number): number =>
  ((b0 - b2 * s * s) ** 2 + (b1 * s) ** 2) / ((a0 - a2 * s * s) ** 2 + (a1 * s) ** 2);

/** Response of the analogue prototype, which the digital filter follows at any sample rate. */
export const prototypeDbAt = (shape: EqShape, frequencyHz: number): number =>
  dbFromGain(Math.sqrt(powerAt(prototypeOf(shape), frequencyHz / shape.frequencyHz)));

/** The filter of one band; `null` where the sample rate leaves no room for it. */
export const designEqBand = (shape: EqShape, sampleRateHz: number): EqFilter | null => {
  if (shape.frequencyHz > HIGHEST_CENTRE * sampleRateHz) return null;
  const biquad = designBiquad(shape, (2 * Math.PI * shape.frequencyHz) / sampleRateHz);
  return {
    biquad,
    magnitudeDbAt: (frequencyHz) => dbFromGain(magnitudeAt(biquad, frequencyHz, sampleRateHz)),
  };
};

/** A cut is a boost turned upside down; the one of the two with the lower poles follows the prototype more closely. */
const designBiquad = (shape: EqShape, w0: number): Biquad => {
  const upsideDown = shape.kind === 'high-shelf' ? shape.gainDb > 0 : shape.gainDb < 0;
  const biquad = upsideDown
    ? reciprocal(matched(prototypeOf({ ...shape, gainDb: -shape.gainDb }), w0))
    : matched(prototypeOf(shape), w0);
  return {
    b0: quantiseCoefficient(biquad.b0),
    b1: quantiseCoefficient(biquad.b1),
    b2: quantiseCoefficient(biquad.b2),
    a1: quantiseCoefficient(biquad.a1),
    a2: quantiseCoefficient(biquad.a2),
  };
};

/** 1 / H, stable because every matched section is minimum phase. */
const reciprocal = ({ b0, b1, b2, a1, a2 }: Biquad): Biquad => ({
  b0: 1 / b0,
  b1: a1 / b0,
  b2: a2 / b0,
  a1: b1 / b0,
  a2: b2 / b0,
});

/** Poles of the prototype through z = e^s, Vicanek 2016 eq. 12; `w0` in radians per sample. */
const polesOf = ({ a0, a1, a2 }: AnalogueBiquad, w0: number): { a1: number; a2: number } => {
  const decay = ((a1 / a2) * w0) / 2;
  const radicand = (a0 / a2) * w0 * w0 - decay * decay;
  const turn = radicand >= 0 ? Math.cos(Math.sqrt(radicand)) : Math.cosh(Math.sqrt(-radicand));
  return { a1: -2 * Math.exp(-decay) * turn, a2: Math.exp(-2 * decay) };
};

/**
 * |B|² = B0 (1 − φ) + B1 φ + 4 B2 φ (1 − φ) with φ = sin²(w/2), Vicanek 2016 eq. 25–29; likewise |A|².
 * B0 and B1 are the powers at 0 and Nyquist; B2 follows from the power at the centre.
 */
const matched = (prototype: AnalogueBiquad, w0: number): Biquad => {
  const { a1, a2 } = polesOf(prototype, w0);
  const A0 = (1 + a1 + a2) ** 2;
  const A1 = (1 - a1 + a2) ** 2;
  const phi = Math.sin(w0 / 2) ** 2;
  const centrePower = powerAt(prototype, 1) * (A0 * (1 - phi) + A1 * phi - 16 * a2 * phi * (1 - phi));
  const B0 = A0 * powerAt(prototype, 0);
  const B1 = A1 * powerAt(prototype, Math.PI / w0);
  const B2 = (centrePower - B0 * (1 - phi) - B1 * phi) / (4 * phi * (1 - phi));
  const sum = (Math.sqrt(B0) + Math.sqrt(B1)) / 2;
  const b0 = (sum + Math.sqrt(Math.max(0, sum * sum + B2))) / 2;
  return { b0, b1: (Math.sqrt(B0) - Math.sqrt(B1)) / 2, b2: -B2 / (4 * b0), a1, a2 };
};
