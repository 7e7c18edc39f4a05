import { z } from 'zod';
import { lineSchema, pageOf, timestampSchema } from './common.ts';
import { apiKeyIdSchema } from './ids.ts';

/** `lathe_live_` or `lathe_test_`, 32 characters of base 62, and 6 more that check them. */
export const apiKeyPattern = /^lathe_(live|test)_[0-9A-Za-z]{38}$/;

export const createApiKeySchema = z.strictObject({ name: lineSchema(80) }).meta({ id: 'CreateApiKey' });
export const apiKeySchema = z
  .object({
    id: apiKeyIdSchema,
    name: z.string(),
    /** The last four characters, to tell keys apart. */
    hint: z.string(),
    createdAt: timestampSchema,
    lastUsedAt: timestampSchema.nullable(),
    revokedAt: timestampSchema.nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof apiKeySchema>;
/** The key itself is shown this once. */
export const createdApiKeySchema = apiKeySchema.extend({ key: z.string() }).meta({ id: 'CreatedApiKey' });
export type CreatedApiKey = z.infer<typeof createdApiKeySchema>;
export const apiKeyPageSchema = pageOf(apiKeySchema, 'ApiKeyPage');
