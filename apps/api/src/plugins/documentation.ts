import swagger from '@fastify/swagger';
import scalar from '@scalar/fastify-api-reference';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import type { OpenAPIV3_1 } from 'openapi-types';

/** OpenAPI 3.1, made of the schemas that check requests and answers. Register before any route. */
export async function registerOpenApi(app: FastifyInstance, publicUrl: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Lathe',
        version: '1',
        description: [
          'A mix goes in; masters that are right for every platform come out, each with a report that can be checked.',
          'Announce an upload, PUT its parts to the signed addresses, complete it, and order masters of the mix.',
          'Errors are problem details (RFC 9457) with a stable `code`.',
        ].join('\n\n'),
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: publicUrl }],
      components: {
        securitySchemes: {
          apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'lathe_live_…', description: 'An API key.' },
        },
      },
      security: [{ apiKey: [] }],
      tags,
    },
    transform: jsonSchemaTransform,
    transformObject: (input) => onlyUsedSchemas(jsonSchemaTransformObject(input) as OpenAPIV3_1.Document),
    convertConstToEnum: false,
  });
}

const tags = [
  { name: 'Uploads', description: 'Bytes on their way in, straight to the storage.' },
  { name: 'Mixes', description: 'What was uploaded, analysed once.' },
  { name: 'Masters', description: 'One mix, one order, and the finished files.' },
  { name: 'Catalogue', description: 'Platforms, styles and formats to choose from.' },
  { name: 'Webhooks', description: 'Who is told what, and every attempt.' },
  { name: 'API keys' },
  { name: 'Operations', description: 'For those who run the service.' },
];

/** Every schema exists in an input and an output form; only those somebody refers to are of interest. */
function onlyUsedSchemas(document: OpenAPIV3_1.Document): OpenAPIV3_1.Document {
  const all = document.components?.schemas ?? {};
  const used = new Set<string>();
  const visit = (json: string) => {
    for (const [, name = ''] of json.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name)) continue;
      used.add(name);
      visit(JSON.stringify(all[name] ?? {}));
    }
  };
  visit(JSON.stringify(document.paths ?? {}));
  const schemas = Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name)));
  return { ...document, components: { ...document.components, schemas } };
}

/** `/openapi.json`, and `/docs` to read it in a browser. */
export async function documentation(app: FastifyInstance): Promise<void> {
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply.header('access-control-allow-origin', '*').send(app.swagger()),
  );
  await app.register(async (docs) => {
    // The reader of the documentation brings inline scripts and styles; nothing else of ours is reachable from there.
    docs.addHook('onRequest', async (_request, reply) => {
      reply.header('content-security-policy', docsPolicy);
    });
    await docs.register(scalar, {
      routePrefix: '/docs',
      configuration: { url: '/openapi.json', pageTitle: 'Lathe API', withDefaultFonts: false, telemetry: false },
    });
  });
}

const docsPolicy = [
  "default-src 'none'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');
