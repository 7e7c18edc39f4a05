import type { MasterReport, Stage } from '@lathe/contracts';
import { hertz, quantity, short, signed } from './figures.ts';
import { stageName } from './words.ts';

/** One stage of the work: what was done, with which figures, and why. */
export type Move = {
  name: string;
  leftAlone: boolean;
  reason: string;
  /** Its parameters, as an engineer would say them. */
  figures: string[];
  /** Of the equaliser: each band and its own reason. */
  bands: { what: string; reason: string }[];
};

export const movesOf = ({ plan }: MasterReport): Move[] =>
  plan.stages.map((stage) => ({
    name: stageName(stage),
    leftAlone: stage.bypassed,
    reason: stage.reason,
    figures: stage.bypassed ? [] : figuresOf(stage),
    bands: stage.stage === 'equalise' && !stage.bypassed ? stage.bands.map(bandOf) : [],
  }));

const bandPlaces = { bell: 'around', 'low-shelf': 'below', 'high-shelf': 'above' } as const;

const bandOf = ({ gainDb, kind, frequencyHz, q, reason }: Extract<Stage, { stage: 'equalise' }>['bands'][number]) => ({
  what: `${signed(gainDb, 'dB')} ${bandPlaces[kind]} ${hertz(frequencyHz)}, Q ${short(q)}`,
  reason,
});

const peaks = (count: number, thing: string): string => `${count} ${count === 1 ? thing : `${thing}s`}`;
const level = (value: number): string => quantity(value, 'dBFS');

function figuresOf(stage: Stage): string[] {
  switch (stage.stage) {
    case 'trim':
      return [
        ...(stage.headSeconds > 0 ? [`${quantity(stage.headSeconds, 's', 2)} cut at the start`] : []),
        ...(stage.tailSeconds > 0 ? [`${quantity(stage.tailSeconds, 's', 2)} cut at the end`] : []),
      ];
    case 'declip':
      return [`${peaks(stage.clippedPeaks, 'peak')} rounded again`];
    case 'declick':
      return [`${peaks(stage.clicks, 'click')} mended`];
    case 'dc':
      return [`high-pass at ${hertz(stage.cutoffHz)}`];
    case 'balance':
      return [`left ${signed(stage.leftGainDb, 'dB', 2)}`, `right ${signed(stage.rightGainDb, 'dB', 2)}`];
    case 'dehum':
      return [
        `${peaks(stage.lines.length, 'line')} of ${hertz(stage.mainsHz)}`,
        `${level(stage.humBeforeDbfs)} before, ${level(stage.humAfterDbfs)} after`,
      ];
    case 'denoise':
      return [
        `down by up to ${quantity(stage.maxReductionDb, 'dB')}`,
        `${level(stage.noiseBeforeDbfs)} before, ${level(stage.noiseAfterDbfs)} after`,
      ];
    case 'low-end':
      return lowEndFigures(stage);
    case 'equalise':
      return [`${stage.phase} phase`];
    case 'compress':
      return stage.bands.map((band, k) => `${rangeOf(stage.crossoversHz, k)}: ${compressorFigures(band)}`);
    case 'width':
      return stage.widths.map((width, k) => `${rangeOf(stage.crossoversHz, k)}: × ${short(width)}`);
  }
}

function lowEndFigures({ highPassHz, turnBack, monoBelowHz }: Extract<Stage, { stage: 'low-end' }>): string[] {
  return [
    ...(highPassHz === null ? [] : [`high-pass at ${hertz(highPassHz)}`]),
    ...(turnBack === null ? [] : [`${turnBack.channel} turned back below ${hertz(turnBack.belowHz)}`]),
    ...(monoBelowHz === null ? [] : [`mono below ${hertz(monoBelowHz)}`]),
  ];
}

type CompressorBand = Extract<Stage, { stage: 'compress' }>['bands'][number];

const compressorFigures = ({ thresholdDb, ratio, kneeDb, attackMs, releaseMs }: CompressorBand): string =>
  [
    `${short(ratio)} : 1 from ${quantity(thresholdDb, 'dB')}`,
    `knee ${quantity(kneeDb, 'dB', 0)}`,
    `attack ${quantity(attackMs, 'ms', 0)}`,
    `release ${quantity(releaseMs, 'ms', 0)}`,
  ].join(', ');

/** What lies between two crossovers. */
function rangeOf(crossoversHz: readonly number[], band: number): string {
  const [from, to] = [crossoversHz[band - 1], crossoversHz[band]];
  if (from === undefined) return to === undefined ? 'the whole' : `below ${hertz(to)}`;
  return to === undefined ? `above ${hertz(from)}` : `${hertz(from)} … ${hertz(to)}`;
}
