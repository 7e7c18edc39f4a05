// The numbers behind the styles. A colour is a matter of taste and stays below what a listener would call an effect:
// 0.5 to 1.5 dB, between one and three just-noticeable steps of a broad band (about 0.5 dB).
import type { StyleId } from '../plan.ts';
import type { ZoneId } from './zones.ts';

type Style = {
  /** False: the tone is the artist's, whatever it is. */
  touchesTone: boolean;
  /** What the style adds of its own, in dB at intensity 50. */
  colourDb: Partial<Record<ZoneId, number>>;
};

export const styles: Record<StyleId, Style> = {
  natural: { touchesTone: true, colourDb: {} },
  warm: { touchesTone: true, colourDb: { lows: 1, presence: -0.5, air: -1 } },
  bright: { touchesTone: true, colourDb: { lowMids: -0.5, presence: 0.5, air: 1.5 } },
  punchy: { touchesTone: true, colourDb: { lows: 0.8, lowMids: -0.8, presence: 0.5 } },
  loud: { touchesTone: true, colourDb: { lows: -0.5, presence: 0.5 } },
  acoustic: { touchesTone: true, colourDb: {} },
  classical: { touchesTone: false, colourDb: {} },
};
