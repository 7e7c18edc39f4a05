import type { Tone } from './words.ts';

export type Sign = Tone | 'info';

/** Drawn within 20 by 20. */
export const signs: Record<Sign, string> = {
  good: 'M4.5 10.5 8 14 15.5 6',
  note: 'M10 5V11M10 14.5V14.51',
  bad: 'M5.5 5.5 14.5 14.5M14.5 5.5 5.5 14.5',
  info: 'M7 10H13',
};

/** Within 32 by 32; the last stroke is the cut. */
export const logoStrokes = ['M16 3.5A12.5 12.5 0 1 0 28.5 16', 'M16 9.5a6.5 6.5 0 1 0 6.5 6.5', 'M16 16 27 5'] as const;
