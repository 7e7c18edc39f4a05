// Dynamics: peaks that stand further above the loudness than in finished music are taken in gently, band by band.
// Music that is wide in its loudness range is so on purpose and gets none.
import type { Analysis } from '../analysis.ts';
import type { CompressorBand, Intent, Reference, Stage } from '../plan.ts';
import { dbFromPower, powerFromDb } from '../units.ts';
import { usualFigures } from './finished-music.ts';
import { meanLevelDbfs } from './levels.ts';
import { styles } from './styles.ts';
import { weightedMean } from './usual.ts';

const CROSSOVERS_HZ = [120, 800, 5000];
/** Slower in the lows, whose waves are long. */
const ATTACKS_MS = [40, 25, 15, 10];
const RELEASES_MS = [250, 180, 120, 90];
/** Thresholds lie this far above the mean level that a band's detector hears: only what stands out is taken in. */
const ABOVE_MEAN_DB = 3;
const KNEE_DB = 6;
/** Ratio 1.5 : 1 at intensity 50 and an excess of {@link FULL_EXCESS_DB}, less for less. */
const MOST_RATIO = 0.5;
const FULL_EXCESS_DB = 3;
const LEAST_RATIO = 0.05;
const NEAR_REFERENCE_DB = 1;

export const compressStage = (analysis: Analysis, intent: Intent, references: readonly Reference[]): Stage | null => {
  const { plrDb } = analysis.dynamics;
  const { compression } = styles[intent.style];
  if (plrDb === null || compression === null || analysis.tone.bands.length === 0) return null;
  if (analysis.loudness.loudnessRangeLu > usualFigures.loudnessRangeLu.p90) return null;
  const wanted = weightedMean(references, ({ dynamics }) => dynamics.plrDb);
  const most = wanted === null ? usualFigures.plrDb.p98 - compression.tighterDb : wanted + NEAR_REFERENCE_DB;
  const amount = (intent.intensity / 50) * (intent.amounts.compression / 100);
  const ratio = 1 + amount * MOST_RATIO * Math.min(1, Math.max(0, plrDb - most) / FULL_EXCESS_DB);
  if (ratio - 1 < LEAST_RATIO) return null;
  const rounded = Math.round(100 * ratio) / 100;
  const than = wanted === null ? 'usual' : 'in the reference';
  const reason = `The peaks stand ${plrDb.toFixed(1)} dB above the loudness, further than ${than} (${most.toFixed(1)} dB); what stands out is taken in at ${rounded} : 1.`;
  return {
    stage: 'compress',
    bypassed: false,
    reason,
    crossoversHz: CROSSOVERS_HZ,
    bands: bandsFor(analysis, rounded),
  };
};

/** |Lₖ − Lₖ₋₁|² of the compressor's bands (dsp/band-split.ts): a detector hears its neighbours, too. */
const heardIn = (band: number, hz: number): number => {
  const [below, above] = [CROSSOVERS_HZ[band - 1], CROSSOVERS_HZ[band]];
  const belowUpper = above === undefined ? 1 : 1 / (1 + (hz / above) ** 2);
  if (below === undefined) return belowUpper;
  const aboveLower = 1 / (1 + (below / hz) ** 2);
  return aboveLower * belowUpper * (above === undefined ? 1 : (1 - below / above) ** 2);
};

const bandsFor = (analysis: Analysis, ratio: number): CompressorBand[] => {
  const meanLevelDb = meanLevelDbfs(analysis);
  return ATTACKS_MS.map((attackMs, k) => {
    const share = analysis.tone.bands.reduce(
      (sum, { centreHz, levelDb }) => sum + heardIn(k, centreHz) * powerFromDb(levelDb),
      0,
    );
    const thresholdDb = meanLevelDb + dbFromPower(share) + ABOVE_MEAN_DB;
    const rounded = Math.round(10 * Math.max(-80, Math.min(0, thresholdDb))) / 10;
    return { thresholdDb: rounded, ratio, kneeDb: KNEE_DB, attackMs, releaseMs: RELEASES_MS[k] };
  });
};
