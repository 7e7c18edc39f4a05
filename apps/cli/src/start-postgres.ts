import { setTimeout as sleep } from 'node:timers/promises';
import { type Log, startEmbeddedPostgres } from '@lathe/runtime';

type PostgresSpec = {
  folder: string;
  log: Log;
  /** Told, in a sentence, when it ended and is started again. */
  onRestart: (sentence: string) => void;
};

export type KeptPostgres = { url: string; stop(): Promise<void>; kill(): void };

const pauseMs = 1_000;

/** Starts the embedded Postgres and keeps it running at the same address until it is stopped. */
export async function keepPostgres({ folder, log, onRestart }: PostgresSpec): Promise<KeptPostgres> {
  let postgres = await startEmbeddedPostgres({ folder, log });
  const { url } = postgres;
  const port = Number(new URL(url).port);
  let stopping = false;

  const watch = async () => {
    for (;;) {
      await postgres.exited;
      if (stopping) return;
      onRestart('The database ended; starting it again.');
      await sleep(pauseMs);
      if (stopping) return;
      try {
        postgres = await startEmbeddedPostgres({ folder, log, port });
      } catch (error) {
        log.error({ err: error }, 'postgres could not be started again');
      }
    }
  };
  void watch();

  return {
    url,
    stop: () => {
      stopping = true;
      return postgres.stop();
    },
    kill: () => {
      stopping = true;
      postgres.kill();
    },
  };
}
