// What finished music usually measures: the 10th and the 90th percentile of 225 pieces (75 s each) of the game soundtracks
// that Debian packages, 2026-11-24. Inside, nothing is done. The command that measures them: scripts/measure-tolerance.sh.

/** Ratio of side to mid, whole programme, in dB. */
export const sideToMidRangeDb = { low: -15.4, high: -1.1 } as const;
/** True peak above integrated loudness, in dB. */
export const plrRangeDb = { low: 11.2, high: 17.7 } as const;
/** Loudness range in LU; what lies above is played with wide dynamics on purpose. */
export const loudnessRangeLu = { low: 2, high: 11.3 } as const;
