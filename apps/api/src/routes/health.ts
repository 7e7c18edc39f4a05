import { migrationsCurrent } from '@lathe/database';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Deps } from '../deps.ts';
import { operation } from '../operation.ts';
import { RequestProblem } from '../problem.ts';

const liveSchema = z.object({ status: z.literal('alive') }).meta({ id: 'Liveness' });
const readySchema = z
  .object({ status: z.enum(['ready', 'degraded']), sentences: z.array(z.string()) })
  .meta({ id: 'Readiness' });

const checkTimeoutMs = 5000;

export const health =
  (deps: Deps): FastifyPluginAsyncZod =>
  async (app) => {
    const live = operation({
      tags: ['Operations'],
      summary: 'Is the process alive?',
      description: 'Answers as long as the process runs, whatever else is away.',
      answers: { 200: liveSchema },
      open: true,
    });
    app.get('/livez', { schema: live }, async () => ({ status: 'alive' as const }));

    const ready = operation({
      tags: ['Operations'],
      summary: 'Can requests be served?',
      description: 'Without the queue the service is degraded: orders are taken and wait.',
      answers: { 200: readySchema },
      open: true,
    });
    app.get('/readyz', { schema: ready }, async () => {
      const [database, storage, queue] = await Promise.all([
        complaint('The database', () => checkDatabase(deps)),
        complaint('The storage', () => deps.storage.check()),
        complaint('The queue', deps.queueHealth),
      ]);
      const fatal = [database, storage].filter((sentence) => sentence !== null);
      if (fatal.length > 0) throw new RequestProblem('unavailable', fatal.join(' '), { 'retry-after': '5' });
      return { status: queue === null ? ('ready' as const) : ('degraded' as const), sentences: queue ? [queue] : [] };
    });

    if (!deps.metricsHere) return;
    app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
      reply.type(deps.metrics.registry.contentType).send(await deps.metrics.registry.metrics()),
    );
  };

async function checkDatabase({ db }: Deps): Promise<void> {
  if (!(await migrationsCurrent(db))) throw new Error('migrations are missing');
}

/** What is wrong, without anything an outsider should not read; null when all is well. */
async function complaint(what: string, check: () => Promise<void>): Promise<string | null> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('late')), checkTimeoutMs);
  try {
    await Promise.race([check(), late]);
    return null;
  } catch {
    return `${what} is not available.`;
  } finally {
    clearTimeout(timer);
  }
}
