import { z } from 'zod';
import { lineSchema } from './common.ts';

const textSchema = lineSchema(300);
const numberSchema = z.int().min(1).max(999);

/** ISO 3901: country, registrant, year, number; the hyphens people write are left out of what is kept. */
export const isrcSchema = z
  .string()
  .regex(/^[A-Z]{2}-?[A-Z0-9]{3}-?\d{2}-?\d{5}$/, 'An ISRC has the form CCXXXYYNNNNN, e.g. DEA232600001.')
  .overwrite((code) => code.replaceAll('-', ''))
  .meta({ examples: ['DEA232600001'] });

/** GS1: 12 digits (UPC-A) or 13 (EAN-13), the last of which checks the others. */
export const upcSchema = z
  .string()
  .regex(/^\d{12,13}$/, 'A UPC has 12 digits, an EAN 13.')
  .refine(hasCheckDigit, 'The last digit does not fit the others.')
  .meta({ examples: ['4006381333931'] });

/** Weights 3 and 1 from the right, beginning left of the check digit; the sum of all is a multiple of ten. */
function hasCheckDigit(code: string): boolean {
  const digits = [...code].reverse().map(Number);
  return digits.reduce((sum, digit, i) => sum + digit * (i % 2 === 0 ? 1 : 3), 0) % 10 === 0;
}

/** What is written into the files about the music. */
export const metadataSchema = z
  .strictObject({
    title: textSchema,
    artists: z.array(textSchema).min(1).max(20),
    album: textSchema,
    albumArtist: textSchema,
    trackNumber: numberSchema,
    discNumber: numberSchema,
    isrc: isrcSchema,
    upc: upcSchema,
    copyright: textSchema,
    label: textSchema,
    year: z.int().min(1860).max(9999),
    genre: textSchema,
    comment: lineSchema(1000),
  })
  .partial()
  .meta({ id: 'Metadata' });
export type Metadata = z.infer<typeof metadataSchema>;
