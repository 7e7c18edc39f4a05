// How loud a finished file is as it runs, short enough to draw and to send: at most 600 points, however long it lasts.
//   short-term  mean power of the windows of 3 s that fall to a point; their middles lie half a window after the start
//   momentary   least and greatest of the windows of 400 ms that fall to it: no peak is lost
// Units: K-weighted mean squares every 100 ms in; LUFS to a tenth out. Source: EBU Tech 3341.
import type { Level } from './analysis.ts';
import { lufsFromPower } from './units.ts';

const MOST_POINTS = 600;
const TENTH_SECONDS = 0.1;
/** Half of 3 s, and half of 400 ms. */
const SHORT_TERM_STARTS_SECONDS = 1.5;
const MOMENTARY_STARTS_SECONDS = 0.2;

/** Point k of a list stands for `startSeconds + k · stepSeconds`; `null` is digital silence. */
export type LoudnessCourse = {
  stepSeconds: number;
  shortTerm: { startSeconds: number; lufs: Level[] };
  momentary: { startSeconds: number; minLufs: Level[]; maxLufs: Level[] };
};

type Powers = { momentary: Float64Array; shortTerm: Float64Array };

/** The powers of the windows that end every 100 ms, from the first that is full. */
export const loudnessCourseOf = ({ momentary, shortTerm }: Powers): LoudnessCourse => {
  const tenths = Math.max(1, Math.ceil(momentary.length / MOST_POINTS));
  /** The middle of the windows that a point joins. */
  const startOf = (firstSeconds: number): number => rounded(firstSeconds + ((tenths - 1) * TENTH_SECONDS) / 2, 100);
  return {
    stepSeconds: rounded(tenths * TENTH_SECONDS, 10),
    shortTerm: { startSeconds: startOf(SHORT_TERM_STARTS_SECONDS), lufs: levelsOf(shortTerm, tenths, meanOf) },
    momentary: {
      startSeconds: startOf(MOMENTARY_STARTS_SECONDS),
      minLufs: levelsOf(momentary, tenths, (powers) => Math.min(...powers)),
      maxLufs: levelsOf(momentary, tenths, (powers) => Math.max(...powers)),
    },
  };
};

const levelsOf = (powers: Float64Array, tenths: number, joined: (powers: Float64Array) => number): Level[] =>
  Array.from({ length: Math.ceil(powers.length / tenths) }, (_, k) => {
    const level = lufsFromPower(joined(powers.subarray(k * tenths, (k + 1) * tenths)));
    return level === null ? null : rounded(level, 10);
  });

const meanOf = (powers: Float64Array): number => powers.reduce((sum, power) => sum + power, 0) / powers.length;

const rounded = (value: number, parts: number): number => Math.round(value * parts) / parts;
