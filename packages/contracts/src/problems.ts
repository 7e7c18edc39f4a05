import { z } from 'zod';

type ProblemKind = { status: number; title: string };

/**
 * The closed catalogue of everything that can go wrong for a caller: a stable code, its HTTP status, and a sentence
 * an artist understands. Codes of audio that cannot be mastered also appear in `error.code` of a failed mix or master.
 */
export const problemCatalogue = {
  invalid_request: { status: 400, title: 'The request does not have the form this operation needs.' },
  malformed_json: { status: 400, title: 'The request body is not valid JSON.' },
  idempotency_key_missing: {
    status: 400,
    title: 'This operation creates something and needs an Idempotency-Key header.',
  },
  invalid_cursor: { status: 400, title: 'The cursor is not one this list gave out.' },
  unauthenticated: { status: 401, title: 'The API key is missing or not valid.' },
  forbidden: { status: 403, title: 'This API key may not do that.' },
  not_found: { status: 404, title: 'There is nothing here with that address or id.' },
  method_not_allowed: { status: 405, title: 'This address does not take that method.' },
  idempotency_key_in_flight: { status: 409, title: 'A request with this Idempotency-Key is still being worked on.' },
  wrong_state: { status: 409, title: 'That is not possible in the present state.' },
  mix_not_ready: { status: 409, title: 'The mix has not been analysed yet.' },
  limit_reached: { status: 409, title: 'There are already as many of these as allowed.' },
  too_large: { status: 413, title: 'The request or file is larger than allowed.' },
  unsupported_media_type: { status: 415, title: 'The body must be sent as application/json.' },
  idempotency_key_reused: { status: 422, title: 'This Idempotency-Key was used before with a different request.' },
  upload_incomplete: { status: 422, title: 'The parts that arrived do not add up to the announced file.' },
  checksum_mismatch: { status: 422, title: 'The bytes that arrived do not have the announced checksum.' },
  webhook_url_not_allowed: { status: 422, title: 'Webhooks must go to a public https address.' },
  rate_limited: { status: 429, title: 'Too many requests: please wait a little.' },
  internal: { status: 500, title: 'Something went wrong on our side. Nothing was lost.' },
  unavailable: { status: 503, title: 'The service cannot answer this just now. Please try again.' },
  signature_invalid: { status: 403, title: 'The signed address is not valid or has expired.' },

  rules_not_kept: { status: 422, title: 'A profile has a rule that these masters could not keep.' },
  not_a_cover: { status: 422, title: 'A cover is a JPEG or PNG file of at most 5 MB.' },

  // Audio that cannot be mastered.
  not_audio: { status: 422, title: 'This file is not audio that Lathe knows.' },
  malformed_audio: { status: 422, title: 'The header of this audio file contradicts itself.' },
  truncated_audio: { status: 422, title: 'The file ends before the audio its header announces.' },
  audio_checksum_mismatch: { status: 422, title: 'The audio is not what its own checksum says it was.' },
  audio_empty: { status: 422, title: 'The file holds no audio.' },
  audio_too_short: { status: 422, title: 'The audio is shorter than 0.4 seconds, too short to have a loudness.' },
  audio_too_long: { status: 422, title: 'The audio is longer than three hours.' },
  unsupported_encoding: { status: 422, title: 'The audio uses an encoding that Lathe does not read.' },
  unsupported_channels: { status: 422, title: 'Lathe masters mono and stereo; this file has more channels.' },
  unsupported_sample_rate: { status: 422, title: 'Lathe takes sample rates from 8 to 192 kHz.' },
  invalid_samples: { status: 422, title: 'The audio holds values that are not numbers (NaN or infinity).' },

  // The mastering itself.
  mastering_timeout: { status: 500, title: 'Mastering took longer than allowed and was stopped.' },
  mastering_out_of_memory: { status: 500, title: 'Mastering needed more memory than allowed and was stopped.' },
  mastering_crashed: { status: 500, title: 'Mastering stopped unexpectedly.' },
  quarantined: { status: 422, title: 'This file stopped the mastering three times and is set aside.' },
  source_missing: { status: 422, title: 'The uploaded file is no longer there.' },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemCatalogue;
export const problemCodes = Object.keys(problemCatalogue) as [ProblemCode, ...ProblemCode[]];
export const problemCodeSchema = z.enum(problemCodes);

/** Codes with which audio itself is refused: retrying cannot help. */
export const audioProblemCodes = [
  'not_audio',
  'malformed_audio',
  'truncated_audio',
  'audio_empty',
  'audio_too_short',
  'audio_too_long',
  'unsupported_encoding',
  'unsupported_channels',
  'unsupported_sample_rate',
  'invalid_samples',
] as const satisfies readonly ProblemCode[];
export type AudioProblemCode = (typeof audioProblemCodes)[number];

/** RFC 9457 problem details. `code` is the stable word to program against. */
export const problemSchema = z
  .object({
    type: z.string().meta({ description: 'Address of a page about this code.' }),
    title: z.string(),
    status: z.int(),
    code: problemCodeSchema,
    detail: z.string().optional(),
    requestId: z.string(),
    errors: z.array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
export type Problem = z.infer<typeof problemSchema>;

/** Why a mix or a master failed, in the resource itself. */
export const failureSchema = z.object({ code: problemCodeSchema, detail: z.string() }).meta({ id: 'Failure' });
export type Failure = z.infer<typeof failureSchema>;
