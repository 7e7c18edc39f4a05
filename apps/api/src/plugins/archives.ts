import { limits, masterReportSchema } from '@lathe/contracts';
import { getMasterFiles } from '@lathe/database';
import { archiveOf } from '@lathe/report';
import { attachment, createSigner, type Signer } from '@lathe/storage';
import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';
import { found } from '../problem.ts';

const address = { method: 'GET', path: '/archives/' } as const;

const signerOf = ({ publicUrl, secret }: Pick<Deps, 'publicUrl' | 'secret'>): Signer =>
  createSigner({ publicUrl, secret, lifetimeSeconds: limits.signedUrlSeconds });

/** Where all files of a master can be fetched as one, without an API key, for a while. */
export const signArchive = (deps: Pick<Deps, 'publicUrl' | 'secret'>, masterId: string) =>
  signerOf(deps).sign({ ...address, key: masterId, parameters: {} });

/** Serves the signed addresses of archives: the files stream from the storage through here, and are held nowhere. */
export const archives =
  (deps: Pick<Deps, 'db' | 'storage' | 'publicUrl' | 'secret'>) =>
  async (app: FastifyInstance): Promise<void> => {
    const signer = signerOf(deps);
    const options = { schema: { hide: true }, exposeHeadRoute: false };
    app.get('/archives/*', options, async (request, reply) => {
      const { key: masterId } = signer.verify(address, request.url);
      const { report, files } = found(await getMasterFiles(deps.db, masterId), 'master');
      const masters = files.map(({ filename: name, sizeBytes, storageKey }) => ({
        ...{ name, sizeBytes },
        open: () => deps.storage.read(storageKey),
      }));
      const { stream, sizeBytes } = await archiveOf(masterReportSchema.parse(report), masters);
      return reply
        .headers({
          'content-type': 'application/zip',
          'content-length': sizeBytes,
          'content-disposition': attachment(`${report.title ?? masterId} masters.zip`),
          'cache-control': 'no-store',
        })
        .send(stream);
    });
  };
