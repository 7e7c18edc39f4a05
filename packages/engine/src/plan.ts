/** One broad move of the equaliser. */
export type EqBand = {
  kind: 'bell' | 'low-shelf' | 'high-shelf';
  frequencyHz: number;
  gainDb: number;
  q: number;
  reason: string;
};

/** One stage of the chain. A bypassed stage leaves the samples bit-equal. */
export type Stage =
  | { stage: 'dc'; bypassed: boolean; reason: string; cutoffHz: number }
  | { stage: 'equalise'; bypassed: boolean; reason: string; bands: EqBand[] };

/** What will be done to the mix before the loudness stage, in order, and why. Plain JSON; no stage at all is a legal plan. */
export type MasteringPlan = { version: 1; summary: string; stages: Stage[] };

export type StyleId = 'natural' | 'warm' | 'bright' | 'classical';

/** What the artist asked for. */
export type Intent = { style: StyleId; intensity: number };

/** What a deliverable must reach. */
export type LoudnessSpec = { targetLufs: number; ceilingDbtp: number };

/** How the loudness stage reaches a {@link LoudnessSpec}: gain first, then the limiter. */
export type LoudnessSolution = LoudnessSpec & {
  gainDb: number;
  /** Expected integrated loudness; `null` for silence. */
  expectedLufs: number | null;
  limiter: { maxReductionDb: number; p95ReductionDb: number; meanReductionDb: number };
  /** Why the target is not met, if it is not. */
  notReached: 'silent' | 'distortion_budget' | null;
};
