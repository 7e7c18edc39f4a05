import { z } from 'zod';
import { lineSchema, sha256Schema, timestampSchema } from './common.ts';
import { mixIdSchema, uploadIdSchema } from './ids.ts';
import { limits } from './limits.ts';

export const uploadStates = ['open', 'complete', 'expired', 'aborted'] as const;

/** RFC 9110, 8.3.1, with the characters of RFC 6838, 4.2. */
const mediaTypeSchema = z
  .string()
  .max(127)
  .regex(/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(;[ -~]*)?$/, 'This is not a media type such as audio/wav');

export const createUploadSchema = z
  .strictObject({
    filename: lineSchema(255),
    sizeBytes: z.int().min(1).max(limits.maxUploadBytes),
    contentType: mediaTypeSchema.default('application/octet-stream'),
    sha256: sha256Schema.optional(),
  })
  .meta({ id: 'CreateUpload' });
export type CreateUpload = z.infer<typeof createUploadSchema>;
export type CreateUploadInput = z.input<typeof createUploadSchema>;

/** A signed address for one part: PUT exactly these bytes there, with these headers, within 15 minutes. */
export const uploadPartSchema = z
  .object({
    partNumber: z.int().min(1).max(limits.maxParts),
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    sizeBytes: z.int(),
  })
  .meta({ id: 'UploadPart' });
export type UploadPart = z.infer<typeof uploadPartSchema>;

export const uploadSchema = z
  .object({
    id: uploadIdSchema,
    state: z.enum(uploadStates),
    filename: z.string(),
    sizeBytes: z.int(),
    contentType: z.string(),
    partSizeBytes: z.int(),
    partCount: z.int(),
    mixId: mixIdSchema.nullable(),
    createdAt: timestampSchema,
    expiresAt: timestampSchema,
  })
  .meta({ id: 'Upload' });
export type Upload = z.infer<typeof uploadSchema>;

/** The first hundred parts are signed at once; ask for more with `POST /v1/uploads/:id/parts`. */
export const createdUploadSchema = uploadSchema
  .extend({ parts: z.array(uploadPartSchema) })
  .meta({ id: 'CreatedUpload' });
export type CreatedUpload = z.infer<typeof createdUploadSchema>;
export const partsSignedAtOnce = 100;

export const signPartsSchema = z
  .strictObject({ partNumbers: z.array(z.int().min(1).max(limits.maxParts)).min(1).max(partsSignedAtOnce) })
  .meta({ id: 'SignParts' });
export const signedPartsSchema = z.object({ parts: z.array(uploadPartSchema) }).meta({ id: 'SignedParts' });

/** As the storage gave it, with or without its quotes. */
const etagSchema = z
  .string()
  .max(128)
  .regex(/^[!-~]+$/, 'This is not an ETag of the storage');

export const completedPartSchema = z
  .strictObject({ partNumber: z.int().min(1).max(limits.maxParts), etag: etagSchema })
  .meta({ id: 'CompletedPart' });
export type CompletedPart = z.infer<typeof completedPartSchema>;
export const completeUploadSchema = z
  .strictObject({ parts: z.array(completedPartSchema).min(1).max(limits.maxParts) })
  .meta({ id: 'CompleteUpload' });
