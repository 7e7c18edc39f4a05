// What finished music is like: 480 excerpts of 30 s from the game soundtracks that Debian packages. Written by
// scripts/measure-tolerance.ts, which says how; not to be edited by hand.

/** Percentiles over all pieces. */
export const usualFigures = {
  plrDb: { p2: 8.8, p5: 9.2, p10: 10.1, p50: 13.4, p90: 16.7, p95: 18.3, p98: 19.4 },
  loudnessRangeLu: { p2: 0.8, p5: 1, p10: 1.2, p50: 3.1, p90: 8.1, p95: 10.2, p98: 13.4 },
  sideToMidDb: { p2: -22.6, p5: -18, p10: -14.4, p50: -6.3, p90: -1.3, p95: -0.4, p98: 0.4 },
  panningReachDb: { p2: -6.3, p5: -1.8, p10: 2.8, p50: 8.3, p90: 12.3, p95: 12.3, p98: 13.3 },
} as const;

/** Levels of third-octaves less their mean, in dB: `level + slope · (acoustic − ½)`, see analyse/kind.ts. */
// biome-ignore format: a table
export const usualBands = [
  { centreHz: 50, levelDb: 0.04, slopeDb: -14.76, spreadDb: 8.85 },
  { centreHz: 63, levelDb: 3.14, slopeDb: -10.49, spreadDb: 7.43 },
  { centreHz: 80, levelDb: 5.28, slopeDb: -5.41, spreadDb: 6.02 },
  { centreHz: 100, levelDb: 7.24, slopeDb: -0.47, spreadDb: 5.07 },
  { centreHz: 125, levelDb: 6.26, slopeDb: -0.37, spreadDb: 4.31 },
  { centreHz: 160, levelDb: 6.75, slopeDb: 2.64, spreadDb: 4.46 },
  { centreHz: 200, levelDb: 7.4, slopeDb: 5.19, spreadDb: 3.84 },
  { centreHz: 250, levelDb: 6.44, slopeDb: 6.05, spreadDb: 3.99 },
  { centreHz: 315, levelDb: 7.46, slopeDb: 9.33, spreadDb: 4.11 },
  { centreHz: 400, levelDb: 7.21, slopeDb: 11.15, spreadDb: 3.81 },
  { centreHz: 500, levelDb: 6.57, slopeDb: 10.45, spreadDb: 4.1 },
  { centreHz: 630, levelDb: 5.87, slopeDb: 11.43, spreadDb: 3.99 },
  { centreHz: 800, levelDb: 5.32, slopeDb: 10.28, spreadDb: 4.35 },
  { centreHz: 1000, levelDb: 3.55, slopeDb: 10, spreadDb: 4.23 },
  { centreHz: 1250, levelDb: 2.98, slopeDb: 9.33, spreadDb: 3.92 },
  { centreHz: 1600, levelDb: 1.51, slopeDb: 7.79, spreadDb: 4.13 },
  { centreHz: 2000, levelDb: -0.37, slopeDb: 5.33, spreadDb: 3.88 },
  { centreHz: 2500, levelDb: -2.02, slopeDb: 4.09, spreadDb: 3.88 },
  { centreHz: 3150, levelDb: -4.33, slopeDb: 1.31, spreadDb: 3.87 },
  { centreHz: 4000, levelDb: -6.38, slopeDb: -3.19, spreadDb: 3.65 },
  { centreHz: 5000, levelDb: -9.08, slopeDb: -8.45, spreadDb: 3.55 },
  { centreHz: 6300, levelDb: -10.92, slopeDb: -12.34, spreadDb: 4.08 },
  { centreHz: 8000, levelDb: -13.47, slopeDb: -15.49, spreadDb: 5.01 },
  { centreHz: 10000, levelDb: -15.58, slopeDb: -16.5, spreadDb: 5.09 },
  { centreHz: 12500, levelDb: -18.32, slopeDb: -16.9, spreadDb: 6.87 },
] as const;

/** How pieces stray from that together, in dB²: the lower half of the covariance of the bands. */
// biome-ignore format: a table
export const usualCovariance: readonly (readonly number[])[] = [
  [100.81],
  [66.82, 70.92],
  [37.19, 39.27, 53.8],
  [20.42, 21.27, 25.07, 35.27],
  [8.55, 12.4, 13.15, 17.15, 25.73],
  [5.8, 3.69, 9.84, 10.03, 13.68, 25.23],
  [2.14, 2.52, 2.14, 8.71, 7.69, 13.36, 20.67],
  [-1.61, 0.11, 2.62, 3.67, 5.22, 9.05, 11.76, 19.74],
  [-6.36, -5.39, -2.75, -0.86, 2.24, 8.33, 8.91, 10.57, 17.86],
  [-5.55, -5.05, -5.25, -1.03, -1.03, 3.76, 6.49, 8.54, 10.41, 18.7],
  [-8.75, -9.12, -7.81, -4.69, -1.26, 0.47, 1.98, 6.63, 8.18, 11.69, 19.09],
  [-8.98, -11, -11.6, -7.32, -3.43, 1.21, 2.04, 2.2, 8.2, 7.73, 10.83, 18.42],
  [-9.25, -10.62, -12.15, -7.96, -4.77, -2.01, -0.3, 0.74, 3.9, 5.44, 7.92, 11.98, 18.87],
  [-13.18, -13.65, -11.95, -8.73, -5.26, -4.65, -3.59, -1.01, 1.18, 3.03, 7.22, 7.47, 11.92, 19.1],
  [-14.82, -12.99, -11.67, -8.68, -6.13, -6.53, -6.14, -4.45, -1.04, -0.05, 2.13, 5.94, 8.33, 12.09, 18.73],
  [-16.32, -14.27, -10.58, -8.74, -7, -8.03, -8.06, -5.01, -3, -1.11, 1.95, 3.18, 5.71, 8.91, 13.28, 18.63],
  [-16.64, -13.61, -9.32, -7.31, -7.01, -8.02, -7.25, -6.46, -4.86, -3.34, -1.3, -0.78, 1.37, 5.6, 7.89, 11.36, 17.25],
  [-15.53, -12.57, -9.88, -8.45, -7.39, -9.17, -8.2, -7.48, -5.8, -4.75, -3.35, -2.27, 0.81, 3.59, 6.15, 9.13, 13.49, 17.52],
  [-20.16, -16.15, -12.63, -10.82, -7.94, -10.54, -9.52, -8.05, -6.68, -5, -3, -2.56, 0.06, 3.2, 5.91, 8.92, 12.59, 15.26, 19.52],
  [-18.55, -15.31, -12.15, -10.25, -7.65, -9.59, -7.65, -7.89, -6.42, -6, -5.03, -3.85, -2.24, -0.38, 2.17, 5.04, 8.67, 11.7, 15.39, 18.25],
  [-17.67, -14.6, -12.01, -9.7, -7.34, -8.71, -6.64, -7.65, -6.47, -6.69, -6.2, -5.24, -3.77, -1.96, 0.65, 2.85, 6.44, 9.16, 12.16, 15.44, 18.25],
  [-15.39, -14.25, -12.67, -10.87, -7.7, -8.27, -6.73, -7.36, -6.6, -7.29, -6.52, -5.34, -4.24, -3, -1.19, 0.46, 2.97, 5.81, 8.69, 13.06, 16, 20.55],
  [-18.76, -15.43, -11.36, -11.38, -7.86, -8.64, -7.74, -7.08, -6.94, -7.83, -5.87, -5.85, -5.6, -3.18, -1.61, -0.17, 1.4, 3.8, 7.15, 10.68, 13.72, 18.13, 25.05],
  [-18.95, -16.98, -14.56, -12.1, -10.04, -8.53, -6.99, -6.53, -6.37, -6.41, -5.33, -3.74, -4.22, -3.88, -2.46, -2.16, -1.07, 0.38, 3.65, 8.14, 11.8, 17.86, 23, 31.65],
  [-15.35, -16.08, -15.53, -12.25, -12.08, -10.57, -8.8, -8.04, -7.01, -6.04, -4.77, -3.65, -4.57, -4.22, -2.61, -2.61, -1.19, -1.32, 1.07, 4.63, 8.45, 14.39, 20.93, 32.48, 50.78],
];
