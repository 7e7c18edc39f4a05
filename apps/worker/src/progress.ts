import type { Progress } from '@lathe/mastering';
import type { Log } from '@lathe/runtime';

const pauseMs = 1_000;

/**
 * Passes progress on to `write`, one after another: every new stage, and within a stage at most once a second. A failing
 * write is no reason to stop; the lease decides that.
 */
export function createProgressTeller(log: Log, write: (progress: Progress) => Promise<void>) {
  let stage: Progress['stage'] | undefined;
  let writtenAtMs = 0;
  let written = Promise.resolve();
  return {
    tell: (progress: Progress): void => {
      if (progress.stage === stage && performance.now() - writtenAtMs < pauseMs) return;
      stage = progress.stage;
      writtenAtMs = performance.now();
      written = written
        .then(() => write(progress))
        .catch((error: unknown) => log.warn({ err: error }, 'progress could not be written'));
    },
    /** Resolves when everything said so far is written. */
    told: (): Promise<void> => written,
  };
}
