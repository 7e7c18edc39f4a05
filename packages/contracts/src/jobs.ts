import { z } from 'zod';
import { deliveryIdSchema, masterIdSchema, mixIdSchema } from './ids.ts';

/**
 * The closed catalogue of background jobs. A job carries ids only: Postgres is the record, the queue a buffer that may
 * be lost. `timeoutSeconds` bounds one run; `concurrency` is per worker process.
 */
export const jobCatalogue = {
  'analyse-mix': { payload: z.strictObject({ mixId: mixIdSchema }), attempts: 3, timeoutSeconds: 1800, concurrency: 1 },
  'render-master': {
    payload: z.strictObject({ masterId: masterIdSchema }),
    attempts: 3,
    timeoutSeconds: 7200,
    concurrency: 1,
  },
  'deliver-webhook': {
    payload: z.strictObject({ deliveryId: deliveryIdSchema }),
    attempts: 1,
    timeoutSeconds: 60,
    concurrency: 16,
  },
} as const;

export type JobName = keyof typeof jobCatalogue;
export const jobNames = Object.keys(jobCatalogue) as [JobName, ...JobName[]];
export type JobPayload<N extends JobName> = z.infer<(typeof jobCatalogue)[N]['payload']>;
/** One handler per job; a missing one does not compile. */
export type JobHandlers = { [N in JobName]: (payload: JobPayload<N>, signal: AbortSignal) => Promise<void> };
