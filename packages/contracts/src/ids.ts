import { z } from 'zod';

/** The kinds of things that have an id, and the prefix each id carries. */
export const idPrefixes = {
  organisation: 'org',
  apiKey: 'key',
  upload: 'upl',
  mix: 'mix',
  master: 'mst',
  rendition: 'rnd',
  profile: 'prf',
  event: 'evt',
  webhookEndpoint: 'whe',
  delivery: 'dlv',
} as const;

export type IdKind = keyof typeof idPrefixes;

/** `mst_` and 26 characters of Crockford base 32 that sort by time of creation (the ULID layout, in lower case). */
const idSchema = (kind: IdKind) =>
  z
    .string()
    .regex(new RegExp(`^${idPrefixes[kind]}_[0-9a-hjkmnp-tv-z]{26}$`))
    .meta({ examples: [`${idPrefixes[kind]}_01jd7x5c2v8m3k9p4q6r7s8t9w`] });

export const organisationIdSchema = idSchema('organisation');
export const apiKeyIdSchema = idSchema('apiKey');
export const uploadIdSchema = idSchema('upload');
export const mixIdSchema = idSchema('mix');
export const masterIdSchema = idSchema('master');
export const renditionIdSchema = idSchema('rendition');
export const profileIdSchema = idSchema('profile');
export const eventIdSchema = idSchema('event');
export const webhookEndpointIdSchema = idSchema('webhookEndpoint');
export const deliveryIdSchema = idSchema('delivery');
