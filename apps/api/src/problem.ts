import { limits, type Problem, type ProblemCode, problemCatalogue } from '@lathe/contracts';
import { Refusal } from '@lathe/database';
import { StorageError, type StorageErrorCode } from '@lathe/storage';
import type { FastifyError } from 'fastify';
import { z } from 'zod';

type Details = {
  detail?: string;
  errors?: { pointer: string; code: string; detail: string }[];
  headers?: Record<string, string>;
};
/** Everything a caller is told about what went wrong. */
export type Described = Details & { code: ProblemCode };

/** Thrown where a request cannot be granted; everything in it is for the caller's eyes. */
export class RequestProblem extends Error {
  readonly described: Described;
  constructor(code: ProblemCode, detail?: string, headers?: Record<string, string>) {
    super(detail ?? problemCatalogue[code].title);
    this.name = 'RequestProblem';
    this.described = { code, ...(detail === undefined ? {} : { detail }), ...(headers ? { headers } : {}) };
  }
}

export const notFound = (what: string) => new RequestProblem('not_found', `There is no such ${what}.`);

/** Passes on what was found; what was not found, or belongs to someone else, is a 404. */
export function found<T>(it: T | null, what: string): T {
  if (it === null) throw notFound(what);
  return it;
}

/** RFC 9457, with the catalogue's status and title. */
export function problemDetails(described: Described, context: { publicUrl: string; requestId: string }): Problem {
  const { code, detail, errors } = described;
  return {
    type: `${context.publicUrl}/problems/${code}`,
    ...problemCatalogue[code],
    code,
    ...(detail === undefined ? {} : { detail }),
    requestId: context.requestId,
    ...(errors ? { errors } : {}),
  };
}

/** Finds the words for any error. What nobody foresaw is `internal` and says nothing of its cause. */
export function describeError(error: unknown): Described {
  if (error instanceof RequestProblem) return error.described;
  if (error instanceof Refusal) return { code: error.code, detail: error.message, ...retryHeaders(error.code) };
  if (error instanceof StorageError) return describeStorage(error);
  if (error instanceof z.core.$ZodError) return describeInvalid(error);
  const code = frameworkCodes[(error as Partial<FastifyError>).code ?? ''];
  if (code) return { code };
  const status = (error as Partial<FastifyError>).statusCode ?? 500;
  if (status >= 400 && status < 500) return { code: 'invalid_request' };
  return isOutage(error) ? { code: 'unavailable', ...retryHeaders('unavailable') } : { code: 'internal' };
}

const retryHeaders = (code: ProblemCode) =>
  code === 'idempotency_key_in_flight' || code === 'unavailable' ? { headers: { 'retry-after': '1' } } : {};

/** Where the files lie, and why they cannot be had, is for the log only. */
function describeStorage({ code, message }: StorageError): Described {
  if (code === 'unavailable') return { code, ...retryHeaders(code) };
  return { code: storageCodes[code], detail: message };
}

const storageCodes: Record<Exclude<StorageErrorCode, 'unavailable'>, ProblemCode> = {
  not_found: 'not_found',
  parts_missing: 'upload_incomplete',
  wrong_length: 'upload_incomplete',
  signature_invalid: 'signature_invalid',
};

const frameworkCodes: Record<string, ProblemCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_BAD_URL: 'not_found',
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
};

/** The database or the network is away: another try may succeed. Prisma hides what Postgres said in `meta`. */
function isOutage(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, cause, meta } = error as { code?: unknown; cause?: unknown; meta?: { driverAdapterError?: unknown } };
  return outageCodes.has(String(code)) || isOutage(cause) || isOutage(meta?.driverAdapterError);
}
/** Node's, Prisma's (server unreachable, timed out, connection closed, pool exhausted) and Postgres' shutdown codes. */
const outageCodes = new Set(
  'ECONNREFUSED ECONNRESET ENOTFOUND ETIMEDOUT EPIPE P1001 P1002 P1008 P1017 P2024 P2028 57P01 57P02 57P03'.split(' '),
);

/** Fastify notes where the error lies on the error itself. */
type Located = z.core.$ZodError & { validationContext?: 'params' | 'body' | 'querystring' | 'headers' };

function describeInvalid(error: Located): Described {
  const where = error.validationContext ?? 'body';
  if (where === 'params') return { code: 'not_found', detail: 'There is nothing with an id like this.' };
  const errors = error.issues.flatMap((issue) => flatten(issue, []));
  const sentences = errors.map(({ pointer, detail }) => (pointer === '' ? detail : `${pointer}: ${detail}`));
  if (where === 'headers') return { code: 'idempotency_key_missing', detail: sentences.join(' '), errors };
  const ofSize = error.issues.find(({ path }) => path.at(-1) === 'sizeBytes')?.code;
  if (ofSize === 'too_big') {
    return { code: 'too_large', detail: `A file may have at most ${limits.maxUploadBytes / 1024 ** 3} GiB.`, errors };
  }
  if (ofSize === 'too_small') return { code: 'audio_empty', detail: 'A file has at least one byte.', errors };
  const part = where === 'body' ? 'body' : 'query';
  return { code: 'invalid_request', detail: `The ${part} is not as it should be: ${sentences.join('; ')}`, errors };
}

type Path = readonly PropertyKey[];

/** Of a choice that fits nothing, the branch that came furthest explains best what is wrong. */
function flatten(issue: z.core.$ZodIssue, parent: Path): NonNullable<Details['errors']> {
  const path = [...parent, ...issue.path];
  if (issue.code === 'invalid_union') {
    const furthest = issue.errors.toSorted((a, b) => depthOf(b) - depthOf(a))[0];
    if (furthest && depthOf(furthest) > 0) return furthest.flatMap((inner) => flatten(inner, path));
  }
  return [{ pointer: pointerTo(path), code: issue.code, detail: issue.message }];
}

const depthOf = (issues: readonly z.core.$ZodIssue[]) =>
  Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)));

/** JSON Pointer, RFC 6901. */
const pointerTo = (path: Path) =>
  path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
