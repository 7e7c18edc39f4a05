import type { JobHandlers, JobName, JobPayload } from '@lathe/contracts';
import { analyseMix } from './analyse-mix.ts';
import { deliverWebhook } from './deliver-webhook.ts';
import type { Deps } from './deps.ts';
import { renderMaster } from './render-master.ts';

type Handler<N extends JobName> = (payload: JobPayload<N>, stopping: AbortSignal) => Promise<void>;

/**
 * What this worker does with each kind of job; a missing one does not compile. `givingBack` cuts all running work short,
 * as the signal of each job does.
 */
export function createHandlers(deps: Deps, givingBack: AbortSignal): JobHandlers {
  const cut = (signal: AbortSignal) => AbortSignal.any([signal, givingBack]);
  return {
    'analyse-mix': timed(deps, 'analyse-mix', ({ mixId }, signal) => analyseMix(deps, mixId, cut(signal))),
    'render-master': timed(deps, 'render-master', ({ masterId }, signal) => renderMaster(deps, masterId, cut(signal))),
    'deliver-webhook': timed(deps, 'deliver-webhook', ({ deliveryId }, signal) =>
      deliverWebhook(deps, deliveryId, cut(signal)),
    ),
  } satisfies JobHandlers;
}

function timed<N extends JobName>({ metrics }: Deps, job: N, handler: Handler<N>): Handler<N> {
  return async (payload, stopping) => {
    const end = metrics.jobSeconds.startTimer({ job });
    try {
      await handler(payload, stopping);
      end({ outcome: 'done' });
    } catch (error) {
      end({ outcome: 'failed' });
      throw error;
    }
  };
}
