import { type ProblemCode, problemCatalogue, problemSchema } from '@lathe/contracts';
import { z } from 'zod';

type Parts = {
  tags: [string];
  summary: string;
  description: string;
  params?: z.ZodType;
  querystring?: z.ZodType;
  body?: z.ZodType;
};

type Specification<A extends Record<number, z.ZodType>> = {
  /** What success looks like, by status. */
  answers: A;
  /** Problems of this very operation; those any operation can meet are added. */
  problems?: ProblemCode[];
  /** Creates something: takes an `Idempotency-Key`. */
  creates?: boolean;
  /** Needs no API key. */
  open?: boolean;
};

/** A success with a body, as Fastify wants it. */
type Answers<A> = { [S in keyof A]: A[S] };

const idempotencyHeaders = z.looseObject({
  'idempotency-key': z
    .string('The header Idempotency-Key is missing.')
    .min(1, 'The header Idempotency-Key is empty.')
    .max(255, 'The header Idempotency-Key is longer than 255 characters.')
    .meta({ description: 'Any text of your own, new for each thing to create; repeating it repeats the answer.' }),
});

/**
 * One schema for validation, answers and documentation. The problems every operation shares follow from what it takes:
 * a key, a body, an id.
 */
export function operation<P extends Parts, A extends Record<number, z.ZodType>>(spec: P & Specification<A>) {
  const { answers, problems = [], creates = false, open = false, ...parts } = spec;
  const codes = new Set<ProblemCode>([...problems, 'internal', 'unavailable']);
  if (!open) for (const code of ['unauthenticated', 'rate_limited'] as const) codes.add(code);
  if (parts.params) codes.add('not_found');
  if (parts.querystring || parts.body) codes.add('invalid_request');
  if (parts.body)
    for (const code of ['malformed_json', 'too_large', 'unsupported_media_type'] as const) codes.add(code);
  if (creates) for (const code of idempotencyCodes) codes.add(code);
  return {
    ...(parts as Omit<P, keyof Specification<A>>),
    operationId: idOf(parts.summary),
    ...(creates ? { headers: idempotencyHeaders } : {}),
    ...(open ? { security: [] } : {}),
    response: { ...problemAnswers(codes), ...answers } as Answers<A>,
  };
}

/** `Create an API key` is `createAnApiKey`. */
const idOf = (summary: string) =>
  summary
    .replace(/\W+$/, '')
    .toLowerCase()
    .replace(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase());

const idempotencyCodes = [
  'idempotency_key_missing',
  'idempotency_key_reused',
  'idempotency_key_in_flight',
] as const satisfies ProblemCode[];

/** One answer per status, whose description names the codes. */
function problemAnswers(codes: ReadonlySet<ProblemCode>): Record<number, unknown> {
  const byStatus = Map.groupBy(codes, (code) => problemCatalogue[code].status);
  const answers = [...byStatus].map(([status, group]) => {
    const description = group.map((code) => `\`${code}\`: ${problemCatalogue[code].title}`).join('\n\n');
    return [status, { description, content: { 'application/problem+json': { schema: problemSchema } } }];
  });
  return Object.fromEntries(answers);
}

/** For an answer without a body. */
export const nothing = z.undefined();
