import { type JobHandlers, type JobName, jobCatalogue, jobNames } from '@lathe/contracts';
import { type Backend, openBackend, type QueueConnection, type QueueLog } from './backend.ts';
import { within } from './within.ts';

export type Workers = {
  /** Takes nothing new and resolves when what is running has ended, and the queue was told or is away. */
  close(): Promise<void>;
};

type WorkersOptions = { connection: QueueConnection; handlers: JobHandlers; log: QueueLog };

/** How long the queue may take to hear that a worker goes; the record knows what was done, and finds what was lost. */
const goodbyeMs = 1_500;
/** While the queue is away every attempt to reach it fails, several a second. */
const tellTroubleEveryMs = 30_000;

/**
 * Takes jobs of every kind and hands each to its handler, with a signal that aborts when its time is over. A payload
 * that does not fit is dropped: the record knows what is to be done.
 */
export async function createWorkers({ connection, handlers, log }: WorkersOptions): Promise<Workers> {
  const backend = await openBackend(connection);
  const running = new Set<Promise<unknown>>();
  const workers = jobNames.map((name) => startOne({ backend, running, log }, name, handlers[name]));
  return {
    close: async () => {
      const closed = Promise.all(workers.map((worker) => worker.close()));
      await Promise.allSettled(running);
      await within(goodbyeMs, closed);
      // One that was taken at the last moment.
      await Promise.allSettled(running);
      await backend.close();
    },
  };
}

type Shared = { backend: Backend; running: Set<Promise<unknown>>; log: QueueLog };

function startOne<N extends JobName>({ backend, running, log }: Shared, name: N, handler: JobHandlers[N]) {
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
  const counted = (job: { data: unknown }): Promise<void> => {
    const work = run(job).finally(() => running.delete(work));
    running.add(work);
    return work;
  };
  return backend.createWorker(name, counted, {
    concurrency,
    onFailed: (error) => log.error({ job: name, err: error }, 'a job failed'),
    onTrouble: (error) => {
      if (performance.now() - toldAtMs < tellTroubleEveryMs) return;
      toldAtMs = performance.now();
      log.warn({ job: name, err: error }, 'the queue cannot be read just now');
    },
  });
}
