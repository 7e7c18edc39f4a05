import type { Measurement } from '@lathe/contracts';

/** What each side is changed by, in dB, so that both play at the same integrated loudness. Never above 0. */
export type MatchedGains = { mixDb: number; masterDb: number };

/**
 * The louder side is turned down to the quieter one: turning up could clip, and louder always sounds better.
 * Silence has no loudness to match, so both sides stay as they are.
 */
export function matchedGains(mixLufs: Measurement['integratedLufs'], masterLufs: typeof mixLufs): MatchedGains {
  if (mixLufs === null || masterLufs === null) return { mixDb: 0, masterDb: 0 };
  const masterIsLouderDb = masterLufs - mixLufs;
  return masterIsLouderDb > 0 ? { mixDb: 0, masterDb: -masterIsLouderDb } : { mixDb: masterIsLouderDb, masterDb: 0 };
}

export const linear = (gainDb: number): number => 10 ** (gainDb / 20);
