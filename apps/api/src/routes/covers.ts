import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { coverKey, coverSchema, coverTypeOf, createCoverSchema, limits } from '@lathe/contracts';
import type { Storage } from '@lathe/storage';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import type { Deps } from '../deps.ts';
import { operation } from '../operation.ts';
import { organisationOf } from '../plugins/auth.ts';
import { RequestProblem } from '../problem.ts';

/** The largest cover in base64, and the JSON around it. */
const bodyLimit = 2 * limits.maxCoverBytes;

export const covers =
  ({ storage }: Deps): FastifyPluginAsyncZod =>
  async (app) => {
    app.post('/covers', { schema: createOperation, bodyLimit }, async (request, reply) => {
      const bytes = Buffer.from(request.body.imageBase64, 'base64');
      const contentType = coverTypeOf(bytes);
      if (contentType === null || bytes.length > limits.maxCoverBytes) throw new RequestProblem('not_a_cover');
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      await keep(storage, coverKey(organisationOf(request), sha256), bytes, contentType);
      return reply.code(201).send({ sha256, contentType, sizeBytes: bytes.length });
    });
  };

/** Later ones are still there when the order comes. */
const freshMs = (1000 * limits.unnamedCoverSeconds) / 2;

/** Sent once more it is written once more, lest it be swept as one that nobody has named in time. The storage takes files. */
async function keep(storage: Storage, key: string, bytes: Buffer, contentType: string): Promise<void> {
  const known = await storage.head(key);
  if (known && Date.now() - known.modifiedAt.getTime() < freshMs) return;
  const folder = await mkdtemp(join(tmpdir(), 'lathe-cover-'));
  try {
    const path = join(folder, 'cover');
    await writeFile(path, bytes);
    await storage.putFile(key, path, contentType);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const createOperation = operation({
  tags: ['Masters'],
  summary: 'Send a cover',
  description:
    'A picture for the files of masters. It is known by the SHA-256 of its bytes, which an order names. One that no order has named after a day is forgotten.',
  body: createCoverSchema,
  answers: { 201: coverSchema },
  problems: ['not_a_cover'],
});
