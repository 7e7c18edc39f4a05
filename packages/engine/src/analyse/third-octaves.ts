// Third-octave bands. Source: IEC 61260-1 (bands of base ten), ISO 266 (their nominal names).

// biome-ignore format: a table
const NOMINAL_CENTRES_HZ = [
  20, 25, 31.5, 40, 50, 63, 80, 100, 125, 160, 200, 250, 315, 400, 500, 630, 800,
  1000, 1250, 1600, 2000, 2500, 3150, 4000, 5000, 6300, 8000, 10000, 12500, 16000, 20000,
];
const FIRST_EXPONENT = 13;

export type ThirdOctave = { readonly centreHz: number; readonly fromHz: number; readonly toHz: number };

/** Every band from 20 Hz to 20 kHz whose centre lies below a frequency. */
export const thirdOctavesBelow = (limitHz: number): ThirdOctave[] =>
  NOMINAL_CENTRES_HZ.filter((centreHz) => centreHz < limitHz).map((centreHz, n) => ({
    centreHz,
    fromHz: 10 ** ((FIRST_EXPONENT + n - 0.5) / 10),
    toHz: 10 ** ((FIRST_EXPONENT + n + 0.5) / 10),
  }));
