import type { FastifyInstance } from 'fastify';
import type { Deps } from '../deps.ts';

/** Every answer names its request; every request is counted and leaves one line in the log. */
export function registerRequestLog(app: FastifyInstance, { metrics }: Pick<Deps, 'metrics'>): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'none';
    const labels = { method: request.method, route, status: reply.statusCode };
    metrics.httpRequestSeconds.observe(labels, reply.elapsedTime / 1000);
    const level = route.startsWith('/v1/') ? 'info' : 'debug';
    request.log[level]({ ...labels, path: request.url.split('?', 1)[0], durationMs: reply.elapsedTime }, 'answered');
  });
}
