import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';

const notBuilt =
  'The website is not built. Run `npm run prepare`, then start again. The API is at /v1, its documentation at /docs.\n';

/** The artists' website. Files whose names carry a hash never change; the page itself is asked for anew each time. */
export const website =
  ({ websiteFolder }: Pick<Deps, 'websiteFolder'>) =>
  async (app: FastifyInstance): Promise<void> => {
    if (!existsSync(join(websiteFolder, 'index.html'))) {
      app.get('/', { schema: { hide: true } }, async (_request, reply) => reply.type('text/plain').send(notBuilt));
      return;
    }
    await app.register(fastifyStatic, {
      root: websiteFolder,
      wildcard: false,
      schemaHide: true,
      cacheControl: false,
      setHeaders: (response, path) => {
        const hashed = path.startsWith(join(websiteFolder, 'assets'));
        response.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  };
