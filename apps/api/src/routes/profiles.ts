import {
  createProfileSchema,
  pageQuerySchema,
  profileIdSchema,
  profilePageSchema,
  profileSchema,
  updateProfileSchema,
} from '@lathe/contracts';
import { deleteProfile, getProfile, insertProfile, inTransaction, listProfiles, updateProfile } from '@lathe/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { nothing, operation } from '../operation.ts';
import { organisationOf } from '../plugins/auth.ts';
import { once } from '../plugins/idempotency.ts';
import { found, notFound } from '../problem.ts';

const tags: [string] = ['Profiles'];
const params = z.object({ id: profileIdSchema });

export const profiles =
  (deps: Deps): FastifyPluginAsyncZod =>
  async (app) => {
    const { db } = deps;

    app.post('/profiles', { schema: createOperation }, async (request, reply) =>
      once(deps, request, reply, async (tx) => {
        const body = await insertProfile(tx, { organisationId: organisationOf(request), rules: request.body });
        return { status: 201, body, headers: { location: `/v1/profiles/${body.id}` } };
      }),
    );

    app.get('/profiles', { schema: listOperation }, (request) =>
      listProfiles(db, organisationOf(request), request.query),
    );

    app.get('/profiles/:id', { schema: getOperation }, async (request) =>
      found(await getProfile(db, organisationOf(request), request.params.id), 'profile'),
    );

    app.patch('/profiles/:id', { schema: updateOperation }, async (request) => {
      const change = (tx: Parameters<typeof updateProfile>[0]) =>
        updateProfile(tx, organisationOf(request), request.params.id, request.body);
      return found(await inTransaction(db, change), 'profile');
    });

    app.delete('/profiles/:id', { schema: deleteOperation }, async (request, reply) => {
      if (!(await deleteProfile(db, organisationOf(request), request.params.id))) throw notFound('profile');
      return reply.code(204).send();
    });
  };

const createOperation = operation({
  tags,
  summary: 'Create a profile',
  description:
    'A target of your own: what a distributor takes. Orders name it as `{"profile": "prf_…"}` and keep its rules as they are then; their files are made so, and every rule is checked on the delivered bytes.',
  body: createProfileSchema,
  answers: { 201: profileSchema },
  problems: ['limit_reached'],
  creates: true,
});
const listOperation = operation({
  tags,
  summary: 'List profiles',
  description: 'Newest first, a page at a time.',
  querystring: pageQuerySchema,
  answers: { 200: profilePageSchema },
  problems: ['invalid_cursor'],
});
const getOperation = operation({
  tags,
  summary: 'Get a profile',
  description: 'Its rules; null where it has none.',
  params,
  answers: { 200: profileSchema },
});
const updateOperation = operation({
  tags,
  summary: 'Change a profile',
  description: 'What is left out stays, null takes a rule away. Orders that were taken keep the rules they had.',
  params,
  body: updateProfileSchema,
  answers: { 200: profileSchema },
});
const deleteOperation = operation({
  tags,
  summary: 'Delete a profile',
  description: 'Orders that name it keep its rules.',
  params,
  answers: { 204: nothing },
});
