import { z } from 'zod';
import { analysisSchema } from './audio.ts';
import { pageOf, timestampSchema } from './common.ts';
import { mixIdSchema, uploadIdSchema } from './ids.ts';
import { failureSchema } from './problems.ts';

export const mixStates = ['probing', 'ready', 'failed'] as const;

export const mixSchema = z
  .object({
    id: mixIdSchema,
    uploadId: uploadIdSchema,
    state: z.enum(mixStates),
    filename: z.string(),
    sizeBytes: z.int(),
    sha256: z.string().nullable(),
    analysis: analysisSchema.nullable(),
    error: failureSchema.nullable(),
    createdAt: timestampSchema,
    updatedAt: timestampSchema,
  })
  .meta({ id: 'Mix' });
export type Mix = z.infer<typeof mixSchema>;
export const mixPageSchema = pageOf(mixSchema, 'MixPage');
