import { z } from 'zod';
import { limits } from './limits.ts';

export const timestampSchema = z.iso.datetime().meta({ examples: ['2026-11-22T19:40:00.000Z'] });
export const sha256Schema = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: 'SHA-256 of the bytes, lower-case hex.' });

/** A name that somebody chose: one line of text. A database cannot hold every control character, and a header none. */
export const lineSchema = (maxCharacters: number) =>
  z
    .string()
    .min(1, 'At least one character.')
    .max(maxCharacters, `At most ${maxCharacters} characters.`)
    .regex(/^\P{Cc}*$/u, 'Control characters are not allowed here.');

export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(limits.maxPageSize).default(20),
  cursor: z.string().max(512).optional(),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

/** A list: newest first, opaque cursor to the next page, no totals. */
export const pageOf = <T extends z.ZodType>(item: T, id: string) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable() }).meta({ id });
export type Page<T> = { data: T[]; nextCursor: string | null };

/** Where bytes can be fetched without an API key, for a while. */
export const signedDownloadSchema = z
  .object({ url: z.string(), expiresAt: timestampSchema })
  .meta({ id: 'SignedDownload' });
export type SignedDownload = z.infer<typeof signedDownloadSchema>;
