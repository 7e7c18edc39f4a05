import type { Progress, Stage } from './task.ts';

type Part = { stage: Stage; from: number; to: number };

/** Shares of the time a four-minute song takes, roughly. */
export const parts = {
  analysing: { stage: 'analysing', from: 0, to: 0.15 },
  tone: { stage: 'rendering', from: 0.15, to: 0.25 },
  solving: { stage: 'rendering', from: 0.25, to: 0.35 },
  rendering: { stage: 'rendering', from: 0.35, to: 0.7 },
  verifying: { stage: 'verifying', from: 0.7, to: 1 },
} as const satisfies Record<string, Part>;

/** Gives the progress callback of one part, or of the `index`-th of `count` equal pieces of it. */
export type Tell = (part: keyof typeof parts, index?: number, count?: number) => (fraction: number) => void;

/** Progress of the whole that never goes back. */
export function createTeller(onProgress: (progress: Progress) => void): Tell {
  let reached = 0;
  return (part, index = 0, count = 1) => {
    const { stage, from, to } = parts[part];
    return (fraction) => {
      reached = Math.max(reached, from + ((to - from) * (index + Math.min(1, fraction))) / count);
      onProgress({ stage, fraction: reached });
    };
  };
}
