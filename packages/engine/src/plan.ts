import type { Analysis, TurnedLows } from './analysis.ts';

/** One broad move of the equaliser. */
export type EqBand = {
  kind: 'bell' | 'low-shelf' | 'high-shelf';
  frequencyHz: number;
  gainDb: number;
  q: number;
  reason: string;
};

/** One band of the compressor; the lowest comes first. */
export type CompressorBand = {
  thresholdDb: number;
  ratio: number;
  kneeDb: number;
  attackMs: number;
  releaseMs: number;
};

/** The values at which a channel is cut off above and below; `null` where it is not. */
export type Ceiling = { high: number | null; low: number | null };

/** What every stage says of itself. A bypassed stage leaves the samples bit-equal. */
type StageHead<Name extends string> = { stage: Name; bypassed: boolean; reason: string };

/** One stage of the chain, with all its parameters. */
export type Stage =
  | (StageHead<'trim'> & { headSeconds: number; tailSeconds: number })
  | (StageHead<'declip'> & { ceilings: Ceiling[]; clippedPeaks: number })
  | (StageHead<'declick'> & { thresholdDb: number; clicks: number })
  | (StageHead<'dc'> & { cutoffHz: number })
  | (StageHead<'balance'> & { leftGainDb: number; rightGainDb: number })
  | (StageHead<'dehum'> & {
      mainsHz: number;
      /** Harmonics of the mains frequency, and their RMS. */
      lines: { harmonic: number; levelDbfs: number }[];
      humBeforeDbfs: number;
      /** Expected from how well the lines are known. */
      humAfterDbfs: number;
    })
  | (StageHead<'denoise'> & {
      /** Of the noise, in third-octave bands, RMS. */
      bands: { centreHz: number; levelDbfs: number }[];
      maxReductionDb: number;
      noiseBeforeDbfs: number;
      /** Where no music covers it. */
      noiseAfterDbfs: number;
    })
  | (StageHead<'low-end'> & {
      highPassHz: number | null;
      /** Turned back. */
      turnBack: TurnedLows | null;
      monoBelowHz: number | null;
    })
  | (StageHead<'equalise'> & { phase: 'minimum' | 'linear'; bands: EqBand[] })
  | (StageHead<'compress'> & { crossoversHz: number[]; bands: CompressorBand[] })
  | (StageHead<'width'> & { crossoversHz: number[]; widths: number[] });

/** What will be done to the mix before the loudness stage, in order, and why. Plain JSON; no stage at all is a legal plan. */
export type MasteringPlan = { version: 1; summary: string; stages: Stage[] };

export type StyleId = 'natural' | 'warm' | 'bright' | 'punchy' | 'loud' | 'acoustic' | 'classical';

/** The parts of the work that can be turned down, or off, one by one. */
export type StageGroup = 'repair' | 'tone' | 'compression' | 'width';

/** What the artist asked for. */
export type Intent = {
  style: StyleId;
  /** 0–100; at 50 a move goes just to the edge of what is usual. */
  intensity: number;
  /** 0–100 for each group: how much of what would be done is done; 0 is off. */
  amounts: Record<StageGroup, number>;
  /** Of the equaliser. */
  phase: 'minimum' | 'linear';
};

/** Finished music to come nearer to, and how much it counts among several. */
export type Reference = { analysis: Analysis; weight: number };

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
