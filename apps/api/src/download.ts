import { signedDownloadSchema } from '@lathe/contracts';
import type { DownloadAs, Storage } from '@lathe/storage';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { nothing } from './operation.ts';

export const downloadQuerySchema = z.object({
  redirect: z
    .enum(['true', 'false'])
    .default('true')
    .meta({ description: 'With `false` the address is in the body (200), not in a redirect (302).' }),
});
export const downloadAnswers = {
  200: signedDownloadSchema,
  302: nothing.meta({ description: 'Location is a signed address of the bytes, good for 15 minutes.' }),
};

type Wanted = { storageKey: string; as: DownloadAs; redirect: 'true' | 'false' };

/** Sends the caller to the bytes, or tells where they are. */
export async function answerDownload(storage: Storage, reply: FastifyReply, wanted: Wanted): Promise<never> {
  const { url, expiresAt } = await storage.signDownload(wanted.storageKey, wanted.as);
  reply.header('cache-control', 'no-store');
  if (wanted.redirect === 'true') return reply.redirect(url, 302) as never;
  return { url, expiresAt: expiresAt.toISOString() } as never;
}
