import { formats, masterIdSchema, previewSides } from '@lathe/contracts';
import { getPreview } from '@lathe/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { answerDownload, downloadAnswers, downloadQuerySchema } from '../download.ts';
import { operation } from '../operation.ts';
import { organisationOf } from '../plugins/auth.ts';
import { found, RequestProblem } from '../problem.ts';

export const previews =
  ({ db, storage }: Deps): FastifyPluginAsyncZod =>
  async (app) => {
    app.get('/masters/:id/preview', { schema: previewOperation }, async (request, reply) => {
      const { id } = request.params;
      const { side, redirect } = request.query;
      const { preview: stored, ended } = found(await getPreview(db, organisationOf(request), id), 'master');
      if (stored === null) throw new RequestProblem('not_found', ended ? gone : notYet);
      const { extension, contentType } = formats[stored.preview.format];
      const as = { filename: `${id}-preview-${side}.${extension}`, contentType };
      return answerDownload(storage, reply, { storageKey: stored.storageKeys[side], as, redirect });
    });
  };

const notYet = 'There is no preview yet. It comes within seconds of the work’s start, for songs of a minute or more.';
const gone = 'A preview is there only while its master is being made; this one has ended.';

const previewOperation = operation({
  tags: ['Masters'],
  summary: 'Listen to a preview of a master',
  description:
    'The loudest 30 s as they will be in the master of the first target, or as they are in the mix, equally loud, by a signed address that takes ranges. There while the master is being made, from the event `master.preview` on.',
  params: z.object({ id: masterIdSchema }),
  querystring: downloadQuerySchema.extend({
    side: z.enum(previewSides).default('master').meta({ description: 'Both have the same length, and play in step.' }),
  }),
  answers: downloadAnswers,
});
