// Levels of the bands re full scale: the analysis gives them relative to the whole.
import type { Analysis } from '../analysis.ts';
import { dbFromPower, powerFromDb } from '../units.ts';

/** Mean power of both channels in dBFS, without their offsets. */
export const meanLevelDbfs = ({ loudness, dynamics, defects }: Analysis): number => {
  const power = powerFromDb((loudness.samplePeakDbfs ?? 0) - dynamics.crestFactorDb);
  const offset = defects.dcOffset.reduce((sum, each) => sum + each * each, 0) / Math.max(1, defects.dcOffset.length);
  return dbFromPower(power - Math.min(offset, power / 2));
};
