import { applyMigrations, connectDatabase } from '@lathe/database';
import { describeSandbox, runTask } from '@lathe/mastering';
import { createWorkers, startDispatcher, startReconciler } from '@lathe/queue';
import { type Config, createLifecycle, createLog, createMetrics, readConfig, serveMetrics } from '@lathe/runtime';
import { openStorage } from '@lathe/storage';
import type { Deps } from './deps.ts';
import { finishOrGiveBack, stopPhaseMs } from './finish.ts';
import { createHandlers } from './handlers.ts';
import { startSweeper } from './sweep.ts';
import { removeLeftFolders } from './work-folder.ts';

await startWorker(readConfig());

/** Takes jobs until it is told to stop; then nothing new, finishes or gives back what it has, and ends. */
async function startWorker(config: Config): Promise<void> {
  const log = createLog({ level: config.logLevel, name: 'worker' });
  const lifecycle = createLifecycle({ log, phaseTimeoutMs: stopPhaseMs });
  await applyMigrations(config.databaseUrl);
  const db = connectDatabase({ url: config.databaseUrl });
  const { storage } = await openStorage(config.storage, config);
  const metrics = createMetrics();
  const { instanceId, workFolder } = config;
  const allowPrivateWebhooks = config.webhooks.allowPrivate;
  const { sandbox } = config;
  const runConfined: Deps['runTask'] = (task, options) => runTask(task, { ...options, sandbox });
  const deps = { db, storage, log, metrics, instanceId, workFolder, allowPrivateWebhooks, runTask: runConfined };
  await removeLeftFolders(workFolder);

  const givingBack = new AbortController();
  const handlers = createHandlers(deps, givingBack.signal);
  const workers = await createWorkers({ connection: config.queue, handlers, log });
  const dispatcher = await startDispatcher({ db, connection: config.queue, log });
  const reconciler = startReconciler({ db, log });
  const sweeper = startSweeper(deps);
  const metricsServer =
    config.metricsPort && (await serveMetrics(metrics, { host: config.host, port: config.metricsPort }));

  lifecycle.onStop('work', () => finishOrGiveBack(workers, givingBack));
  lifecycle.onStop('dispatcher', () => dispatcher.close());
  lifecycle.onStop('reconciler', () => reconciler.close());
  lifecycle.onStop('sweeper', () => sweeper.close());
  if (metricsServer) lifecycle.onStop('metrics', () => metricsServer.close());
  lifecycle.onStop('database', () => db.close());
  lifecycle.ready();
  const walls = await describeSandbox(sandbox);
  log.info({ queue: config.queue.kind, storage: config.storage.kind, sandbox: walls }, 'worker is at work');
}
