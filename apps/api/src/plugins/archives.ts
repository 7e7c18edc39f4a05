import { limits, type MasterReport, masterReportSchema } from '@lathe/contracts';
import { getMasterFiles, type MasterFile } from '@lathe/database';
import { htmlOf, pdfOf } from '@lathe/report';
import { attachment, createSigner, type Signer, type Storage } from '@lathe/storage';
import type { FastifyInstance } from 'fastify';
import { type ArchiveEntry, zipOf } from '../archive.ts';
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
      const { stream, sizeBytes } = zipOf(await entriesOf(deps.storage, masterReportSchema.parse(report), files));
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

async function entriesOf(
  storage: Storage,
  report: MasterReport,
  files: readonly MasterFile[],
): Promise<ArchiveEntry[]> {
  const masters = files.map(({ filename: name, sizeBytes, storageKey }) => ({
    ...{ name, sizeBytes },
    open: () => storage.read(storageKey),
  }));
  return [
    ...masters,
    { name: 'report.pdf', bytes: Buffer.from(await pdfOf(report)) },
    { name: 'report.html', bytes: Buffer.from(htmlOf(report)) },
    { name: 'report.json', bytes: Buffer.from(`${JSON.stringify(report, null, 2)}\n`) },
  ];
}
