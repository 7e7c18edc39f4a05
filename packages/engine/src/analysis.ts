import type { FileFacts } from './audio.ts';

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
  | 'hum'
  | 'hiss'
  | 'mono_file'
  | 'low_sample_rate'
  | 'lossy_source'
  | 'cut_off'
  | 'low_word_length';

/** A sentence for the artist that follows from the numbers. */
export type Advice = { code: AdviceCode; severity: 'info' | 'warning'; sentence: string };

/** Mains hum: lines on the exact grid of one frequency that never stop. */
export type Hum = {
  /** Near 50 or near 60. */
  mainsHz: number;
  /** RMS of all its lines together, re a full-scale constant. */
  levelDbfs: number;
  lines: {
    /** 1 is the mains frequency itself. */
    harmonic: number;
    /** RMS. */
    levelDbfs: number;
    /** How well the line is known: RMS of what is likely left when it is taken out. */
    errorDbfs: number;
    /** 1: the line is all there is in the quiet moments; 0: it is not there. */
    coherence: number;
  }[];
};

/** Noise that never stops, as of tape, preamplifiers and converters. RMS levels, mean of both channels. */
export type Hiss = {
  levelDbfs: number;
  /** Where nothing but the noise is left in the quietest moments; beyond, it is assumed to be no more than there. */
  heardFromHz: number;
  heardToHz: number;
  /** Third-octave bands from 250 Hz. */
  bands: { centreHz: number; levelDbfs: number }[];
};
/** Lows that are upside down in one channel, below a crossover; a gentle one turned the phase around it as well. */
export type TurnedLows = { channel: 'left' | 'right'; belowHz: number; slope: 'gentle' | 'steep' };

type Region = { fromHz: number; toHz: number };
type Span = { startSeconds: number; endSeconds: number };

/** Everything the engine hears in one pass over a mix. */
export type Analysis = {
  loudness: Measurement;
  tone: {
    /**
     * Third-octave bands 20 Hz … 20 kHz, as far as the sample rate reaches; levels relative to the sum of all bands.
     * `levelDb` is the long-term mean; `p10Db`, `p50Db` and `p90Db` are the levels that a band stays below for 10, 50 and
     * 90 % of the loud parts.
     */
    bands: { centreHz: number; levelDb: number; p10Db: number; p50Db: number; p90Db: number }[];
  };
  stereo: {
    correlation: number;
    /** Correlation below 120 Hz. */
    lowCorrelation: number;
    /** Lows that are upside down in one channel; how the channels agree below 850 Hz (−1…1), and would if those were turned back. */
    turnedLows: (TurnedLows & { agreement: number; turnedAgreement: number }) | null;
    sideToMidDb: Level;
    /** Level of left above right. */
    balanceDb: number;
    /** Level of left above right, the median over the regions of the spectrum; `null` where too few are heard in both. */
    centreOffsetDb: Level;
    /** How far half of the regions stray from that: little where the whole leans to a side, much where voices are panned. */
    centreSpreadDb: Level;
    /**
     * Level of left above right at which sounds stand that both channels hold alike, and how sharply: 1 where none stands out;
     * `null` where there are too few.
     */
    middle: { offsetDb: number; sharpness: number } | null;
    /** Side above mid of the sounds that reach furthest out, 800 Hz … 3 kHz; `null` where left and right are the same. */
    panningReachDb: Level;
    /** How much quieter the sum to mono is than the sum of both channels' power would be for a centred signal. */
    monoFoldDownLossDb: number;
    /** The same for lows, low mids, mids, presence and top. */
    regions: (Region & { correlation: number; sideToMidDb: Level; monoFoldDownLossDb: number })[];
  };
  dynamics: {
    crestFactorDb: number;
    plrDb: Level;
    psrDb: Level;
    /** Peak above the mean level of 400 ms, the median over the loud parts; a sine has 3 dB. */
    regions: (Region & { crestDb: Level })[];
    /** Short-term loudness; the first point stands for `startSeconds`, and at most 600 follow each other. */
    loudnessCurve: { startSeconds: number; stepSeconds: number; lufs: Level[] };
  };
  texture: {
    /** Standard deviation of the level within the loud parts, and how far its loudest windows (93 ms) stand above the middle. */
    levelDeviationDb: number;
    levelP50ToP95Db: number;
    /** Notes and strokes that set in. */
    onsetsPerSecond: number;
    /** How steady their pulse is, 0…1. */
    pulse: number;
    /** Geometric over arithmetic mean of the power per third-octave, 100 Hz … 10 kHz, in the loud parts: 0 is full and even. */
    flatnessDb: number;
  };
  structure: {
    /** Stretches that differ in loudness or timbre; levels of lows and top relative to the whole of each. */
    sections: { startSeconds: number; endSeconds: number; lufs: number; lowsDb: number; topDb: number }[];
    /** 30 s each, for previews; the whole of a shorter song. */
    loudest: Span;
    typical: Span;
  };
  /** From 0, dense and produced, to 1, sparse and acoustic; `contribution` is what each figure moves it by, see kind.ts. */
  kind: { acoustic: number; evidence: { feature: string; value: number; contribution: number }[] };
  source: {
    /** Where the spectrum ends in a step, as lossy encoders leave it; `null` where it does not. */
    cutoffHz: number | null;
    /** The shortest word that holds every sample; `null` for silence and for more than 24 bits. */
    wordBits: number | null;
    /** What the file says of itself; `null` where none is behind the stream. */
    file: FileFacts | null;
  };
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
  /** What sounds all the time and is no music. */
  noise: {
    /** RMS of the quietest moments from 250 Hz to 20 kHz; `null` for digital silence. */
    floorDbfs: Level;
    hiss: Hiss | null;
    hum: Hum | null;
  };
  advice: Advice[];
};
