const [lowestLufs, highestLufs] = [-30, -5];

/** Where a loudness stands on a scale from −30 to −5 LUFS, 0.02…0.98; what lies beyond stands at the end. */
export function rulerPosition(loudnessLufs: number | null): number {
  const fraction = ((loudnessLufs ?? lowestLufs) - lowestLufs) / (highestLufs - lowestLufs);
  return 0.02 + 0.96 * Math.max(0, Math.min(1, fraction));
}
