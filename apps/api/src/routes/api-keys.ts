import {
  apiKeyIdSchema,
  apiKeyPageSchema,
  createApiKeySchema,
  createdApiKeySchema,
  pageQuerySchema,
} from '@lathe/contracts';
import { createApiKey, listApiKeys, revokeApiKey } from '@lathe/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { nothing, operation } from '../operation.ts';
import { organisationOf } from '../plugins/auth.ts';
import { once } from '../plugins/idempotency.ts';
import { found } from '../problem.ts';

const tags: [string] = ['API keys'];

export const apiKeys =
  (deps: Deps): FastifyPluginAsyncZod =>
  async (app) => {
    const { db } = deps;
    app.post('/api-keys', { schema: createOperation }, async (request, reply) =>
      once(deps, request, reply, async (tx) => {
        const { name } = request.body;
        const { apiKey, key } = await createApiKey(tx, { organisationId: organisationOf(request), name });
        return { status: 201, body: { ...apiKey, key }, headers: { 'cache-control': 'no-store' } };
      }),
    );

    app.get('/api-keys', { schema: listOperation }, (request) =>
      listApiKeys(db, organisationOf(request), request.query),
    );

    app.delete('/api-keys/:id', { schema: revokeOperation }, async (request, reply) => {
      found(await revokeApiKey(db, organisationOf(request), request.params.id), 'API key');
      return reply.code(204).send();
    });
  };

const createOperation = operation({
  tags,
  summary: 'Create an API key',
  description: 'The key is shown in this answer and nowhere else.',
  body: createApiKeySchema,
  answers: { 201: createdApiKeySchema },
  creates: true,
});
const listOperation = operation({
  tags,
  summary: 'List API keys',
  description: 'Newest first, revoked ones too. The keys themselves are never shown again.',
  querystring: pageQuerySchema,
  answers: { 200: apiKeyPageSchema },
  problems: ['invalid_cursor'],
});
const revokeOperation = operation({
  tags,
  summary: 'Revoke an API key',
  description: 'The key stops working at once. Repeating it is harmless.',
  params: z.object({ id: apiKeyIdSchema }),
  answers: { 204: nothing },
});
