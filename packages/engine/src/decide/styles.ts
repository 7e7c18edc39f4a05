// The numbers behind the styles. A colour is a matter of taste and stays below what a listener would call an effect:
// 0.5 to 1.5 dB, between one and three just-noticeable steps of a broad band (about 0.5 dB).
import type { StyleId } from '../plan.ts';
import type { ZoneId } from './zones.ts';

type Style = {
  /** False: the tone is the artist's, whatever it is. */
  touchesTone: boolean;
  /** What the style adds of its own, in dB at intensity 50. */
  colourDb: Partial<Record<ZoneId, number>>;
  /** `null`: never compressed. `tighterDb`: how much nearer to the loudness than usual the peaks may be led. */
  compression: { tighterDb: number } | null;
};

export const styles: Record<StyleId, Style> = {
  natural: { touchesTone: true, colourDb: {}, compression: { tighterDb: 0 } },
  warm: { touchesTone: true, colourDb: { lows: 1, presence: -0.5, air: -1 }, compression: { tighterDb: 0 } },
  bright: { touchesTone: true, colourDb: { lowMids: -0.5, presence: 0.5, air: 1.5 }, compression: { tighterDb: 0 } },
  punchy: { touchesTone: true, colourDb: { lows: 0.8, lowMids: -0.8, presence: 0.5 }, compression: { tighterDb: 1 } },
  loud: { touchesTone: true, colourDb: { lows: -0.5, presence: 0.5 }, compression: { tighterDb: 4 } },
  acoustic: { touchesTone: true, colourDb: {}, compression: null },
  classical: { touchesTone: false, colourDb: {}, compression: null },
};
