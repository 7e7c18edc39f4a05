import { z } from 'zod';
import { formatIdSchema } from './catalogue.ts';
import { lineSchema, pageOf, timestampSchema } from './common.ts';
import { type FormatId, formatIds, formats } from './formats.ts';
import { profileIdSchema } from './ids.ts';
import { limits } from './limits.ts';

/** A number within limits, with one sentence for whatever else it is. */
const within = (least: number, most: number, unit: string) => {
  const [from, to] = [least, most].map((number) => String(number).replace('-', '\u2212'));
  const sentence = `This is a number from ${from} to ${to}${unit}.`;
  return z.number(sentence).min(least, sentence).max(most, sentence);
};
const seconds = within(0, limits.maxDurationSeconds, ' seconds');
const fileBytesSentence = 'This is a whole number of bytes, one at least.';

/** What a distributor takes. Null: it says nothing about that. */
const rules = {
  name: lineSchema(100),
  targetLufs: within(limits.minTargetLufs, limits.maxTargetLufs, ' LUFS'),
  ceilingDbtp: within(limits.minCeilingDbtp, limits.maxCeilingDbtp, ' dBTP'),
  formats: z
    .array(formatIdSchema)
    .min(1, 'Choose at least one kind of file.')
    .max(formatIds.length)
    .refine((ids) => new Set(ids).size === ids.length, 'No format twice.')
    .meta({ description: 'What is made for it, in place of the formats of the order.' }),
  maxSampleRateHz: z
    .literal([44_100, 48_000, 88_200, 96_000, 176_400, 192_000])
    .nullable()
    .meta({ description: 'What is higher is brought down to the next rate of its family.' }),
  maxWordLengthBits: z.literal([16, 24]).nullable(),
  maxFileBytes: z
    .int(fileBytesSentence)
    .min(1, fileBytesSentence)
    .max(Number.MAX_SAFE_INTEGER, fileBytesSentence)
    .nullable(),
  metadata: z.enum(['any', 'forbidden', 'wanted']).meta({
    description:
      'Of what a file says about the music. Forbidden: nothing is written. Wanted: title and artist at least.',
  }),
  minDurationSeconds: seconds.nullable(),
  maxDurationSeconds: seconds.nullable(),
  maxHeadSilenceSeconds: seconds.nullable(),
  maxTailSilenceSeconds: seconds.nullable(),
};

const withDefaults = {
  ...rules,
  ceilingDbtp: rules.ceilingDbtp.default(-1),
  formats: rules.formats.default(['wav24']),
  maxSampleRateHz: rules.maxSampleRateHz.default(null),
  maxWordLengthBits: rules.maxWordLengthBits.default(null),
  maxFileBytes: rules.maxFileBytes.default(null),
  metadata: rules.metadata.default('any'),
  minDurationSeconds: rules.minDurationSeconds.default(null),
  maxDurationSeconds: rules.maxDurationSeconds.default(null),
  maxHeadSilenceSeconds: rules.maxHeadSilenceSeconds.default(null),
  maxTailSilenceSeconds: rules.maxTailSilenceSeconds.default(null),
};

type Contradicting = { formats: FormatId[]; maxWordLengthBits: number | null } & {
  minDurationSeconds: number | null;
  maxDurationSeconds: number | null;
};

const fitsWords = ({ formats: ids, maxWordLengthBits: most }: Contradicting): boolean =>
  most === null || ids.every((id) => formats[id].lossy || (formats[id].wordLengthBits ?? 32) <= most);
const fitsDurations = ({ minDurationSeconds: least, maxDurationSeconds: most }: Contradicting): boolean =>
  least === null || most === null || least <= most;

const wordsContradict = { message: 'A format has longer words than maxWordLengthBits.', path: ['formats'] };
const durationsContradict = { message: 'It is above maxDurationSeconds.', path: ['minDurationSeconds'] };

/** A tenant's own target: what a distributor takes, and what its files are checked against. */
export const createProfileSchema = z
  .strictObject(withDefaults)
  .refine(fitsWords, wordsContradict)
  .refine(fitsDurations, durationsContradict)
  .meta({ id: 'CreateProfile' });
export type ProfileRules = z.infer<typeof createProfileSchema>;
export type CreateProfileInput = z.input<typeof createProfileSchema>;

/** What is left out stays as it is; null takes a rule away. */
export const updateProfileSchema = z.strictObject(rules).partial().meta({ id: 'UpdateProfile' });
export type UpdateProfile = z.infer<typeof updateProfileSchema>;

/** The rules as an order keeps them: a later change of the profile changes no order. */
export const profileSnapshotSchema = z
  .strictObject({ id: profileIdSchema.optional(), ...withDefaults })
  .refine(fitsWords, wordsContradict)
  .refine(fitsDurations, durationsContradict)
  .meta({ id: 'ProfileSnapshot' });
export type ProfileSnapshot = z.infer<typeof profileSnapshotSchema>;

export const profileSchema = z
  .object({ id: profileIdSchema, ...rules, createdAt: timestampSchema, updatedAt: timestampSchema })
  .meta({ id: 'Profile' });
export type Profile = z.infer<typeof profileSchema>;
export const profilePageSchema = pageOf(profileSchema, 'ProfilePage');
