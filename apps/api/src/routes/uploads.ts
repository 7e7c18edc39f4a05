import {
  completeUploadSchema,
  createdUploadSchema,
  createUploadSchema,
  mixSchema,
  signedPartsSchema,
  signPartsSchema,
  uploadIdSchema,
  uploadSchema,
} from '@lathe/contracts';
import { getUpload } from '@lathe/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { nothing, operation } from '../operation.ts';
import { organisationOf } from '../plugins/auth.ts';
import { once } from '../plugins/idempotency.ts';
import { found } from '../problem.ts';
import { abortWhole, completeWhole, openUpload, signParts } from '../upload-steps.ts';

const tags: [string] = ['Uploads'];
const params = z.object({ id: uploadIdSchema });

export const uploads =
  (deps: Deps): FastifyPluginAsyncZod =>
  async (app) => {
    app.post('/uploads', { schema: createOperation }, async (request, reply) =>
      once(deps, request, reply, async (tx) => {
        const body = await openUpload(deps, tx, organisationOf(request), request.body);
        return { status: 201, body, headers: { location: `/v1/uploads/${body.id}` } };
      }),
    );

    app.get('/uploads/:id', { schema: getOperation }, async (request) => {
      const stored = await getUpload(deps.db, organisationOf(request), request.params.id);
      return found(stored, 'upload').upload;
    });

    app.post('/uploads/:id/parts', { schema: signOperation }, async (request) => {
      const stored = await getUpload(deps.db, organisationOf(request), request.params.id);
      return { parts: await signParts(deps.storage, found(stored, 'upload'), request.body.partNumbers) };
    });

    app.post('/uploads/:id/complete', { schema: completeOperation }, async (request, reply) => {
      const stored = await getUpload(deps.db, organisationOf(request), request.params.id);
      const mix = await completeWhole(deps, organisationOf(request), found(stored, 'upload'), request.body.parts);
      return reply.code(201).header('location', `/v1/mixes/${mix.id}`).send(mix);
    });

    app.delete('/uploads/:id', { schema: abortOperation }, async (request, reply) => {
      await abortWhole(deps, organisationOf(request), request.params.id);
      return reply.code(204).send();
    });
  };

const createOperation = operation({
  tags,
  summary: 'Announce an upload',
  description:
    'Answers with signed addresses of the first hundred parts. PUT the bytes there, then complete the upload.',
  body: createUploadSchema,
  answers: { 201: createdUploadSchema },
  problems: ['audio_empty'],
  creates: true,
});
const getOperation = operation({
  tags,
  summary: 'Get an upload',
  description: 'Its state, and the mix once it is complete.',
  params,
  answers: { 200: uploadSchema },
});
const signOperation = operation({
  tags,
  summary: 'Sign parts',
  description: 'Addresses for further parts, or for the same ones again: each lives for 15 minutes.',
  params,
  body: signPartsSchema,
  answers: { 200: signedPartsSchema },
  problems: ['wrong_state'],
});
const completeOperation = operation({
  tags,
  summary: 'Complete an upload',
  description: 'Makes the mix of the parts that arrived, and analyses it. Repeating it gives the same mix.',
  params,
  body: completeUploadSchema,
  answers: { 201: mixSchema },
  problems: ['upload_incomplete', 'wrong_state'],
});
const abortOperation = operation({
  tags,
  summary: 'Abort an upload',
  description: 'Removes the parts that arrived. Repeating it is harmless.',
  params,
  answers: { 204: nothing },
  problems: ['wrong_state'],
});
