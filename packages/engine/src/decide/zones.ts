import type { EqBand, StyleId } from '../plan.ts';

/** The broad moves there are: one filter for each region of the spectrum, and how artists call it. */
export type Zone = Pick<EqBand, 'kind' | 'frequencyHz' | 'q'> & {
  name: string;
  verb: string;
  fromHz: number;
  toHz: number;
};

// biome-ignore format: a table
export const zones = {
  lows:     { name: 'lows', verb: 'lie',             kind: 'low-shelf',  frequencyHz: 110,   q: 0.71, fromHz: 35,   toHz: 140 },
  lowMids:  { name: 'low mids', verb: 'lie',         kind: 'bell',       frequencyHz: 280,   q: 0.8,  fromHz: 140,  toHz: 550 },
  mids:     { name: 'mids', verb: 'lie',             kind: 'bell',       frequencyHz: 1000,  q: 0.8,  fromHz: 550,  toHz: 1900 },
  presence: { name: 'presence', verb: 'lies',         kind: 'bell',       frequencyHz: 3500,  q: 0.8,  fromHz: 1900, toHz: 6500 },
  air:      { name: 'top', verb: 'lies',              kind: 'high-shelf', frequencyHz: 8000,  q: 0.71, fromHz: 6500, toHz: 17000 },
} as const satisfies Record<string, Zone>;

export type ZoneId = keyof typeof zones;
export const zoneIds = Object.keys(zones) as ZoneId[];

type Style = {
  /** False: the tone is the artist's, whatever it is. */
  touchesTone: boolean;
  /** What the style adds of its own, in dB at intensity 50. */
  colourDb: Partial<Record<ZoneId, number>>;
};

/** The numbers behind the styles. */
export const styles: Record<StyleId, Style> = {
  natural: { touchesTone: true, colourDb: {} },
  warm: { touchesTone: true, colourDb: { lows: 1, presence: -0.5, air: -1 } },
  bright: { touchesTone: true, colourDb: { lowMids: -0.5, presence: 0.5, air: 1.5 } },
  classical: { touchesTone: false, colourDb: {} },
};
