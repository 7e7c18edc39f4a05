import { mixIdSchema, mixPageSchema, mixSchema, pageQuerySchema, peaksSchema } from '@lathe/contracts';
import { deleteMix, getMix, getMixPeaks, getMixSource, inTransaction, listMixes } from '@lathe/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { answerDownload, downloadAnswers, downloadQuerySchema } from '../download.ts';
import { createWaitUntil, waitQuerySchema } from '../long-poll.ts';
import { nothing, operation } from '../operation.ts';
import { organisationOf } from '../plugins/auth.ts';
import { found, RequestProblem } from '../problem.ts';

const tags: [string] = ['Mixes'];
const params = z.object({ id: mixIdSchema });

export const mixes =
  (deps: Deps): FastifyPluginAsyncZod =>
  async (app) => {
    const { db, storage } = deps;
    const waitUntil = createWaitUntil(app);

    app.get('/mixes', { schema: listOperation }, (request) => listMixes(db, organisationOf(request), request.query));

    app.get('/mixes/:id', { schema: getOperation }, async (request, reply) => {
      const read = () => getMix(db, organisationOf(request), request.params.id);
      return waitUntil(reply, request.query.wait, {
        read: async () => found(await read(), 'mix'),
        ended: (mix) => mix.state !== 'probing',
      });
    });

    app.get('/mixes/:id/peaks', { schema: peaksOperation }, async (request) => {
      const { peaks } = found(await getMixPeaks(db, organisationOf(request), request.params.id), 'mix');
      if (peaks === null) throw new RequestProblem('mix_not_ready', 'There are no peaks until the mix is ready.');
      return peaks;
    });

    app.get('/mixes/:id/source', { schema: sourceOperation }, async (request, reply) => {
      const source = found(await getMixSource(db, organisationOf(request), request.params.id), 'mix');
      const { storageKey, filename, contentType } = source;
      return answerDownload(storage, reply, { storageKey, as: { filename, contentType }, ...request.query });
    });

    app.delete('/mixes/:id', { schema: deleteOperation }, async (request, reply) => {
      const organisationId = organisationOf(request);
      const deleted = await inTransaction(db, (tx) => deleteMix(tx, organisationId, request.params.id));
      for (const key of found(deleted, 'mix').storageKeys) await storage.remove(key);
      return reply.code(204).send();
    });
  };

const listOperation = operation({
  tags,
  summary: 'List mixes',
  description: 'Newest first, a page at a time.',
  querystring: pageQuerySchema,
  answers: { 200: mixPageSchema },
  problems: ['invalid_cursor'],
});
const getOperation = operation({
  tags,
  summary: 'Get a mix',
  description: 'Its state and analysis; with `wait` the answer comes when the analysis has ended.',
  params,
  querystring: waitQuerySchema,
  answers: { 200: mixSchema },
});
const peaksOperation = operation({
  tags,
  summary: 'Get the peaks of a mix',
  description: 'For drawing a waveform.',
  params,
  answers: { 200: peaksSchema },
  problems: ['mix_not_ready'],
});
const sourceOperation = operation({
  tags,
  summary: 'Download the source of a mix',
  description: 'The bytes that were uploaded, unchanged, by a signed address that takes ranges.',
  params,
  querystring: downloadQuerySchema,
  answers: downloadAnswers,
});
const deleteOperation = operation({
  tags,
  summary: 'Delete a mix',
  description: 'With its upload and its masters, files included. Unfinished masters are cancelled.',
  params,
  answers: { 204: nothing },
});
