import { createHash } from 'node:crypto';
import { type Tx, withIdempotency } from '@lathe/database';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Deps } from '../deps.ts';
import { organisationOf } from './auth.ts';

/** Asks for the headers an operation needs before its body is even read: a body may be wrong in many ways. */
export function registerHeaderCheck(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    const schema = request.routeOptions.schema?.headers as z.ZodType | undefined;
    const checked = schema?.safeParse(request.headers);
    if (checked?.error) throw Object.assign(checked.error, { validationContext: 'headers' });
  });
}

type Answer = { status: number; body: unknown; headers?: Record<string, string> };

/**
 * Does what a creating request asks for once, however often it is sent. The key, the effect and the answer are written in
 * one transaction; a repetition gets the stored answer and `Idempotent-Replayed: true`.
 */
export async function once(
  { db }: Pick<Deps, 'db'>,
  request: FastifyRequest,
  reply: FastifyReply,
  effect: (tx: Tx) => Promise<Answer>,
): Promise<never> {
  const identity = {
    organisationId: organisationOf(request),
    key: request.headers['idempotency-key'] as string,
    requestHash: requestHash(request),
  };
  const answer = await withIdempotency(db, identity, effect);
  reply.code(answer.status).headers(answer.headers);
  if (answer.replayed) reply.header('idempotent-replayed', 'true');
  return answer.body as never;
}

function requestHash({ method, url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(`${method} ${url}\n${canonicalJson(body)}`)
    .digest('hex');
}

/** JSON with the keys of every object in order. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
