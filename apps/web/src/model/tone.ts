import type { Analysis } from '@lathe/contracts';

export type ToneBar = { centreHz: number; x: number; width: number; fraction: number };

/** Levels further than this below the strongest band stand at the foot of the plot. */
const spanDb = 54;

/** One bar per band over the full width; the strongest is full height, the rest in proportion of dB. */
export function toneBars(bands: Analysis['tone']['bands'], totalWidth: number): ToneBar[] {
  const strongestDb = Math.max(...bands.map(({ levelDb }) => levelDb));
  const step = totalWidth / Math.max(1, bands.length);
  return bands.map(({ centreHz, levelDb }, index) => ({
    centreHz,
    x: index * step + 1.5,
    width: step - 3,
    fraction: Math.max(0.012, 1 - (strongestDb - levelDb) / spanDb),
  }));
}
