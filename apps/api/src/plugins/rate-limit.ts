import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { RequestProblem } from '../problem.ts';

/** Counts requests per API key, or per address where there is none, in windows of a minute; in this process only. */
export async function registerRateLimit(app: FastifyInstance, requestsPerMinute: number): Promise<void> {
  await app.register(rateLimit, {
    global: false,
    max: requestsPerMinute,
    timeWindow: 60_000,
    enableDraftSpec: true,
    keyGenerator: (request) => request.caller?.apiKeyId ?? request.ip,
    errorResponseBuilder: (_request, { max, ttl }) =>
      new RequestProblem(
        'rate_limited',
        `At most ${max} requests a minute; the next is possible in ${Math.ceil(ttl / 1000)} s.`,
      ),
  });
}
