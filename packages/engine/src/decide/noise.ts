// What sounds all the time and is no music: hum is taken out wherever it is found, since a sine that never stops is nobody's
// intention; what is so far below the music that nobody can hear it is left alone.
import type { Analysis } from '../analysis.ts';
import type { Stage } from '../plan.ts';
import { dbFromPower, powerFromDb } from '../units.ts';

/** Below the loudness of the programme. */
const INAUDIBLE_HUM_LU = -46;
/** What is left of hum lies this far above what the analysis says of the error (docs/dsp/dehum.md): lines that it missed. */
const LEFT_ABOVE_ERROR_DB = 9;
const LEAST_REDUCTION_DB = 6;
const MOST_REDUCTION_DB = 20;

const tenths = (value: number): number => Math.round(10 * value) / 10;

export const dehumStage = ({ noise: { hum }, loudness: { integratedLufs } }: Analysis): Stage | null => {
  if (hum === null || integratedLufs === null) return null;
  if (hum.levelDbfs - integratedLufs < INAUDIBLE_HUM_LU) return null;
  const errorDbfs = dbFromPower(hum.lines.reduce((sum, line) => sum + powerFromDb(line.errorDbfs), 0));
  const expectedDb = hum.levelDbfs - errorDbfs - LEFT_ABOVE_ERROR_DB;
  const reductionDb = tenths(Math.max(LEAST_REDUCTION_DB, Math.min(MOST_REDUCTION_DB, expectedDb)));
  const humBeforeDbfs = tenths(hum.levelDbfs);
  const lines = hum.lines.map(({ harmonic, levelDbfs }) => ({ harmonic, levelDbfs: tenths(levelDbfs) }));
  const below = (integratedLufs - hum.levelDbfs).toFixed(0);
  const reason = `Mains hum at ${hum.mainsHz.toFixed(2)} Hz and ${lines.length - 1} of its multiples sounds all the time, ${below} dB below the music; each is followed and taken out, about ${reductionDb.toFixed(0)} dB of them. Notes nearby are not touched.`;
  return {
    stage: 'dehum',
    bypassed: false,
    reason,
    mainsHz: hum.mainsHz,
    lines,
    humBeforeDbfs,
    humAfterDbfs: tenths(humBeforeDbfs - reductionDb),
  };
};
