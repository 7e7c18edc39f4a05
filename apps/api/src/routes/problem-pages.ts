import { type ProblemCode, problemCatalogue, problemCodeSchema } from '@lathe/contracts';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';

/** Where the `type` of a problem leads. */
export const problemPages: FastifyPluginAsyncZod = async (app) => {
  const schema = { hide: true, params: z.object({ code: problemCodeSchema }) };
  app.get('/problems/:code', { schema }, async (request, reply) =>
    reply.type('text/html; charset=utf-8').send(pageOf(request.params.code)),
  );
};

const pageOf = (code: ProblemCode) => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${code} · Lathe</title>
<h1>${code}</h1>
<p>${problemCatalogue[code].title}</p>
<p>HTTP status ${problemCatalogue[code].status}. The <code>detail</code> of the problem says more about the very case,
and its <code>requestId</code> finds it in the logs.</p>
<p><a href="/docs/">API documentation</a></p>
</html>
`;
