// The master as a record: its loudness wound once around the label, the range of its moments as the width of the groove.
import type { MasterReport } from '@lathe/contracts';
import { clamp } from './chart.ts';

/** Paths within a square of 200 by 200 around its middle. */
export type Disc = { grooves: number[]; range: string; groove: string; labelRadius: number; holeRadius: number };

const middle = 100;
const innerRadius = 42;
const outerRadius = 92;
const grooveCount = 7;
const turns = 360;
/** Between the inner and the outer edge of what is cut. */
const spanLu = 24;

/** `null` where there is nothing to cut. */
export function discOf({ courses = [], before }: MasterReport): Disc | null {
  const course = before.loudness.integratedLufs === null ? undefined : courses[0];
  const loudest = Math.max(...(course?.loudness.momentary.maxLufs ?? []).map((level) => level ?? -Infinity));
  if (!course || !Number.isFinite(loudest)) return null;
  const { momentary, shortTerm } = course.loudness;
  const round = (lufs: readonly (number | null)[]): string[] => wound(lufs, loudest);
  return {
    grooves: Array.from({ length: grooveCount }, (_, k) => 40 + (k * (outerRadius + 4 - 40)) / (grooveCount - 1)),
    range: `M${round(momentary.maxLufs).join('L')}ZM${round(momentary.minLufs).toReversed().join('L')}Z`,
    groove: shortTerm.lufs.length > 1 ? `M${round(shortTerm.lufs).join('L')}` : '',
    labelRadius: 30,
    holeRadius: 3,
  };
}

/** Once around, from the top, clockwise. */
function wound(lufs: readonly (number | null)[], loudest: number): string[] {
  return Array.from({ length: turns + 1 }, (_, degree) => {
    const level = lufs[Math.min(lufs.length - 1, Math.floor((degree * lufs.length) / turns))] ?? -Infinity;
    const height = clamp(1 - (loudest - level) / spanLu, 0, 1);
    const radius = innerRadius + height * (outerRadius - innerRadius);
    const angle = ((degree - 90) * Math.PI) / 180;
    return `${tenths(middle + radius * Math.cos(angle))} ${tenths(middle + radius * Math.sin(angle))}`;
  });
}

const tenths = (value: number): string => String(Math.round(value * 10) / 10);
