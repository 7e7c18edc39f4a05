/** One call, or a few; `go on` asks for another at once. */
export type Attempt = (signal: AbortSignal) => Promise<'done' | 'go on'>;

export type Persistence = {
  signal: AbortSignal;
  /** An `online` event from here ends a pause early. The page gives `window`. */
  network: EventTarget;
  /** Errors that trying again cannot mend. */
  isFinal(error: unknown): boolean;
  /** Told at each failure that is not final. */
  onTrouble(error: unknown): void;
  /** Told once, when it works again after failures. */
  onRecovered(): void;
};

const [firstPauseMs, longestPauseMs] = [1000, 15_000];

/** Attempts until done, pausing longer after each failure in a row. Rejects with what is final, or the signal's reason. */
export async function persist(attempt: Attempt, how: Persistence): Promise<void> {
  for (let failures = 0; ; ) {
    try {
      const outcome = await attempt(how.signal);
      how.signal.throwIfAborted();
      if (failures > 0) how.onRecovered();
      failures = 0;
      if (outcome === 'done') return;
    } catch (error) {
      how.signal.throwIfAborted();
      if (how.isFinal(error)) throw error;
      how.onTrouble(error);
      await pauseUnlessOnline(Math.min(longestPauseMs, firstPauseMs * 2 ** failures++), how);
    }
  }
}

function pauseUnlessOnline(pauseMs: number, { signal, network }: Persistence): Promise<void> {
  const settled = new AbortController();
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, pauseMs);
    network.addEventListener('online', () => resolve(), { signal: settled.signal });
    signal.addEventListener('abort', () => reject(signal.reason), { signal: settled.signal });
    settled.signal.addEventListener('abort', () => clearTimeout(timer));
  }).finally(() => settled.abort());
}
