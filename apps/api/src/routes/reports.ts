import { masterIdSchema, masterReportSchema } from '@lathe/contracts';
import { getMasterReport } from '@lathe/database';
import { htmlOf, papers, pdfOf } from '@lathe/report';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { operation } from '../operation.ts';
import { organisationOf } from '../plugins/auth.ts';
import { found, RequestProblem } from '../problem.ts';

const tags: [string] = ['Masters'];
const params = z.object({ id: masterIdSchema });
const paperQuery = z.object({
  paper: z.enum(papers).default('a4').meta({ description: 'Of the PDF.' }),
});

/** One report in three forms: by its address, or by what the caller accepts. */
export const reports =
  ({ db }: Deps): FastifyPluginAsyncZod =>
  async (app) => {
    const read = async (request: FastifyRequest, id: z.infer<typeof masterIdSchema>) => {
      const { report } = found(await getMasterReport(db, organisationOf(request), id), 'master');
      if (report === null) throw new RequestProblem('wrong_state', 'There is no report until the master is ready.');
      // Older ones lack what has a default.
      return masterReportSchema.parse(report);
    };

    app.get('/masters/:id/report', { schema: jsonOperation }, async (request, reply) => {
      const { id } = request.params;
      const report = await read(request, id);
      reply.header('vary', 'accept');
      const form = acceptedForm(request.headers.accept);
      if (form === 'html') return sendPage(reply, htmlOf(report)) as never;
      if (form === 'pdf') return sendPdf(reply, id, await pdfOf(report)) as never;
      return report;
    });

    app.get('/masters/:id/report.html', { schema: htmlOperation }, async (request, reply) =>
      sendPage(reply, htmlOf(await read(request, request.params.id))),
    );

    app.get('/masters/:id/report.pdf', { schema: pdfOperation }, async (request, reply) => {
      const { id } = request.params;
      return sendPdf(reply, id, await pdfOf(await read(request, id), request.query.paper));
    });
  };

/** A report brings its own style, and nothing else. */
const pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";

const sendPage = (reply: FastifyReply, page: string) =>
  reply.header('content-security-policy', pagePolicy).type('text/html; charset=utf-8').send(page);

const sendPdf = (reply: FastifyReply, id: string, pdf: Uint8Array) =>
  reply
    .header('content-disposition', `inline; filename="${id}-report.pdf"`)
    .type('application/pdf')
    .send(Buffer.from(pdf));

const forms = { 'application/json': 'json', 'text/html': 'html', 'application/pdf': 'pdf', '*/*': 'json' } as const;

/** The form the caller likes best, of those there are; the first of equals. JSON where nothing is said. RFC 9110, 12.5.1. */
function acceptedForm(accept = '*/*'): (typeof forms)[keyof typeof forms] {
  const wishes = accept.split(',').flatMap((part) => {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const quality = Number(parameters.find((text) => text.startsWith('q='))?.slice(2) ?? 1);
    return type in forms && quality > 0 ? [{ form: forms[type as keyof typeof forms], quality }] : [];
  });
  return wishes.sort((a, b) => b.quality - a.quality)[0]?.form ?? 'json';
}

const jsonOperation = operation({
  tags,
  summary: 'Get the report of a master',
  description:
    'What was heard, what was done and why, and what was measured on every delivered file. JSON; with `Accept: text/html` or `application/pdf` the page or the PDF.',
  params,
  answers: { 200: masterReportSchema },
  problems: ['wrong_state'],
});
const htmlOperation = operation({
  tags,
  summary: 'Get the report of a master as a page',
  description: 'One file that needs nothing else: no script, no network. It can be printed on A4 and Letter.',
  params,
  answers: { 200: fileOf('text/html', 'The page.') },
  problems: ['wrong_state'],
});
const pdfOperation = operation({
  tags,
  summary: 'Get the report of a master as a PDF',
  description: 'The same report gives the same bytes.',
  params,
  querystring: paperQuery,
  answers: { 200: fileOf('application/pdf', 'The document.') },
  problems: ['wrong_state'],
});

/** An answer that is a file, as Fastify wants it. */
function fileOf(contentType: string, description: string): z.ZodType {
  const schema = z.string().meta({ format: 'binary' });
  return { description, content: { [contentType]: { schema } } } as unknown as z.ZodType;
}
