import { jobCatalogue } from '@lathe/contracts';
import { commitMixReady } from '@lathe/database';
import type { Deps } from './deps.ts';
import { holdWork, WorkFailure } from './held-work.ts';

/** The analysis ends by itself before the queue would end the job. */
const wallClockSeconds = jobCatalogue['analyse-mix'].timeoutSeconds - 60;
const memoryMegabytes = 512;

/** Listens to a mix: what the engine heard, the peaks for drawing it, and its checksum. */
export function analyseMix(deps: Deps, mixId: string, stopping: AbortSignal): Promise<void> {
  return holdWork(deps, { kind: 'mix', id: mixId }, stopping, async ({ claimed, folder, sourcePath, signal }) => {
    const limits = { memoryMegabytes, wallClockSeconds };
    const heard = await deps.runTask({ kind: 'analyse', sourcePath }, { signal, limits, workFolder: folder });
    const { id, epoch, source } = claimed;
    if (source.sha256 !== null && source.sha256 !== heard.sha256) {
      const detail = `The file has the checksum ${heard.sha256}, but ${source.sha256} was announced.`;
      throw new WorkFailure({ code: 'checksum_mismatch', detail });
    }
    await commitMixReady(deps.db, { id, epoch, ...heard });
  });
}
