import { z } from 'zod';
import { sha256Schema } from './common.ts';
import { limits } from './limits.ts';

/** Of a base64 text of so many bytes. */
const base64Length = (bytes: number): number => 4 * Math.ceil(bytes / 3);

export const createCoverSchema = z
  .strictObject({
    imageBase64: z
      .base64()
      .max(base64Length(limits.maxCoverBytes))
      .meta({ description: 'A JPEG or PNG file of at most 5 MB.' }),
  })
  .meta({ id: 'CreateCover' });

/** A cover is known by its bytes: sent twice it is one. Orders name it by `coverSha256`. */
export const coverSchema = z
  .object({ sha256: sha256Schema, contentType: z.enum(['image/jpeg', 'image/png']), sizeBytes: z.int() })
  .meta({ id: 'Cover' });
export type Cover = z.infer<typeof coverSchema>;

/** Where a cover of an organisation lies. */
export const coverKey = (organisationId: string, sha256: string): string => `covers/${organisationId}/${sha256}`;

/** The picture by its first bytes; null for what is neither. */
export function coverTypeOf(bytes: Uint8Array): Cover['contentType'] | null {
  const begins = (...magic: number[]) => magic.every((byte, i) => bytes[i] === byte);
  if (begins(0xff, 0xd8, 0xff)) return 'image/jpeg';
  return begins(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a) ? 'image/png' : null;
}
