import { z } from 'zod';
import { planSchema } from './audio.ts';
import { formatIdSchema, platformIdSchema, styleIdSchema } from './catalogue.ts';
import { sha256Schema } from './common.ts';
import { type FormatId, formatIds } from './formats.ts';
import { mixIdSchema, profileIdSchema } from './ids.ts';
import { limits } from './limits.ts';
import { metadataSchema } from './metadata.ts';
import { profileSnapshotSchema } from './profiles.ts';

const targetLufsSchema = z.number().min(limits.minTargetLufs).max(limits.maxTargetLufs);
const ceilingDbtpSchema = z.number().min(limits.minCeilingDbtp).max(limits.maxCeilingDbtp);

/**
 * A platform by name, or numbers of one's own; numbers given beside a name replace that platform's. Or a profile: by its
 * id, in whose place the order keeps the rules as they are at that moment, or the rules themselves.
 */
export const targetOrderSchema = z
  .union([
    platformIdSchema,
    z
      .strictObject({
        target: platformIdSchema.optional(),
        targetLufs: targetLufsSchema.optional(),
        ceilingDbtp: ceilingDbtpSchema.optional(),
      })
      .refine((t) => t.target !== undefined || t.targetLufs !== undefined, 'Give a target, a targetLufs, or both.'),
    z.strictObject({ profile: z.union([profileIdSchema, profileSnapshotSchema]) }),
  ])
  .meta({ id: 'TargetOrder' });
export type TargetOrder = z.infer<typeof targetOrderSchema>;

export const loudnessPreferences = ['quieter', 'platform', 'louder'] as const;
export const dithers = ['tpdf', 'shaped', 'none'] as const;
export const deliveredRates = [44_100, 48_000, 88_200, 96_000, 176_400, 192_000, 'source'] as const;

const amountSchema = z.number().min(0).max(100).default(100);
/** How much of what would be done is done, part by part; 0 is off. */
const amountsSchema = z
  .strictObject({ repair: amountSchema, tone: amountSchema, compression: amountSchema, width: amountSchema })
  .meta({ id: 'Amounts', description: 'Percent of each part of the work; 0 turns it off.' });
export const stageGroups = Object.keys(amountsSchema.shape) as (keyof z.infer<typeof amountsSchema>)[];

type Files = { targets: TargetOrder[]; formats: FormatId[] };

/** Before doubles are removed; a profile that is only named counts as one. */
const countFiles = ({ targets, formats }: Files): number =>
  targets.reduce((count, target) => {
    if (typeof target === 'string' || !('profile' in target)) return count + formats.length;
    return count + (typeof target.profile === 'string' ? 1 : target.profile.formats.length);
  }, 0);

const tooManyFiles = {
  message: `At most ${limits.maxFilesPerOrder} files are made by one order: targets times formats.`,
  path: ['targets'],
};

/** What an artist asks for, whole: the same order on the same bytes gives the same bytes. */
export const masterOrderSchema = z
  .strictObject({
    targets: z.array(targetOrderSchema).min(1).max(limits.maxTargetsPerOrder),
    style: styleIdSchema.default('natural'),
    intensity: z
      .number()
      .min(0)
      .max(100)
      .default(50)
      .meta({ description: 'How far the tonal moves go; 0 leaves the tone alone.' }),
    amounts: amountsSchema.prefault({}),
    phase: z
      .enum(['minimum', 'linear'])
      .default('minimum')
      .meta({ description: 'Of the equaliser: minimum rings after, linear keeps the phase and rings before as well.' }),
    references: z
      .array(z.strictObject({ mixId: mixIdSchema, weight: z.number().positive().max(100).default(1) }))
      .max(limits.maxReferences)
      .default([])
      .meta({ description: 'Finished music, uploaded as mixes, whose sound this one is to come nearer to.' }),
    plan: planSchema.optional().meta({
      description: 'A plan of one’s own, rendered as it is; style, intensity, amounts and phase then decide nothing.',
    }),
    loudness: z.enum(loudnessPreferences).default('platform').meta({
      description: 'Platform: its own number. Quieter: 2 LU below. Louder: 2 LU above. Explicit numbers win.',
    }),
    formats: z
      .array(formatIdSchema)
      .min(1)
      .max(formatIds.length)
      .refine((ids) => new Set(ids).size === ids.length, 'No format twice.')
      .default(['wav24'])
      .meta({ description: 'Every target is made in every one of these.' }),
    sampleRateHz: z.literal(deliveredRates).default('source').meta({
      description:
        'Of the delivered files; source: that of the mix. Loudness and peaks are brought about at this rate.',
    }),
    dither: z.enum(dithers).default('tpdf').meta({
      description:
        'Of 16- and 24-bit files. Shaped: less noise where the ear is keenest, more above 14 kHz; 16 bits at 44.1 or 48 kHz.',
    }),
    metadata: metadataSchema.prefault({}),
    coverSha256: sha256Schema
      .optional()
      .meta({ description: 'The cover that goes into the files: a JPEG or PNG that was sent before.' }),
    tags: z
      .enum(['all', 'none'])
      .default('all')
      .meta({ description: 'None: the files say nothing about the music, for distributors that refuse such files.' }),
    proofs: z.enum(['all', 'own']).default('all').meta({
      description:
        'Which lossy encodings are tried before a file counts as proven. All: also those the platform will make of it. Own: those that are delivered.',
    }),
  })
  .refine((order) => countFiles(order) <= limits.maxFilesPerOrder, tooManyFiles)
  .meta({ id: 'MasterOrder' });
export type MasterOrder = z.infer<typeof masterOrderSchema>;
export type MasterOrderInput = z.input<typeof masterOrderSchema>;
