/** Pauses one upload: while held nothing is sent, and the parts that were on their way begin again once released. */
export type UploadHold = {
  readonly held: boolean;
  hold(): void;
  release(): void;
  /** Aborted when the hold begins; a new one after each release. */
  readonly signal: AbortSignal;
  /** Resolves when nothing is held; rejects with the signal's reason. */
  released(signal: AbortSignal): Promise<void>;
};

export function createUploadHold(): UploadHold {
  let running = new AbortController();
  const waiting: (() => void)[] = [];
  return {
    get held() {
      return running.signal.aborted;
    },
    get signal() {
      return running.signal;
    },
    hold: () => running.abort(),
    release: () => {
      if (running.signal.aborted) running = new AbortController();
      for (const go of waiting.splice(0)) go();
    },
    released: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(signal.reason);
        if (!running.signal.aborted) return resolve();
        signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        waiting.push(resolve);
      }),
  };
}
