// Least squares: the gains of all zones together whose summed response comes nearest to a wanted curve.
//   minimise Σ_f (Σ_k g_k·r_k(f) − wanted(f))² + λ Σ_k g_k²,   r_k(f): response in dB of zone k at 1 dB of gain
// For gains of a few dB the response of a filter in dB is proportional to its gain, so one linear solution is enough.
// Source: normal equations with Tikhonov regularisation, solved by Gaussian elimination (they are positive definite).
import { prototypeDbAt } from '../dsp/eq-design.ts';
import type { Zone } from './zones.ts';

/** Keeps neighbouring zones from working against each other. */
const REGULARISATION = 0.5;

export type WantedPoint = { centreHz: number; changeDb: number };

/** Gains in dB, one per zone. */
export const fitZones = (zones: readonly Zone[], wanted: readonly WantedPoint[]): number[] => {
  const responses = zones.map((zone) => wanted.map(({ centreHz }) => prototypeDbAt({ ...zone, gainDb: 1 }, centreHz)));
  const matrix = responses.map((row, k) =>
    responses.map((other, j) => dot(row, other) + (k === j ? REGULARISATION : 0)),
  );
  const changes = wanted.map(({ changeDb }) => changeDb);
  return solve(
    matrix,
    responses.map((row) => dot(row, changes)),
  );
};

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, value, i) => sum + value * b[i], 0);

const solve = (matrix: number[][], values: number[]): number[] => {
  const rows = matrix.map((row, k) => [...row, values[k]]);
  for (let k = 0; k < rows.length; k++) {
    for (let j = k + 1; j < rows.length; j++) {
      const factor = rows[j][k] / rows[k][k];
      rows[j] = rows[j].map((value, i) => value - factor * rows[k][i]);
    }
  }
  const solution = values.map(() => 0);
  for (let k = rows.length - 1; k >= 0; k--) {
    const known = solution.reduce((sum, value, i) => sum + (i > k ? rows[k][i] * value : 0), 0);
    solution[k] = (rows[k][rows.length] - known) / rows[k][k];
  }
  return solution;
};
