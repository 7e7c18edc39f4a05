import { type CreateProfileInput, createProfileSchema, type Profile } from '@lathe/contracts';

/** A profile as it is typed: text for what has a number or none, and the rest as it is. */
export type ProfileForm = Record<TextRule, string> & Pick<Profile, 'name' | 'formats' | 'metadata'>;
export type TextRule =
  | 'targetLufs'
  | 'ceilingDbtp'
  | 'maxSampleRateHz'
  | 'maxWordLengthBits'
  | 'maxFileMegabytes'
  | 'minDurationSeconds'
  | 'maxDurationSeconds'
  | 'maxHeadSilenceSeconds'
  | 'maxTailSilenceSeconds';

/** Where the service finds it. It knows a file's size in bytes. */
export const pointerOf = (rule: keyof ProfileForm): string =>
  rule === 'maxFileMegabytes' ? '/maxFileBytes' : `/${rule}`;

const bytesPerMegabyte = 1e6;
const text = (value: number | null): string => (value === null ? '' : String(value));

export function formOf(profile: Profile | null): ProfileForm {
  const rules = profile ?? createProfileSchema.parse({ name: 'New', targetLufs: -14 });
  return {
    name: profile?.name ?? '',
    formats: rules.formats,
    metadata: rules.metadata,
    targetLufs: text(rules.targetLufs),
    ceilingDbtp: text(rules.ceilingDbtp),
    maxSampleRateHz: text(rules.maxSampleRateHz),
    maxWordLengthBits: text(rules.maxWordLengthBits),
    maxFileMegabytes: text(rules.maxFileBytes === null ? null : rules.maxFileBytes / bytesPerMegabyte),
    minDurationSeconds: text(rules.minDurationSeconds),
    maxDurationSeconds: text(rules.maxDurationSeconds),
    maxHeadSilenceSeconds: text(rules.maxHeadSilenceSeconds),
    maxTailSilenceSeconds: text(rules.maxTailSilenceSeconds),
  };
}

/** A comma may stand before the decimals, and any dash for a minus. */
const number = (typed: string): number =>
  typed.trim() === ''
    ? Number.NaN
    : Number(
        typed
          .trim()
          .replace(',', '.')
          .replace(/^[\u2212\u2013]/, '-'),
      );
const numberOrNone = (typed: string): number | null => (typed.trim() === '' ? null : number(typed));

/** The rules as the service takes them; whether they are right is for it to say. What is empty is no rule. */
export function rulesOf({ name, formats, metadata, ...texts }: ProfileForm): CreateProfileInput {
  const fileMegabytes = numberOrNone(texts.maxFileMegabytes);
  return {
    ...{ name: name.trim(), formats, metadata },
    targetLufs: number(texts.targetLufs),
    ceilingDbtp: number(texts.ceilingDbtp),
    maxSampleRateHz: numberOrNone(texts.maxSampleRateHz) as Profile['maxSampleRateHz'],
    maxWordLengthBits: numberOrNone(texts.maxWordLengthBits) as Profile['maxWordLengthBits'],
    maxFileBytes: fileMegabytes === null ? null : Math.round(fileMegabytes * bytesPerMegabyte),
    minDurationSeconds: numberOrNone(texts.minDurationSeconds),
    maxDurationSeconds: numberOrNone(texts.maxDurationSeconds),
    maxHeadSilenceSeconds: numberOrNone(texts.maxHeadSilenceSeconds),
    maxTailSilenceSeconds: numberOrNone(texts.maxTailSilenceSeconds),
  };
}
