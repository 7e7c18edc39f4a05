import type { Analysis } from '@lathe/contracts';

export type ToneBar = {
  centreHz: number;
  x: number;
  width: number;
  fraction: number;
  /** Between these the band lies for eight tenths of the loud parts. */
  low: number;
  high: number;
};

/** Levels further than this below the strongest band stand at the foot of the plot. */
const spanDb = 54;

/** One bar per band over the full width; the strongest moment of any is full height, the rest in proportion of dB. */
export function toneBars(bands: Analysis['tone']['bands'], totalWidth: number): ToneBar[] {
  const strongestDb = Math.max(...bands.map(({ levelDb, p90Db }) => Math.max(levelDb, p90Db)));
  const heightOf = (db: number): number => Math.max(0.012, 1 - (strongestDb - db) / spanDb);
  const step = totalWidth / Math.max(1, bands.length);
  return bands.map(({ centreHz, levelDb, p10Db, p90Db }, index) => ({
    centreHz,
    x: index * step + 1.5,
    width: step - 3,
    fraction: heightOf(levelDb),
    low: heightOf(p10Db),
    high: heightOf(p90Db),
  }));
}
