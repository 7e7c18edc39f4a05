import { authenticate } from '@lathe/database';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Deps } from '../deps.ts';
import { RequestProblem } from '../problem.ts';

type Caller = { organisationId: string; apiKeyId: string };

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is asking; null outside `/v1` and until the key was checked. */
    caller: Caller | null;
  }
}

/** Recognises the caller, counts the request against that caller (or address), and lets nobody unknown pass. */
export function registerAuth(app: FastifyInstance, { db }: Pick<Deps, 'db'>): void {
  app.decorateRequest('caller', null);
  app.addHook('onRequest', async (request) => {
    const key = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    request.caller = key === undefined ? null : await authenticate(db, key);
  });
  app.addHook('onRequest', app.rateLimit());
  app.addHook('onRequest', async (request) => {
    if (request.caller === null) throw unauthenticated(request);
  });
}

const unauthenticated = (request: FastifyRequest) =>
  new RequestProblem(
    'unauthenticated',
    request.headers.authorization === undefined
      ? 'Send your API key in the header: Authorization: Bearer lathe_live_…'
      : 'This API key is not known, mistyped or revoked.',
    { 'www-authenticate': 'Bearer realm="lathe"' },
  );

/** The organisation whose things this request may see. */
export function organisationOf(request: FastifyRequest): string {
  if (request.caller === null) throw new Error('A route outside the authenticated scope asked for its caller.');
  return request.caller.organisationId;
}
