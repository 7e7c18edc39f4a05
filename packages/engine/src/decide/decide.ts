// From what was heard and what is wanted to a plan. Less is more: nothing is done without evidence or without being asked.
import type { Analysis } from '../analysis.ts';
import type { Intent, MasteringPlan, Reference, Stage, StageGroup } from '../plan.ts';
import { compressStage } from './dynamics.ts';
import { lowEndStage, widthStage } from './image.ts';
import { lossOfHiss } from './noise.ts';
import { repairStages } from './repair.ts';
import { toneStage } from './tone.ts';
import { zoneIds, zones } from './zones.ts';

/** Decides what to do to a mix before the loudness stage. Pure: the same numbers give the same plan. */
export const decide = (analysis: Analysis, intent: Intent, references: readonly Reference[] = []): MasteringPlan => {
  const isOn = (group: StageGroup) => intent.amounts[group] > 0;
  const repairs = isOn('repair') ? repairStages(analysis, intent.style) : [];
  const stages = [
    ...repairs,
    isOn('repair') ? lowEndStage(analysis) : null,
    isOn('tone') ? toneStage(analysis, intent, { references, hissAt: lossOfHiss(analysis, repairs) }) : null,
    isOn('compression') ? compressStage(analysis, intent, references) : null,
    isOn('width') ? widthStage(analysis, intent, references) : null,
  ].filter((stage) => stage !== null);
  return { version: 1, summary: summaryOf(stages), stages };
};

const moveNames = {
  trim: 'silence cut',
  declip: 'cut peaks rebuilt',
  declick: 'clicks taken out',
  dc: 'constant offset removed',
  balance: 'channels brought level',
  dehum: 'hum taken out',
  denoise: 'hiss turned down',
  'low-end': 'lows put right',
  compress: 'peaks taken in',
  width: 'width corrected',
} as const;

const summaryOf = (stages: readonly Stage[]): string => {
  const moves = stages.flatMap((stage) => {
    if (stage.bypassed) return [];
    if (stage.stage !== 'equalise') return [moveNames[stage.stage]];
    return stage.bands.map(({ gainDb, frequencyHz }) => {
      const zone = zoneIds.find((id) => zones[id].frequencyHz === frequencyHz);
      return `${zone ? zones[zone].name : `${frequencyHz} Hz`} ${gainDb > 0 ? '+' : '−'}${Math.abs(gainDb).toFixed(1)} dB`;
    });
  });
  if (moves.length === 0) return 'Nothing needed but the level: the sound stays as it is.';
  return `${moves.length === 1 ? 'One move' : `${moves.length} moves`}: ${moves.join(', ')}.`;
};
