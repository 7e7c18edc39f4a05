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

type Address = { url: string; expiresAt: Date };
type Wanted = { storageKey: string; as: DownloadAs; redirect: 'true' | 'false' };

/** Sends the caller to the bytes, or tells where they are. */
export async function answerDownload(storage: Storage, reply: FastifyReply, wanted: Wanted): Promise<never> {
  return answerAddress(reply, await storage.signDownload(wanted.storageKey, wanted.as), wanted.redirect);
}

/** Sends the caller to a signed address, or tells it. */
export function answerAddress(reply: FastifyReply, { url, expiresAt }: Address, redirect: Wanted['redirect']): never {
  reply.header('cache-control', 'no-store');
  if (redirect === 'true') return reply.redirect(url, 302) as never;
  return { url, expiresAt: expiresAt.toISOString() } as never;
}
