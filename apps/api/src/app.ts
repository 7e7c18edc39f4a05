import { limits } from '@lathe/contracts';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Deps } from './deps.ts';
import { archives } from './plugins/archives.ts';
import { registerAuth } from './plugins/auth.ts';
import { diskStorage } from './plugins/disk-storage.ts';
import { documentation, registerOpenApi } from './plugins/documentation.ts';
import { registerHeaderCheck } from './plugins/idempotency.ts';
import { registerJson } from './plugins/json.ts';
import { registerRequestLog } from './plugins/observation.ts';
import { answerBrokenRequest, createSendProblem, registerProblems, requestIdOf } from './plugins/problems.ts';
import { registerRateLimit } from './plugins/rate-limit.ts';
import { registerSecurityHeaders } from './plugins/security-headers.ts';
import { website } from './plugins/website.ts';
import { apiKeys } from './routes/api-keys.ts';
import { catalogue } from './routes/catalogue.ts';
import { covers } from './routes/covers.ts';
import { events } from './routes/events.ts';
import { health } from './routes/health.ts';
import { masters } from './routes/masters.ts';
import { mixes } from './routes/mixes.ts';
import { previews } from './routes/previews.ts';
import { problemPages } from './routes/problem-pages.ts';
import { profiles } from './routes/profiles.ts';
import { reports } from './routes/reports.ts';
import { uploads } from './routes/uploads.ts';
import { webhookEndpoints } from './routes/webhook-endpoints.ts';

/** The whole api, ready to listen. It owns nothing it was given: the caller closes those. */
export async function createApp(deps: Deps): Promise<FastifyInstance> {
  const sendProblem = createSendProblem(deps.publicUrl);
  const app: FastifyInstance = Fastify({
    loggerInstance: deps.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIdOf,
    bodyLimit: limits.maxRequestBodyBytes,
    // A part on a slow line may take as long as its address lives.
    requestTimeout: limits.signedUrlSeconds * 1000,
    return503OnClosing: false,
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
    clientErrorHandler: answerBrokenRequest(deps.publicUrl),
  });

  registerProblems(app, sendProblem);
  registerJson(app);
  registerRequestLog(app, deps);
  await registerSecurityHeaders(app, deps);
  await registerRateLimit(app, deps.requestsPerMinutePerKey);
  await registerOpenApi(app, deps.publicUrl);

  await app.register(
    async (v1) => {
      registerAuth(v1, deps);
      registerHeaderCheck(v1);
      await v1.register(uploads(deps));
      await v1.register(mixes(deps));
      await v1.register(masters(deps));
      await v1.register(previews(deps));
      await v1.register(covers(deps));
      await v1.register(reports(deps));
      await v1.register(catalogue);
      await v1.register(profiles(deps));
      await v1.register(events(deps));
      await v1.register(webhookEndpoints(deps));
      await v1.register(apiKeys(deps));
    },
    { prefix: '/v1' },
  );
  await app.register(health(deps));
  await app.register(problemPages);
  await app.register(documentation);
  await app.register(archives(deps));
  await app.register(diskStorage(deps));
  await app.register(website(deps));
  return app;
}
