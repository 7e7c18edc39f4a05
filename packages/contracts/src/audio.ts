import { z } from 'zod';

/** A level that digital silence does not have: `null` stands for minus infinity. */
const levelSchema = z.number().nullable();

/** Measured on a file, never on an intermediate buffer. ITU-R BS.1770-5, EBU Tech 3341 and 3342. */
export const measurementSchema = z
  .object({
    integratedLufs: levelSchema,
    loudnessRangeLu: z.number(),
    maxMomentaryLufs: levelSchema,
    maxShortTermLufs: levelSchema,
    truePeakDbtp: levelSchema,
    samplePeakDbfs: levelSchema,
    durationSeconds: z.number(),
    sampleRateHz: z.int(),
    channels: z.int(),
  })
  .meta({ id: 'Measurement' });
export type Measurement = z.infer<typeof measurementSchema>;

export const adviceSchema = z
  .object({
    code: z.enum([
      'silent',
      'little_headroom',
      'clipped',
      'clicks',
      'brickwalled',
      'lows_out_of_phase',
      'poor_mono_compatibility',
      'off_balance',
      'dc_offset',
      'long_silence',
      'hum',
      'hiss',
      'mono_file',
      'low_sample_rate',
      'lossy_source',
      'cut_off',
      'low_word_length',
    ]),
    severity: z.enum(['info', 'warning']),
    sentence: z.string(),
  })
  .meta({ id: 'Advice' });
export type Advice = z.infer<typeof adviceSchema>;

const ceilingSchema = z.object({ high: levelSchema, low: levelSchema });

/** Mains hum: lines on the exact grid of one frequency that never stop. Levels are RMS in dBFS. */
const humSchema = z
  .object({
    mainsHz: z.number(),
    levelDbfs: z.number(),
    lines: z.array(
      z.object({
        harmonic: z.int(),
        levelDbfs: z.number(),
        /** What is likely left when the line is taken out. */
        errorDbfs: z.number(),
        /** 1: the line is all there is in the quiet moments; 0: it is not there. */
        coherence: z.number(),
      }),
    ),
  })
  .meta({ id: 'Hum' });

/** Levels of noise in third-octave bands, RMS in dBFS. */
const noiseBandsSchema = z
  .array(z.object({ centreHz: z.number().min(20).max(96_000), levelDbfs: z.number().min(-200).max(0) }))
  .max(40);

/** Noise that never stops. Where it was heard alone, and what it is assumed to be elsewhere. */
const hissSchema = z
  .object({ levelDbfs: z.number(), heardFromHz: z.number(), heardToHz: z.number(), bands: noiseBandsSchema })
  .meta({ id: 'Hiss' });
const regionShape = { fromHz: z.number(), toHz: z.number() };
const spanShape = { startSeconds: z.number(), endSeconds: z.number() };

/** Lows that are upside down in one channel, below a crossover; a gentle one turned the phase around it as well. */
const turnedLowsSchema = z.object({
  channel: z.enum(['left', 'right']),
  belowHz: z.number().min(20).max(300),
  slope: z.enum(['gentle', 'steep']),
});

/** What the file says of itself. `wordBits` is `null` for floating point and for lossy codecs, which have no words. */
const sourceFileSchema = z
  .object({
    format: z.string(),
    codec: z.string(),
    lossy: z.boolean(),
    wordBits: z.int().nullable(),
    bitRateKbps: z.int(),
    isCutOff: z
      .boolean()
      .optional()
      .meta({ description: 'A stream that says nothing of its length ends inside its last frame.' }),
  })
  .meta({ id: 'SourceFile' });

/** What the engine heard in the mix. */
export const analysisSchema = z
  .object({
    loudness: measurementSchema,
    tone: z.object({
      /**
       * Third-octave bands 20 Hz … 20 kHz, as far as the sample rate reaches; levels relative to the sum of all bands.
       * `levelDb` is the long-term mean; `p10Db`, `p50Db` and `p90Db` are the levels that a band stays below for 10, 50 and
       * 90 % of the loud parts.
       */
      bands: z.array(
        z.object({
          centreHz: z.number(),
          levelDb: z.number(),
          p10Db: z.number(),
          p50Db: z.number(),
          p90Db: z.number(),
        }),
      ),
    }),
    stereo: z.object({
      correlation: z.number(),
      lowCorrelation: z.number(),
      /** Lows that are upside down in one channel; how the channels agree below 850 Hz, and would if those were turned back. */
      turnedLows: turnedLowsSchema.extend({ agreement: z.number(), turnedAgreement: z.number() }).nullable(),
      sideToMidDb: levelSchema,
      balanceDb: z.number(),
      /** Level of left above right in the median of all regions, and how far half of them stray from it. */
      centreOffsetDb: levelSchema,
      centreSpreadDb: levelSchema,
      /** Level of left above right at which sounds stand that both channels hold alike, and how sharply: 1 where none stands out. */
      middle: z.object({ offsetDb: z.number(), sharpness: z.number() }).nullable().default(null),
      /** Side above mid of the sounds that reach furthest out. */
      panningReachDb: levelSchema,
      monoFoldDownLossDb: z.number(),
      /** The same for lows, low mids, mids, presence and top. */
      regions: z.array(
        z.object({
          ...regionShape,
          correlation: z.number(),
          sideToMidDb: levelSchema,
          monoFoldDownLossDb: z.number(),
        }),
      ),
    }),
    dynamics: z.object({
      crestFactorDb: z.number(),
      /** Peak to loudness ratio: true peak minus integrated loudness. */
      plrDb: levelSchema,
      /** Smallest peak to short-term loudness ratio. */
      psrDb: levelSchema,
      /** Peak above the mean level of 400 ms, the median over the loud parts; a sine has 3 dB. */
      regions: z.array(z.object({ ...regionShape, crestDb: levelSchema })),
      /** Short-term loudness; the first point stands for `startSeconds`, and at most 600 follow each other. */
      loudnessCurve: z.object({ startSeconds: z.number(), stepSeconds: z.number(), lufs: z.array(levelSchema) }),
    }),
    texture: z.object({
      /** Standard deviation of the level within the loud parts, and how far its loudest windows (93 ms) stand above the middle. */
      levelDeviationDb: z.number(),
      levelP50ToP95Db: z.number(),
      /** Notes and strokes that set in. */
      onsetsPerSecond: z.number(),
      /** How steady their pulse is, 0…1. */
      pulse: z.number(),
      /** Geometric over arithmetic mean of the power per third-octave, 100 Hz … 10 kHz, in the loud parts: 0 is full and even. */
      flatnessDb: z.number(),
    }),
    structure: z.object({
      /** Stretches that differ in loudness or timbre; levels of lows and top relative to the whole of each. */
      sections: z.array(z.object({ ...spanShape, lufs: z.number(), lowsDb: z.number(), topDb: z.number() })),
      /** 30 s each, for previews; the whole of a shorter song. */
      loudest: z.object(spanShape),
      typical: z.object(spanShape),
    }),
    /** From 0, dense and produced, to 1, sparse and acoustic; `contribution` is what each figure moves it by, in logits. */
    kind: z.object({
      acoustic: z.number().min(0).max(1),
      evidence: z.array(z.object({ feature: z.string(), value: z.number(), contribution: z.number() })),
    }),
    source: z.object({
      /** Where the spectrum ends in a step, as lossy encoders leave it; `null` where it does not. */
      cutoffHz: z.number().nullable(),
      /** The shortest word that holds every sample; `null` for silence and for more than 24 bits. */
      wordBits: z.int().nullable(),
      file: sourceFileSchema.nullable().default(null),
    }),
    defects: z.object({
      clippedRuns: z.int(),
      clippedSamples: z.int(),
      /** Per channel, the values at which its peaks are cut off above and below; `null` where they are not. */
      ceilings: z.array(ceilingSchema),
      clicks: z.int(),
      /** Short noises that come near to being taken for a click. Where there are many, the music has them on purpose. */
      clickLikes: z.int(),
      dcOffset: z.array(z.number()),
      headSilenceSeconds: z.number(),
      tailSilenceSeconds: z.number(),
    }),
    noise: z.object({
      /** Of the quietest moments, 250 Hz to 20 kHz. */
      floorDbfs: levelSchema,
      hiss: hissSchema.nullable(),
      hum: humSchema.nullable(),
    }),
    advice: z.array(adviceSchema),
  })
  .meta({ id: 'Analysis' });
export type Analysis = z.infer<typeof analysisSchema>;

export const eqBandSchema = z
  .object({
    kind: z.enum(['bell', 'low-shelf', 'high-shelf']),
    frequencyHz: z.number().min(10).max(96_000),
    gainDb: z.number().min(-24).max(24),
    q: z.number().min(0.1).max(20),
    reason: z.string(),
  })
  .meta({ id: 'EqBand' });

const crossoversSchema = z
  .array(z.number().min(20).max(20_000))
  .max(7)
  .refine((hz) => hz.every((each, k) => k === 0 || each > (hz[k - 1] ?? 0)), 'Crossovers rise.');

const compressorBandSchema = z
  .object({
    thresholdDb: z.number().min(-80).max(0),
    ratio: z.number().min(1).max(10),
    kneeDb: z.number().min(0).max(24),
    attackMs: z.number().min(0.1).max(500),
    releaseMs: z.number().min(1).max(5000),
  })
  .meta({ id: 'CompressorBand' });

const hasOneMore = ({ crossoversHz, of }: { crossoversHz: number[]; of: unknown[] }) =>
  of.length === crossoversHz.length + 1;
const oneMore = 'There is one band more than there are crossovers.';

/** What every stage says of itself. A bypassed stage leaves the samples bit-equal. */
const stageHead = <Name extends string>(stage: Name) => ({
  stage: z.literal(stage),
  bypassed: z.boolean(),
  reason: z.string(),
});

/** One stage of the chain, in the order it runs. */
export const stageSchema = z
  .discriminatedUnion('stage', [
    z.object({
      ...stageHead('trim'),
      headSeconds: z.number().nonnegative(),
      tailSeconds: z.number().nonnegative(),
    }),
    z.object({
      ...stageHead('declip'),
      ceilings: z.array(ceilingSchema).min(1).max(2),
      clippedPeaks: z.int().nonnegative(),
    }),
    z.object({
      ...stageHead('declick'),
      thresholdDb: z.number().min(6).max(60),
      clicks: z.int().nonnegative(),
    }),
    z.object({ ...stageHead('dc'), cutoffHz: z.number().min(1).max(30) }),
    z.object({
      ...stageHead('balance'),
      leftGainDb: z.number().min(-12).max(12),
      rightGainDb: z.number().min(-12).max(12),
    }),
    z.object({
      ...stageHead('dehum'),
      mainsHz: z.number().min(45).max(65),
      lines: z
        .array(z.object({ harmonic: z.int().min(1).max(8), levelDbfs: z.number().min(-120).max(0) }))
        .min(1)
        .max(8),
      humBeforeDbfs: z.number(),
      humAfterDbfs: z.number(),
    }),
    z.object({
      ...stageHead('denoise'),
      bands: noiseBandsSchema.min(1),
      maxReductionDb: z.number().min(0).max(20),
      noiseBeforeDbfs: z.number(),
      noiseAfterDbfs: z.number(),
    }),
    z.object({
      ...stageHead('low-end'),
      highPassHz: z.number().min(5).max(80).nullable(),
      /** Lows that are upside down in one channel, turned back. */
      turnBack: turnedLowsSchema.nullable().default(null),
      monoBelowHz: z.number().min(20).max(300).nullable(),
    }),
    z.object({ ...stageHead('equalise'), phase: z.enum(['minimum', 'linear']), bands: z.array(eqBandSchema).max(16) }),
    z
      .object({ ...stageHead('compress'), crossoversHz: crossoversSchema, bands: z.array(compressorBandSchema) })
      .refine(({ crossoversHz, bands }) => hasOneMore({ crossoversHz, of: bands }), oneMore),
    z
      .object({ ...stageHead('width'), crossoversHz: crossoversSchema, widths: z.array(z.number().min(0).max(2)) })
      .refine(({ crossoversHz, widths }) => hasOneMore({ crossoversHz, of: widths }), oneMore),
  ])
  .meta({ id: 'Stage' });

/** What will be done to the mix, and why. Plain data: it can be stored, compared, edited and rendered again. */
export const planSchema = z
  .object({
    version: z.literal(1),
    summary: z.string(),
    stages: z.array(stageSchema),
  })
  .meta({ id: 'MasteringPlan' });
export type MasteringPlan = z.infer<typeof planSchema>;
export type Stage = z.infer<typeof stageSchema>;
export type EqBand = z.infer<typeof eqBandSchema>;

/** Loudest and quietest sample of the mid signal per slice of time, −1…1, for drawing a waveform. */
export const peaksSchema = z
  .object({ durationSeconds: z.number(), min: z.array(z.number()), max: z.array(z.number()) })
  .meta({ id: 'Peaks' });
export type Peaks = z.infer<typeof peaksSchema>;
