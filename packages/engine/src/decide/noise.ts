// What sounds all the time and is no music: hum is taken out wherever it is found, since a sine that never stops is nobody's
// intention; hiss is turned down where no music covers it. What is so far below the music that nobody can hear it is left alone.
import type { Analysis } from '../analysis.ts';
import type { Stage, StyleId } from '../plan.ts';
import { dbFromPower, powerFromDb } from '../units.ts';
import { meanLevelDbfs } from './levels.ts';

/** Below the loudness of the programme. */
const INAUDIBLE_HUM_LU = -46;
/** Odd multiples alone may be an instrument: of finished music one piece has such, 40 dB below its loudness. */
const INAUDIBLE_WITHOUT_FUNDAMENTAL_LU = -38;
/** What is left of hum lies this far above what the analysis says of the error (docs/dsp/dehum.md): lines that it missed. */
const LEFT_ABOVE_ERROR_DB = 9;
const LEAST_REDUCTION_DB = 6;
const MOST_REDUCTION_DB = 20;

const tenths = (value: number): number => Math.round(10 * value) / 10;

export const dehumStage = ({ noise: { hum }, loudness: { integratedLufs } }: Analysis): Stage | null => {
  if (hum === null || integratedLufs === null) return null;
  const hasFundamental = hum.lines.some(({ harmonic }) => harmonic === 1);
  const inaudibleLu = hasFundamental ? INAUDIBLE_HUM_LU : INAUDIBLE_WITHOUT_FUNDAMENTAL_LU;
  if (hum.levelDbfs - integratedLufs < inaudibleLu) return null;
  const errorDbfs = dbFromPower(hum.lines.reduce((sum, line) => sum + powerFromDb(line.errorDbfs), 0));
  const expectedDb = hum.levelDbfs - errorDbfs - LEFT_ABOVE_ERROR_DB;
  const reductionDb = tenths(Math.max(LEAST_REDUCTION_DB, Math.min(MOST_REDUCTION_DB, expectedDb)));
  const humBeforeDbfs = tenths(hum.levelDbfs);
  const lines = hum.lines.map(({ harmonic, levelDbfs }) => ({ harmonic, levelDbfs: tenths(levelDbfs) }));
  const below = (integratedLufs - hum.levelDbfs).toFixed(0);
  const reason = `Mains hum at ${hum.mainsHz.toFixed(2)} Hz and ${lines.length - 1} of its multiples sounds all the time, ${below} dB below the music; each is followed and taken down by about ${reductionDb.toFixed(0)} dB. Notes nearby are not touched.`;
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

/** Below the loudness of the programme. */
const INAUDIBLE_HISS_LU = -48;
/** Where a room belongs to the recording its air stays. */
const GENTLE_STYLES: readonly StyleId[] = ['acoustic', 'classical'];
const MOST_HISS_REDUCTION_DB = 14;
const GENTLE_HISS_REDUCTION_DB = 4;
/** Of the largest reduction, in noise that nothing covers (docs/dsp/denoise.md). */
const REACHED = 0.8;

const HALF_BAND = 10 ** 0.05;

/**
 * Hiss fills the top of a dull mix: turned down, it leaves it duller than it seemed. Whether the mix was dull nobody knows, so most
 * of what goes with the hiss is given back; less where less than a quarter of what is heard is music at all.
 */
const GIVEN_BACK = 0.7;
const LITTLE_MUSIC = 0.25;

/** What becomes of a third-octave when the hiss in it is turned down: by how much it sinks, and what of that the equaliser gives back. */
export type HissLoss = { lostDb: number; givenBackDb: number };
const NO_LOSS: HissLoss = { lostDb: 0, givenBackDb: 0 };

/** {@link HissLoss} of every band of the mix. */
export const lossOfHiss = (analysis: Analysis, stages: readonly Stage[]): ((centreHz: number) => HissLoss) => {
  const stage = stages.find((each) => each.stage === 'denoise');
  if (stage?.stage !== 'denoise') return () => NO_LOSS;
  const meanDbfs = meanLevelDbfs(analysis);
  const taken = 1 - powerFromDb(-REACHED * stage.maxReductionDb);
  return (hz) => {
    const hiss = stage.bands.find(({ centreHz }) => centreHz > hz / HALF_BAND && centreHz < hz * HALF_BAND);
    const band = analysis.tone.bands.find(({ centreHz }) => centreHz === hz);
    if (!hiss || !band) return NO_LOSS;
    const share = Math.min(1, powerFromDb(hiss.levelDbfs - band.levelDb - meanDbfs));
    const lostDb = -dbFromPower(1 - taken * share);
    return { lostDb, givenBackDb: GIVEN_BACK * lostDb * Math.min(1, (1 - share) / LITTLE_MUSIC) };
  };
};

export const denoiseStage = (analysis: Analysis, style: StyleId): Stage | null => {
  const { hiss } = analysis.noise;
  const { integratedLufs } = analysis.loudness;
  if (hiss === null || integratedLufs === null) return null;
  if (hiss.levelDbfs - integratedLufs < INAUDIBLE_HISS_LU) return null;
  const maxReductionDb = GENTLE_STYLES.includes(style) ? GENTLE_HISS_REDUCTION_DB : MOST_HISS_REDUCTION_DB;
  const noiseBeforeDbfs = tenths(hiss.levelDbfs);
  const reductionDb = REACHED * maxReductionDb;
  const reason = `In its quietest moments the mix holds steady hiss from ${hiss.heardFromHz} Hz to ${hiss.heardToHz} Hz, ${(integratedLufs - hiss.levelDbfs).toFixed(0)} dB below the music in all; where no music covers it, it is turned down by up to ${reductionDb.toFixed(0)} dB.`;
  return {
    stage: 'denoise',
    bypassed: false,
    reason,
    bands: hiss.bands.map(({ centreHz, levelDbfs }) => ({ centreHz, levelDbfs: tenths(levelDbfs) })),
    maxReductionDb,
    noiseBeforeDbfs,
    noiseAfterDbfs: tenths(noiseBeforeDbfs - reductionDb),
  };
};
