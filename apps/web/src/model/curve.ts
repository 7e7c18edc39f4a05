import type { Analysis } from '@lathe/contracts';

type Curve = Analysis['dynamics']['loudnessCurve'];

/** The loudest point touches the top; what is this much quieter lies at the foot. */
const spanLu = 24;

/** A line over the whole length of the song, as an SVG path; silence lies at the foot. Nothing for less than two points. */
export function curvePath({ lufs }: Curve, width: number, height: number): string {
  if (lufs.length < 2) return '';
  const loudest = loudestOf(lufs);
  const points = lufs.map((level, k) => {
    const below = level === null ? spanLu : Math.min(spanLu, loudest - level);
    return `${((k * width) / (lufs.length - 1)).toFixed(1)} ${((below * height) / spanLu).toFixed(1)}`;
  });
  return `M${points.join('L')}`;
}

/** Where a moment of the song lies on the width of the curve. */
export function curveX({ startSeconds, stepSeconds, lufs }: Curve, seconds: number, width: number): number {
  const last = Math.max(1, lufs.length - 1) * stepSeconds;
  return Math.max(0, Math.min(width, ((seconds - startSeconds) * width) / last));
}

const loudestOf = (lufs: Curve['lufs']): number => Math.max(...lufs.map((level) => level ?? Number.NEGATIVE_INFINITY));
