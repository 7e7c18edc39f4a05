import { z } from 'zod';
import { lineSchema } from './common.ts';

const textSchema = lineSchema(300);
const numberSentence = 'This is a whole number from 1 to 999.';
const numberSchema = z.int(numberSentence).min(1, numberSentence).max(999, numberSentence);
const yearSentence = 'A year is a whole number from 1860 to 9999.';

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
    artists: z.array(textSchema).min(1, 'Give at least one name.').max(20, 'At most 20 names.'),
    album: textSchema,
    albumArtist: textSchema,
    trackNumber: numberSchema,
    discNumber: numberSchema,
    isrc: isrcSchema,
    upc: upcSchema,
    copyright: textSchema,
    label: textSchema,
    year: z.int(yearSentence).min(1860, yearSentence).max(9999, yearSentence),
    genre: textSchema,
    comment: lineSchema(1000),
  })
  .partial()
  .meta({ id: 'Metadata' });
export type Metadata = z.infer<typeof metadataSchema>;
