import { type JobHandlers, type JobName, jobCatalogue, jobNames } from '@lathe/contracts';
import { type Backend, openBackend, type QueueConnection, type QueueLog } from './backend.ts';

export type Workers = {
  /** Takes nothing new and resolves when what is running has ended. */
  close(): Promise<void>;
};

type WorkersOptions = { connection: QueueConnection; handlers: JobHandlers; log: QueueLog };

/** While the queue is away every attempt to reach it fails, several a second. */
const tellTroubleEveryMs = 30_000;

/**
 * Takes jobs of every kind and hands each to its handler, with a signal that aborts when its time is over. A payload
 * that does not fit is dropped: the record knows what is to be done.
 */
export async function createWorkers({ connection, handlers, log }: WorkersOptions): Promise<Workers> {
  const backend = await openBackend(connection);
  const workers = jobNames.map((name) => startOne(backend, name, handlers[name], log));
  return {
    close: async () => {
      await Promise.all(workers.map((worker) => worker.close()));
      await backend.close();
    },
  };
}

function startOne<N extends JobName>(backend: Backend, name: N, handler: JobHandlers[N], log: QueueLog) {
  const { payload, timeoutSeconds, concurrency } = jobCatalogue[name];
  const run = async ({ data }: { data: unknown }): Promise<void> => {
    const parsed = payload.safeParse(data);
    if (!parsed.success) return log.error({ job: name }, 'a job was dropped: its payload does not fit');
    // The catalogue pairs each name with its payload; the type of a union does not show it.
    await (handler as (payload: unknown, signal: AbortSignal) => Promise<void>)(
      parsed.data,
      AbortSignal.timeout(timeoutSeconds * 1000),
    );
  };
  let toldAtMs = -Infinity;
  return backend.createWorker(name, run, {
    concurrency,
    onFailed: (error) => log.error({ job: name, err: error }, 'a job failed'),
    onTrouble: (error) => {
      if (performance.now() - toldAtMs < tellTroubleEveryMs) return;
      toldAtMs = performance.now();
      log.warn({ job: name, err: error }, 'the queue cannot be read just now');
    },
  });
}
