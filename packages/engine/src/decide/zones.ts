import type { EqBand } from '../plan.ts';

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
