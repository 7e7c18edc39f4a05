/** Ctrl-C, or whoever started this asks it to end; 128 + the number of the signal, as shells count. */
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** The user, or the system, stopped the work. */
export class Interrupted extends Error {
  readonly exitCode: number;
  constructor(exitCode: number) {
    super('Stopped; nothing was left behind.');
    this.exitCode = exitCode;
  }
}

/** Does work that is told to stop when this process is, and that cleans up before it ends. */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const handlers = Object.entries(signals).map(([name, exitCode]) => {
    return [name, () => controller.abort(new Interrupted(exitCode))] as const;
  });
  // The launcher has gone, however it went.
  const disconnected = ['disconnect', () => controller.abort(new Interrupted(signals.SIGHUP))] as const;
  const all = [...handlers, disconnected];
  for (const [name, stop] of all) process.on(name, stop);
  try {
    return await work(controller.signal);
  } finally {
    for (const [name, stop] of all) process.off(name, stop);
  }
}
