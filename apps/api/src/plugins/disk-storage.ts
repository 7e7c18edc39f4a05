import { type DiskStorage, type Storage, signedAddressCorsHeaders } from '@lathe/storage';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Deps } from '../deps.ts';

/** Serves the signed addresses of files on disk. With S3 they lead to the store itself, and there is nothing to serve. */
export const diskStorage =
  ({ storage }: Pick<Deps, 'storage'>) =>
  async (app: FastifyInstance): Promise<void> => {
    if (!isOnDisk(storage)) return;
    // Bytes are taken as they come, whatever they call themselves.
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _body, done) => done(null));
    app.addHook('onRequest', async (_request, reply) => {
      reply.headers({ ...signedAddressCorsHeaders, 'cross-origin-resource-policy': 'cross-origin' });
    });
    const schema = { hide: true };

    app.put('/storage/parts/*', { schema }, async (request, reply) => {
      const { etag } = await storage.acceptPart(request.url, request.headers, request.raw);
      return reply.header('etag', etag).send();
    });
    app.get('/storage/objects/*', { schema }, async (request, reply) => {
      const { status, headers, body } = await storage.openDownload(request.url, request.headers.range);
      return reply
        .code(status)
        .headers(headers)
        .send(body ?? '');
    });
    app.options('/storage/*', { schema }, async (_request, reply): Promise<FastifyReply> => reply.code(204).send());
  };

const isOnDisk = (storage: Storage): storage is DiskStorage => 'acceptPart' in storage;
