import type { Role } from './chart.ts';
import type { Tone } from './words.ts';

type Stroke = { colour: string; opacity?: number; width?: number; dash?: number };
export type Ink = Record<'ink' | 'soft' | 'line' | 'cut', string> &
  Record<Tone, string> & { marks: Record<Role, Stroke> };

/** The colours of day, on white paper. */
export const paperInk: Ink = {
  ink: '#1b211e',
  soft: '#545e58',
  line: '#cdd3cc',
  cut: '#ad4f18',
  good: '#2c6e4a',
  note: '#855400',
  bad: '#a52f23',
  marks: {
    mix: { colour: '#66716b', width: 0.9 },
    master: { colour: '#b4531b', width: 1.1 },
    range: { colour: '#b4531b', opacity: 0.18 },
    region: { colour: '#2c6e4a', opacity: 0.14 },
    target: { colour: '#545e58', width: 0.7, dash: 3 },
    deepest: { colour: '#b4531b', opacity: 0.3 },
    mean: { colour: '#b4531b' },
    grid: { colour: '#1b211e', opacity: 0.1, width: 0.5 },
    axis: { colour: '#1b211e', opacity: 0.45, width: 0.5 },
  },
};

/** And on the black of the sleeve. */
export const lacquerInk: Ink = {
  ...paperInk,
  ink: '#edf0ea',
  soft: '#a3ada6',
  line: '#39423d',
  cut: '#ec9a5f',
  good: '#8fd0a8',
  note: '#e2b45c',
  bad: '#f0897b',
  marks: {
    ...paperInk.marks,
    mix: { colour: '#a9b5ad', width: 0.9 },
    master: { colour: '#ec9a5f', width: 1.1 },
    grid: { colour: '#edf0ea', opacity: 0.1, width: 0.5 },
    axis: { colour: '#edf0ea', opacity: 0.45, width: 0.5 },
  },
};
