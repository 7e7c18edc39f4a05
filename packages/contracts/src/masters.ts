import { z } from 'zod';
import { analysisSchema, measurementSchema, planSchema } from './audio.ts';
import { formatIdSchema, platformIdSchema, playbackSchema } from './catalogue.ts';
import { pageOf, timestampSchema } from './common.ts';
import { lossyEncodingIds } from './formats.ts';
import { masterIdSchema, mixIdSchema, profileIdSchema, renditionIdSchema } from './ids.ts';
import { masterOrderSchema } from './orders.ts';
import { previewSchema } from './previews.ts';
import { failureSchema } from './problems.ts';

export const masterStates = ['queued', 'analysing', 'rendering', 'verifying', 'ready', 'failed', 'cancelled'] as const;
export type MasterState = (typeof masterStates)[number];
export const terminalMasterStates = ['ready', 'failed', 'cancelled'] as const satisfies readonly MasterState[];
export const isTerminalMasterState = (state: MasterState): boolean =>
  (terminalMasterStates as readonly MasterState[]).includes(state);

export const createMasterSchema = masterOrderSchema.safeExtend({ mixId: mixIdSchema }).meta({ id: 'CreateMaster' });
export type CreateMaster = z.infer<typeof createMasterSchema>;
export type CreateMasterInput = z.input<typeof createMasterSchema>;

/** Refused: a file as it was meant, but one that breaks a rule of the profile it was made for. */
export const verdicts = ['pass', 'corrected', 'not_reached', 'refused', 'failed'] as const;

/** One thing that was promised, and what the delivered bytes say. */
export const checkSchema = z
  .object({
    name: z.enum([
      ...['integrated_loudness', 'true_peak', 'duration', 'readable', 'bit_exact', 'after_codec'],
      // Rules of a profile.
      ...['sample_rate', 'word_length', 'file_size', 'metadata', 'min_duration', 'max_duration'],
      ...['head_silence', 'tail_silence'],
    ] as const),
    passed: z.boolean(),
    measured: z.number().nullable(),
    limit: z.number().nullable(),
    sentence: z.string(),
  })
  .meta({ id: 'Check' });

export const notReachedSchema = z
  .object({ code: z.enum(['silent', 'distortion_budget']), sentence: z.string(), reachedLufs: z.number().nullable() })
  .meta({ id: 'NotReached' });

/** What a lossy encoder makes of a file: peaks of what comes out of a decoder, measured without clipping. */
export const codecProofSchema = z
  .object({
    encoding: z.enum(lossyEncodingIds),
    /** Whether the file itself is this encoding, or a platform will make it. */
    delivered: z.boolean(),
    /** In the order they were made. What is delivered is tried whole in the end; of what platforms make an excerpt may do. */
    tries: z.array(
      z.object({ part: z.enum(['excerpt', 'whole']), ceilingDbtp: z.number(), truePeakDbtp: z.number().nullable() }),
    ),
    excerptSeconds: z
      .number()
      .nullable()
      .default(null)
      .meta({ description: 'How much of the song an excerpt is: its sections with the most peaks near the ceiling.' }),
    passed: z.boolean(),
  })
  .meta({ id: 'CodecProof' });
export type CodecProof = z.infer<typeof codecProofSchema>;

/** One finished file, and the proof of it. */
export const renditionReportSchema = z
  .object({
    target: z.union([platformIdSchema, z.literal('custom')]),
    profile: z
      .object({ id: profileIdSchema.optional(), name: z.string() })
      .nullable()
      .default(null)
      .meta({ description: 'Whose rules it was made for and checked against.' }),
    targetLufs: z.number(),
    ceilingDbtp: z.number(),
    format: formatIdSchema,
    filename: z.string(),
    sizeBytes: z.int(),
    sha256: z.string(),
    /** Gain before the limiter. */
    gainDb: z.number(),
    limiter: z.object({ maxReductionDb: z.number(), p95ReductionDb: z.number(), meanReductionDb: z.number() }),
    /** Read back from the delivered bytes. */
    measured: measurementSchema,
    checks: z.array(checkSchema),
    codecProofs: z.array(codecProofSchema).default([]),
    verdict: z.enum(verdicts),
    notReached: notReachedSchema.nullable(),
    playback: z
      .array(playbackSchema)
      .default([])
      .meta({ description: 'What each streaming platform will do to this file.' }),
  })
  .meta({ id: 'RenditionReport' });
export type RenditionReport = z.infer<typeof renditionReportSchema>;

export const renditionSchema = renditionReportSchema
  .extend({ id: renditionIdSchema, createdAt: timestampSchema })
  .meta({ id: 'Rendition' });
export type Rendition = z.infer<typeof renditionSchema>;

const levelsSchema = z.array(z.number().nullable());

/**
 * How a finished file runs, read back from its bytes; the reduction is that of the limiter in the rendering. At most 600
 * points each; point k of a list stands for `startSeconds + k · stepSeconds`. Deliverables of the same bytes share one.
 */
export const courseSchema = z
  .object({
    sha256: z.string(),
    loudness: z.object({
      stepSeconds: z.number(),
      /** Windows of 3 s, their mean power per point. */
      shortTerm: z.object({ startSeconds: z.number(), lufs: levelsSchema }),
      /** Windows of 400 ms, the least and the greatest per point. */
      momentary: z.object({ startSeconds: z.number(), minLufs: levelsSchema, maxLufs: levelsSchema }),
    }),
    /** Gain reduction of the limiter, the deepest and that of the mean gain; point k is the time from `k · stepSeconds` on. */
    reduction: z.object({ stepSeconds: z.number(), deepestDb: z.array(z.number()), meanDb: z.array(z.number()) }),
    /** Third-octave levels relative to the sum of all bands, as in the analysis of the mix. */
    tone: z.array(z.object({ centreHz: z.number(), levelDb: z.number() })),
  })
  .meta({ id: 'Course' });
export type Course = z.infer<typeof courseSchema>;

/** Where the tone of finished music of this kind lies, or that of the references; shifted to the mean of the mix. */
export const toneRegionSchema = z
  .object({
    of: z.enum(['finished_music', 'references']),
    bands: z.array(z.object({ centreHz: z.number(), lowDb: z.number(), highDb: z.number() })),
  })
  .meta({ id: 'ToneRegion' });
export type ToneRegion = z.infer<typeof toneRegionSchema>;

/** The whole story of a master. It names the engine but no time: the same order gives the same report. */
export const masterReportSchema = z
  .object({
    /** What the music is called, and who plays it if that was told. Older reports lack these and the curves below. */
    title: z.string().optional(),
    artists: z.array(z.string()).optional(),
    engineVersion: z.string(),
    sourceSha256: z.string(),
    before: analysisSchema,
    plan: planSchema,
    renditions: z.array(renditionReportSchema),
    toneRegion: toneRegionSchema.optional(),
    courses: z.array(courseSchema).optional(),
  })
  .meta({ id: 'MasterReport' });
export type MasterReport = z.infer<typeof masterReportSchema>;

export const masterSchema = z
  .object({
    id: masterIdSchema,
    mixId: mixIdSchema,
    state: z.enum(masterStates),
    /** 0…1, never going back. */
    progress: z.number().min(0).max(1),
    order: masterOrderSchema,
    plan: planSchema.nullable(),
    preview: previewSchema
      .nullable()
      .meta({ description: 'There while the master is being made, soon after its start.' }),
    renditions: z.array(renditionSchema),
    error: failureSchema.nullable(),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
    finishedAt: timestampSchema.nullable(),
  })
  .meta({ id: 'Master' });
export type Master = z.infer<typeof masterSchema>;
export const masterPageSchema = pageOf(masterSchema, 'MasterPage');
