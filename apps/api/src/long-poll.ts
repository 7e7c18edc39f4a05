import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '@lathe/contracts';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';

const pollMs = 300;

export const waitQuerySchema = z.object({
  wait: z.coerce.number().int().min(0).max(limits.maxLongPollSeconds).default(0).meta({
    description: 'Holds the answer until the work has ended, for at most this many seconds.',
  }),
});

type Watched<T> = { read: () => Promise<T>; ended: (resource: T) => boolean };

/** Resolves to the resource when it has ended, the time is over, the caller has gone, or the server is closing. */
export type WaitUntil = <T>(reply: FastifyReply, waitSeconds: number, watched: Watched<T>) => Promise<T>;

export function createWaitUntil(app: FastifyInstance): WaitUntil {
  const closing = new AbortController();
  app.addHook('preClose', async () => closing.abort());
  return async (reply, waitSeconds, { read, ended }) => {
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    const stopped = AbortSignal.any([closing.signal, gone.signal]);
    const deadline = performance.now() + waitSeconds * 1000;
    let resource = await read();
    while (!ended(resource) && !stopped.aborted && performance.now() < deadline) {
      const restMs = deadline - performance.now();
      await pause(Math.max(0, Math.min(pollMs, restMs)), undefined, { signal: stopped }).catch(() => undefined);
      resource = await read();
    }
    return resource;
  };
}
