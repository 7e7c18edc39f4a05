import {
  coverKey,
  createMasterSchema,
  formats,
  isTerminalMasterState,
  masterIdSchema,
  masterPageSchema,
  masterSchema,
  pageQuerySchema,
  renditionIdSchema,
} from '@lathe/contracts';
import {
  cancelMaster,
  getMaster,
  getMasterReport,
  getRendition,
  insertMaster,
  inTransaction,
  listMasters,
} from '@lathe/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { answerAddress, answerDownload, downloadAnswers, downloadQuerySchema } from '../download.ts';
import { createWaitUntil, waitQuerySchema } from '../long-poll.ts';
import { operation } from '../operation.ts';
import { signArchive } from '../plugins/archives.ts';
import { organisationOf } from '../plugins/auth.ts';
import { once } from '../plugins/idempotency.ts';
import { found, RequestProblem } from '../problem.ts';

const tags: [string] = ['Masters'];
const params = z.object({ id: masterIdSchema });
const renditionParams = params.extend({ renditionId: renditionIdSchema });

export const masters =
  (deps: Deps): FastifyPluginAsyncZod =>
  async (app) => {
    const { db, storage } = deps;
    const waitUntil = createWaitUntil(app);

    app.post('/masters', { schema: createOperation }, async (request, reply) => {
      const { mixId, ...order } = request.body;
      await refuseMissingCover(deps, organisationOf(request), order.coverSha256);
      return once(deps, request, reply, async (tx) => {
        const body = await insertMaster(tx, { organisationId: organisationOf(request), mixId, order });
        return { status: 202, body, headers: { location: `/v1/masters/${body.id}`, 'retry-after': '1' } };
      });
    });

    app.get('/masters', { schema: listOperation }, (request) =>
      listMasters(db, organisationOf(request), request.query),
    );

    app.get('/masters/:id', { schema: getOperation }, async (request, reply) => {
      const read = () => getMaster(db, organisationOf(request), request.params.id);
      return waitUntil(reply, request.query.wait, {
        read: async () => found(await read(), 'master'),
        ended: (master) => isTerminalMasterState(master.state),
      });
    });

    app.post('/masters/:id/cancel', { schema: cancelOperation }, async (request) => {
      const organisationId = organisationOf(request);
      return found(await inTransaction(db, (tx) => cancelMaster(tx, organisationId, request.params.id)), 'master');
    });

    app.get('/masters/:id/archive', { schema: archiveOperation }, async (request, reply) => {
      const { report } = found(await getMasterReport(db, organisationOf(request), request.params.id), 'master');
      if (report === null) throw new RequestProblem('wrong_state', 'There are no files until the master is ready.');
      return answerAddress(reply, signArchive(deps, request.params.id), request.query.redirect);
    });

    app.get('/masters/:id/renditions/:renditionId/download', { schema: downloadOperation }, async (request, reply) => {
      const { id: masterId, renditionId } = request.params;
      const address = { organisationId: organisationOf(request), masterId, renditionId };
      const { rendition, storageKey } = found(await getRendition(db, address), 'rendition');
      const as = { filename: rendition.filename, contentType: formats[rendition.format].contentType };
      return answerDownload(storage, reply, { storageKey, as, ...request.query });
    });
  };

async function refuseMissingCover({ storage }: Deps, organisationId: string, sha256: string | undefined) {
  if (sha256 !== undefined) found(await storage.head(coverKey(organisationId, sha256)), 'cover');
}

const createOperation = operation({
  tags,
  summary: 'Order masters of a mix',
  description: 'One or many targets at once. The answer comes at once; follow `Location` until the master has ended.',
  body: createMasterSchema,
  answers: { 202: masterSchema },
  problems: ['not_found', 'mix_not_ready', 'wrong_state', 'rules_not_kept'],
  creates: true,
});
const listOperation = operation({
  tags,
  summary: 'List masters',
  description: 'Newest first, a page at a time.',
  querystring: pageQuerySchema,
  answers: { 200: masterPageSchema },
  problems: ['invalid_cursor'],
});
const getOperation = operation({
  tags,
  summary: 'Get a master',
  description: 'Its state, progress, plan and finished files; with `wait` the answer comes when the master has ended.',
  params,
  querystring: waitQuerySchema,
  answers: { 200: masterSchema },
});
const cancelOperation = operation({
  tags,
  summary: 'Cancel a master',
  description: 'Repeating it is harmless.',
  params,
  answers: { 200: masterSchema },
  problems: ['wrong_state'],
});
const archiveOperation = operation({
  tags,
  summary: 'Download all files of a master',
  description:
    'Every finished file and the report as one ZIP, not compressed, streamed from a signed address. Asked for again, it is the same to the byte.',
  params,
  querystring: downloadQuerySchema,
  answers: downloadAnswers,
  problems: ['wrong_state'],
});
const downloadOperation = operation({
  tags,
  summary: 'Download a rendition',
  description: 'One finished file, by a signed address that takes ranges.',
  params: renditionParams,
  querystring: downloadQuerySchema,
  answers: downloadAnswers,
});
