import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when the work has ended, well or not, or after so long: for goodbyes to a server that may be away. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const ended = work.then(
    () => over.abort(),
    () => over.abort(),
  );
  await Promise.race([ended, sleep(ms, undefined, { signal: over.signal }).catch(() => {})]);
}
