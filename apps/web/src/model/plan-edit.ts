import type { EqBand, MasteringPlan, Stage } from '@lathe/contracts';
import { formatNumber, hertz, signedDb, textOf } from './format.ts';

/** One number of a stage that can be changed: how far a single move goes. */
export type Knob = {
  name: string;
  value: number;
  range: { least: number; most: number; step: number };
  unit: 'dB' | '%' | ': 1';
  /** Why the engine set it so, where it says. */
  reason: string | null;
  /** Whether this move alone can be taken out of its stage. */
  canGo: boolean;
};

/** By place of the stage, or of stage and knob: a number, or false for what is switched off. */
export type Edits = Record<string, number | boolean>;
export const stageKey = (stage: number): string => `${stage}`;
export const knobKey = (stage: number, knob: number): string => `${stage}.${knob}`;
export const onKey = (stage: number, knob: number): string => `${stage}.${knob} on`;

const kinds = { bell: 'around', 'low-shelf': 'below', 'high-shelf': 'above' } as const;
/** As far as a master sensibly goes; what a plan has beyond stays within reach. */
const around = (value: number, most: number) => Math.max(most, Math.ceil(Math.abs(value)));

export function knobsOf(stage: Stage): Knob[] {
  switch (stage.stage) {
    case 'equalise':
      return stage.bands.map(({ kind, frequencyHz, gainDb, reason }) => ({
        name: `${kinds[kind]} ${textOf(hertz(frequencyHz))}`,
        ...{ value: gainDb, unit: 'dB', reason, canGo: true },
        range: { least: -around(gainDb, 6), most: around(gainDb, 6), step: 0.1 },
      }));
    case 'compress':
      return stage.bands.map(({ ratio }, k) => ({
        name: `Ratio${rangeOf(stage.crossoversHz, k)}`,
        ...{ value: ratio, unit: ': 1', reason: null, canGo: false },
        range: { least: 1, most: around(ratio, 4), step: 0.05 },
      }));
    case 'width':
      return stage.widths.map((width, k) => ({
        name: `Width${rangeOf(stage.crossoversHz, k)}`,
        ...{ value: Math.round(width * 100), unit: '%', reason: null, canGo: false },
        range: { least: 0, most: 200, step: 1 },
      }));
    case 'denoise':
      return [
        {
          ...{ name: 'at most', value: stage.maxReductionDb, unit: 'dB', reason: null, canGo: false },
          range: { least: 0, most: around(stage.maxReductionDb, 12), step: 0.5 },
        },
      ];
    default:
      return [];
  }
}

/** `below 120 Hz`, `120 Hz to 2 kHz`, `above 2 kHz`; nothing where there is one band only. */
function rangeOf(crossoversHz: readonly number[], band: number): string {
  const [low, high] = [crossoversHz[band - 1], crossoversHz[band]].map((hz) =>
    hz === undefined ? null : textOf(hertz(hz)),
  );
  if (low && high) return ` ${low} to ${high}`;
  return low ? ` above ${low}` : high ? ` below ${high}` : '';
}

export function knobWords(value: number, unit: Knob['unit']): string {
  if (unit === 'dB') return textOf(signedDb(value));
  return unit === '%' ? `${formatNumber(value, 0)}\u00a0%` : `${formatNumber(value, 2)} : 1`;
}

const byHand = { plan: 'Changed by hand. ', off: 'Switched off by hand. ' } as const;

/**
 * The plan as it is to be rendered: moves that were switched off are gone, and a stage without any is bypassed. What was
 * changed by hand says so, before the reason the engine had.
 */
export function editedPlan(plan: MasteringPlan, edits: Edits): MasteringPlan {
  const stages = plan.stages.map((stage, place) => told(stage, editedStage(stage, place, edits)));
  const isSame = JSON.stringify(stages) === JSON.stringify(plan.stages);
  return isSame ? plan : { ...plan, summary: prefixed(byHand.plan, plan.summary), stages };
}

const prefixed = (prefix: string, text: string): string => prefix + unprefixed(text);
const unprefixed = (text: string): string =>
  Object.values(byHand).reduce((rest, prefix) => (rest.startsWith(prefix) ? rest.slice(prefix.length) : rest), text);

function told(before: Stage, after: Stage): Stage {
  if (JSON.stringify(before) === JSON.stringify(after)) return before;
  if (after.bypassed) return { ...after, reason: prefixed(byHand.off, after.reason) };
  const onAgain = before.bypassed && before.reason.startsWith(byHand.off);
  return { ...after, reason: onAgain ? unprefixed(before.reason) : prefixed(byHand.plan, after.reason) };
}

function editedBand(band: EqBand, gainDb: number): EqBand {
  if (gainDb === band.gainDb) return band;
  const reason = band.reason.replace(/^By hand, not [^:]*: /, '');
  return { ...band, gainDb, reason: `By hand, not ${textOf(signedDb(band.gainDb))}: ${reason}` };
}

function editedStage(stage: Stage, place: number, edits: Edits): Stage {
  const bypassed = (edits[stageKey(place)] ?? !stage.bypassed) === false;
  const isLeft = (_: unknown, knob: number) => edits[onKey(place, knob)] !== false;
  const value = (knob: number, before: number) => {
    const now = edits[knobKey(place, knob)];
    return typeof now === 'number' ? now : before;
  };
  switch (stage.stage) {
    case 'equalise': {
      const bands = stage.bands.map((band, k) => editedBand(band, value(k, band.gainDb))).filter(isLeft);
      return { ...stage, bands, bypassed: bypassed || bands.length === 0 };
    }
    case 'compress':
      return { ...stage, bypassed, bands: stage.bands.map((band, k) => ({ ...band, ratio: value(k, band.ratio) })) };
    case 'width': {
      const edited = (width: number, k: number) => {
        const percent = edits[knobKey(place, k)];
        return typeof percent === 'number' ? percent / 100 : width;
      };
      return { ...stage, bypassed, widths: stage.widths.map(edited) };
    }
    case 'denoise':
      return { ...stage, bypassed, maxReductionDb: value(0, stage.maxReductionDb) };
    default:
      return { ...stage, bypassed };
  }
}

export const isChanged = (plan: MasteringPlan, edits: Edits): boolean => editedPlan(plan, edits) !== plan;

/** One thing that is otherwise than before. */
export type Change = { stage: Stage['stage']; name: string; before: string; after: string };

/** What an edited plan does otherwise, in the order of its stages. */
export function changesBetween(before: MasteringPlan, after: MasteringPlan): Change[] {
  return before.stages.flatMap((stage, place) => {
    const now = after.stages[place];
    return now?.stage === stage.stage ? stageChanges(stage, now) : [];
  });
}

function stageChanges(before: Stage, after: Stage): Change[] {
  const { stage } = before;
  if (before.bypassed && after.bypassed) return [];
  if (before.bypassed !== after.bypassed) {
    const words = (bypassed: boolean) => (bypassed ? 'off' : 'on');
    return [{ stage, name: '', before: words(before.bypassed), after: words(after.bypassed) }];
  }
  const now = knobsOf(after);
  return knobsOf(before).flatMap(({ name, value, unit, canGo }, k) => {
    const same = canGo ? now.find((knob) => knob.name === name) : now[k];
    if (same?.value === value) return [];
    return [{ stage, name, before: knobWords(value, unit), after: same ? knobWords(same.value, unit) : 'off' }];
  });
}
