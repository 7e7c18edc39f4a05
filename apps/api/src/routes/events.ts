import { eventIdSchema, eventPageSchema, limits } from '@lathe/contracts';
import { listEvents } from '@lathe/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { operation } from '../operation.ts';
import { organisationOf } from '../plugins/auth.ts';

export const events =
  ({ db }: Deps): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/events', { schema: listOperation }, (request) => listEvents(db, organisationOf(request), request.query));
  };

const listOperation = operation({
  tags: ['Webhooks'],
  summary: 'List events',
  description: 'What happened, oldest first: everything webhooks tell, to be read at leisure.',
  querystring: z.object({
    after: eventIdSchema.optional().meta({ description: 'The last event seen; only later ones are listed.' }),
    limit: z.coerce.number().int().min(1).max(limits.maxPageSize).default(limits.maxPageSize),
  }),
  answers: { 200: eventPageSchema },
});
