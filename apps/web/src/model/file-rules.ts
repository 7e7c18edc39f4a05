import { type Format, formatRateHz, formats } from '@lathe/contracts';
import { hertz, textOf } from './format.ts';
import type { Catalogue, Draft, Platform } from './state.ts';

/** Whether any file of the order has words that are dithered. */
export function isDithered({ formats: ids, profiles, targets }: Draft): boolean {
  const hasWords = ids.some((id) => formats[id].wordLengthBits !== null);
  return (hasWords && targets.length > 0) || profiles.length > 0;
}

/** Chosen platforms and formats that have a rate or a word length of their own, whatever the order says. */
export function ownRules(draft: Draft, { platforms }: Pick<Catalogue, 'platforms'>): string[] {
  const ofPlatforms = platforms.filter(({ id }) => draft.targets.includes(id)).flatMap(platformRule);
  const { sampleRateHz } = draft;
  if (sampleRateHz === 'source') return ofPlatforms;
  const ofFormats = draft.formats.flatMap((id) => {
    const rateHz = formatRateHz(id, sampleRateHz);
    const { name }: Format = formats[id];
    return rateHz === sampleRateHz ? [] : [`${name} ${textOf(hertz(rateHz))}`];
  });
  return [...ofPlatforms, ...ofFormats];
}

function platformRule({ name, sampleRateHz, wordLengthBits }: Platform): string[] {
  const rules = [
    sampleRateHz === null ? null : textOf(hertz(sampleRateHz)),
    wordLengthBits === null ? null : `${wordLengthBits}\u00a0bit`,
  ].filter((rule) => rule !== null);
  return rules.length === 0 ? [] : [`${name} ${rules.join(', ')}`];
}
