import type { Log } from './log.ts';

/** How a process ends: in order, with a limit per phase, and at once when asked twice. */
export type Lifecycle = {
  /** Adds a phase; phases run one after another, first added first. */
  onStop(name: string, phase: () => Promise<void> | void): void;
  /** Runs the phases, once, and ends the process: 0, or 1 if a phase failed or took too long. */
  stop(reason: string, exitCode?: number): Promise<void>;
  /** Aborted as soon as stopping begins. */
  readonly stopping: AbortSignal;
  /** Tells the parent process, if there is one that listens, that this one is at work. */
  ready(): void;
};

/** What a child says to its parent over IPC once it is at work. */
export const readyMessage = 'lathe:ready';

type LifecycleOptions = {
  log: Log;
  phaseTimeoutMs: number;
  /** Ends the process; tests pass their own. */
  exit?: (code: number) => void;
};

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

/**
 * Listens to SIGTERM, SIGINT, SIGHUP, to the parent going away, and to errors nobody caught. A second signal ends the
 * process at once, with 128 + its number.
 */
export function createLifecycle({ log, phaseTimeoutMs, exit = process.exit }: LifecycleOptions): Lifecycle {
  const phases: { name: string; run: () => Promise<void> | void }[] = [];
  const stopping = new AbortController();
  let stopped: Promise<void> | undefined;

  const runPhases = async (reason: string, exitCode: number) => {
    log.info({ reason }, 'stopping');
    stopping.abort(new Error(reason));
    let code = exitCode;
    for (const phase of phases) {
      const failure = await runPhase(phase.run, phaseTimeoutMs);
      if (failure === undefined) continue;
      log.error({ err: failure, phase: phase.name }, 'a stop phase failed');
      code ||= 1;
    }
    log.info('stopped');
    exit(code);
  };
  const stop = (reason: string, exitCode = 0) => {
    stopped ??= runPhases(reason, exitCode);
    return stopped;
  };

  for (const signal of Object.keys(signalNumbers) as (keyof typeof signalNumbers)[]) {
    process.on(signal, () => {
      if (stopped) exit(128 + signalNumbers[signal]);
      else void stop(signal);
    });
  }
  const onOrphaned = () => void stop('the parent process has gone');
  // Undefined: there never was a parent that listens.
  if (process.connected === false) setImmediate(onOrphaned);
  else process.on('disconnect', onOrphaned);
  const onCrash = (error: unknown) => {
    log.fatal({ err: error }, 'an error nobody caught');
    void stop('an error nobody caught', 1);
  };
  process.on('uncaughtException', onCrash);
  process.on('unhandledRejection', onCrash);

  return {
    onStop: (name, run) => void phases.push({ name, run }),
    stop,
    stopping: stopping.signal,
    ready: () => void process.send?.(readyMessage),
  };
}

/** Resolves to what went wrong, if anything did. */
async function runPhase(run: () => Promise<void> | void, timeoutMs: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<Error>((resolve) => {
    timer = setTimeout(() => resolve(new Error(`took longer than ${timeoutMs} ms`)), timeoutMs);
  });
  const done = Promise.resolve()
    .then(run)
    .then(
      () => undefined,
      (error: unknown) => error ?? new Error('failed'),
    );
  const outcome = await Promise.race([done, tooLate]);
  clearTimeout(timer);
  return outcome;
}
