import { fileURLToPath } from 'node:url';
import { limits } from '@lathe/contracts';
import { applyMigrations, connectDatabase } from '@lathe/database';
import { startDispatcher } from '@lathe/queue';
import { type Config, createLifecycle, createLog, createMetrics, readConfig, serveMetrics } from '@lathe/runtime';
import { openStorage } from '@lathe/storage';
import { createApp } from './app.ts';
import { ensureFirstKey } from './bootstrap.ts';
import { checkQueue } from './queue-health.ts';

const stopPhaseMs = 10_000;
const websiteFolder = fileURLToPath(new URL('../../web/dist', import.meta.url));

await startApi(readConfig());

/** Answers requests until it is told to stop; then takes nothing new, finishes what it has, and ends. */
async function startApi(config: Config): Promise<void> {
  const log = createLog({ level: config.logLevel, name: 'api' });
  const lifecycle = createLifecycle({ log, phaseTimeoutMs: stopPhaseMs });
  await applyMigrations(config.databaseUrl);
  const db = connectDatabase({ url: config.databaseUrl });
  if (config.bootstrapKeyFile !== null) await ensureFirstKey(db, config.bootstrapKeyFile);
  const metrics = createMetrics();
  const { storage, storageOrigin } = await openStorage(config.storage, config);
  await storage.check();
  const app = await createApp({
    db,
    log,
    metrics,
    storage,
    storageOrigin,
    queueHealth: () => checkQueue(db),
    publicUrl: config.publicUrl,
    secret: config.secret,
    allowPrivateWebhooks: config.webhooks.allowPrivate,
    websiteFolder,
    metricsHere: config.metricsPort === null,
    requestsPerMinutePerKey: limits.requestsPerMinutePerKey,
  });
  const dispatcher = await startDispatcher({ db, connection: config.queue, log });
  await app.listen({ host: config.host, port: config.port });
  const metricsServer =
    config.metricsPort && (await serveMetrics(metrics, { host: config.host, port: config.metricsPort }));

  lifecycle.onStop('requests', () => app.close());
  lifecycle.onStop('dispatcher', () => dispatcher.close());
  if (metricsServer) lifecycle.onStop('metrics', () => metricsServer.close());
  lifecycle.onStop('database', () => db.close());
  lifecycle.ready();
  if (config.webhooks.allowPrivate) log.warn('webhooks may go to private addresses');
  log.info({ address: config.publicUrl, storage: config.storage.kind }, 'api is at work');
}
