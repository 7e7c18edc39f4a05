// What is broken and can be mended without a matter of taste. Each repair needs its evidence.
import type { Analysis } from '../analysis.ts';
import type { Stage } from '../plan.ts';

/** −54 dB of full scale: a constant offset that costs headroom and clicks at edits. */
const DC_THRESHOLD = 0.002;
const DC_CUTOFF_HZ = 4;

/** The repairs there is evidence for, in the order they run. */
export const repairStages = (analysis: Analysis): Stage[] => [dcStage(analysis)].filter((stage) => stage !== null);

const dcStage = ({ defects }: Analysis): Stage | null => {
  const worst = Math.max(0, ...defects.dcOffset.map(Math.abs));
  if (worst < DC_THRESHOLD) return null;
  const reason = `A constant offset of ${(100 * worst).toFixed(1)} % of full scale takes headroom away; it is removed.`;
  return { stage: 'dc', bypassed: false, reason, cutoffHz: DC_CUTOFF_HZ };
};
