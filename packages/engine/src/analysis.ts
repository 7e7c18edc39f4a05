/** Level of a signal that may be digital silence, which has none. */
export type Level = number | null;

/** ITU-R BS.1770-5, EBU Tech 3341, EBU Tech 3342. */
export type Measurement = {
  integratedLufs: Level;
  loudnessRangeLu: number;
  maxMomentaryLufs: Level;
  maxShortTermLufs: Level;
  truePeakDbtp: Level;
  samplePeakDbfs: Level;
  durationSeconds: number;
  sampleRateHz: number;
  channels: number;
};

export type AdviceCode =
  | 'silent'
  | 'little_headroom'
  | 'clipped'
  | 'clicks'
  | 'brickwalled'
  | 'lows_out_of_phase'
  | 'poor_mono_compatibility'
  | 'off_balance'
  | 'dc_offset'
  | 'long_silence'
  | 'mono_file'
  | 'low_sample_rate';

/** A sentence for the artist that follows from the numbers. */
export type Advice = { code: AdviceCode; severity: 'info' | 'warning'; sentence: string };

/** Everything the engine hears in one pass over a mix. */
export type Analysis = {
  loudness: Measurement;
  tone: {
    /** Third-octave bands 20 Hz … 20 kHz, as far as the sample rate reaches; levels relative to the sum of all bands. */
    bands: { centreHz: number; levelDb: number }[];
  };
  stereo: {
    correlation: number;
    /** Correlation below 120 Hz. */
    lowCorrelation: number;
    sideToMidDb: Level;
    /** Level of left above right. */
    balanceDb: number;
    /** Level of left above right where all regions of the spectrum agree on it; `null` where they do not: that is panning. */
    centreOffsetDb: Level;
    /** How much quieter the sum to mono is than the sum of both channels' power would be for a centred signal. */
    monoFoldDownLossDb: number;
  };
  dynamics: { crestFactorDb: number; plrDb: Level; psrDb: Level };
  defects: {
    clippedRuns: number;
    clippedSamples: number;
    /** Per channel, the values at which its peaks are cut off above and below; `null` where they are not. */
    ceilings: { high: Level; low: Level }[];
    clicks: number;
    /** Short noises that come near to being taken for a click. Where there are many, the music has them on purpose. */
    clickLikes: number;
    dcOffset: number[];
    headSilenceSeconds: number;
    tailSilenceSeconds: number;
  };
  advice: Advice[];
};
