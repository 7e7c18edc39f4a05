import {
  createdWebhookEndpointSchema,
  createWebhookEndpointSchema,
  deliveryPageSchema,
  eventSchema,
  pageQuerySchema,
  updateWebhookEndpointSchema,
  webhookEndpointIdSchema,
  webhookEndpointPageSchema,
  webhookEndpointSchema,
} from '@lathe/contracts';
import {
  deleteWebhookEndpoint,
  getWebhookEndpoint,
  insertWebhookEndpoint,
  inTransaction,
  listDeliveries,
  listWebhookEndpoints,
  sendTestEvent,
  updateWebhookEndpoint,
} from '@lathe/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { nothing, operation } from '../operation.ts';
import { organisationOf } from '../plugins/auth.ts';
import { once } from '../plugins/idempotency.ts';
import { found, notFound, RequestProblem } from '../problem.ts';
import { webhookUrlObjection } from '../webhook-url.ts';

const tags: [string] = ['Webhooks'];
const params = z.object({ id: webhookEndpointIdSchema });

export const webhookEndpoints =
  (deps: Deps): FastifyPluginAsyncZod =>
  async (app) => {
    const { db } = deps;
    const refuseUnlessAllowed = (url: string) => {
      const objection = webhookUrlObjection(url, deps.allowPrivateWebhooks);
      if (objection !== null) throw new RequestProblem('webhook_url_not_allowed', objection);
    };

    app.post('/webhook-endpoints', { schema: createOperation }, async (request, reply) => {
      refuseUnlessAllowed(request.body.url);
      return once(deps, request, reply, async (tx) => {
        const body = await insertWebhookEndpoint(tx, { organisationId: organisationOf(request), ...request.body });
        const headers = { location: `/v1/webhook-endpoints/${body.id}`, 'cache-control': 'no-store' };
        return { status: 201, body, headers };
      });
    });

    app.get('/webhook-endpoints', { schema: listOperation }, (request) =>
      listWebhookEndpoints(db, organisationOf(request), request.query),
    );

    app.get('/webhook-endpoints/:id', { schema: getOperation }, async (request) =>
      found(await getWebhookEndpoint(db, organisationOf(request), request.params.id), 'webhook endpoint'),
    );

    app.patch('/webhook-endpoints/:id', { schema: updateOperation }, async (request) => {
      if (request.body.url !== undefined) refuseUnlessAllowed(request.body.url);
      const updated = await updateWebhookEndpoint(db, organisationOf(request), request.params.id, request.body);
      return found(updated, 'webhook endpoint');
    });

    app.delete('/webhook-endpoints/:id', { schema: deleteOperation }, async (request, reply) => {
      const deleted = await deleteWebhookEndpoint(db, organisationOf(request), request.params.id);
      if (!deleted) throw notFound('webhook endpoint');
      return reply.code(204).send();
    });

    app.post('/webhook-endpoints/:id/test', { schema: testOperation }, async (request, reply) => {
      const organisationId = organisationOf(request);
      const event = await inTransaction(db, (tx) => sendTestEvent(tx, organisationId, request.params.id));
      return reply.code(202).send(found(event, 'webhook endpoint'));
    });

    app.get('/webhook-endpoints/:id/deliveries', { schema: deliveriesOperation }, async (request) =>
      found(await listDeliveries(db, organisationOf(request), request.params.id, request.query), 'webhook endpoint'),
    );
  };

const createOperation = operation({
  tags,
  summary: 'Create a webhook endpoint',
  description:
    'Deliveries follow Standard Webhooks 1.0. The secret that signs them is shown in this answer and nowhere else.',
  body: createWebhookEndpointSchema,
  answers: { 201: createdWebhookEndpointSchema },
  problems: ['webhook_url_not_allowed', 'limit_reached'],
  creates: true,
});
const listOperation = operation({
  tags,
  summary: 'List webhook endpoints',
  description: 'Newest first, disabled ones too. Secrets are never shown again.',
  querystring: pageQuerySchema,
  answers: { 200: webhookEndpointPageSchema },
  problems: ['invalid_cursor'],
});
const getOperation = operation({
  tags,
  summary: 'Get a webhook endpoint',
  description: 'Where it leads, what it hears, and since when it is disabled, if it is.',
  params,
  answers: { 200: webhookEndpointSchema },
});
const updateOperation = operation({
  tags,
  summary: 'Change a webhook endpoint',
  description: 'What is left out stays. Enabling an endpoint forgets its failures.',
  params,
  body: updateWebhookEndpointSchema,
  answers: { 200: webhookEndpointSchema },
  problems: ['webhook_url_not_allowed'],
});
const deleteOperation = operation({
  tags,
  summary: 'Delete a webhook endpoint',
  description: 'Forgets it and its deliveries; nothing more is sent there.',
  params,
  answers: { 204: nothing },
});
const testOperation = operation({
  tags,
  summary: 'Send a test event',
  description: 'A `webhook.test` event to this endpoint alone, whatever it listens to.',
  params,
  answers: { 202: eventSchema },
  problems: ['wrong_state'],
});
const deliveriesOperation = operation({
  tags,
  summary: 'List deliveries',
  description: 'Every attempt to tell this endpoint something, newest first.',
  params,
  querystring: pageQuerySchema,
  answers: { 200: deliveryPageSchema },
  problems: ['invalid_cursor'],
});
