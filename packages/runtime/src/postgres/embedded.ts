import { randomBytes } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { readKept, writeKept } from '../kept.ts';
import type { Log } from '../log.ts';
import { freePort } from '../ports.ts';
import { postgresAccount } from './account.ts';
import { postgresBinaries } from './binaries.ts';
import { createCluster } from './cluster.ts';
import { startServer, stopSurvivor } from './server.ts';

export type EmbeddedPostgres = {
  url: string;
  /** Ends all sessions and stops; harmless when it has stopped already. */
  stop(): Promise<void>;
  /** Stops at once; the next start recovers. */
  kill(): void;
  /** Resolves when Postgres has ended, whatever the reason. */
  exited: Promise<void>;
};

type EmbeddedPostgresOptions = {
  /** Everything lies here: the cluster, its password (0600) and its log. */
  folder: string;
  /** Chosen free and remembered when not given. */
  port?: number;
  log: Log;
  /** False trades safety against a power cut for speed: for tests. */
  durable?: boolean;
};

const accessSchema = z.object({ password: z.string().min(1), port: z.int() });
type Access = z.infer<typeof accessSchema>;

const databaseName = 'lathe';
const attempts = 40;
const pauseMs = 250;

/**
 * Starts a real Postgres on loopback, creating its cluster when there is none. What an earlier start left behind when it
 * was killed (a running server, a stale pid file, half a cluster) is cleared away first. One caller per folder at a time.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, durable = true } = options;
  const folder = resolve(options.folder);
  const clusterFolder = join(folder, 'cluster');
  await mkdir(folder, { recursive: true });
  const account = await postgresAccount(clusterFolder);
  const binaries = await postgresBinaries(account, join(folder, 'programs'));
  await stopSurvivor(clusterFolder, log);
  const access = await prepareAccess(folder, options.port);
  const isNew = await createCluster({ folder, clusterFolder, account, binaries, password: access.password });
  if (isNew) log.info({ folder }, 'a new database cluster was created');
  const { server, port } = await startOnFreePort(
    { clusterFolder, account, program: binaries.postgres, logFile: join(folder, 'postgres.log'), durable },
    { port: access.port, isFixed: options.port !== undefined },
  );
  if (port !== access.port) await writeKept(accessFile(folder), { ...access, port });
  log.info({ port, postgresPid: server.pid }, 'postgres is ready');
  const url = `postgresql://${databaseName}:${access.password}@127.0.0.1:${port}/${databaseName}`;
  return { url, stop: server.stop, kill: server.kill, exited: server.exited };
}

const accessFile = (folder: string) => join(folder, 'access.json');

async function prepareAccess(folder: string, wantedPort: number | undefined): Promise<Access> {
  const kept = await readKept(accessFile(folder), accessSchema);
  if (!kept && (await stat(join(folder, 'cluster', 'PG_VERSION')).catch(() => null))) {
    throw new Error(
      `The password of the database in ${folder} is missing (${accessFile(folder)}): bring the file back, or move the folder away to begin anew.`,
    );
  }
  const access = {
    password: kept?.password ?? randomBytes(24).toString('hex'),
    port: wantedPort ?? kept?.port ?? (await freePort()),
  };
  await writeKept(accessFile(folder), access);
  return access;
}

type ServerSpec = Omit<Parameters<typeof startServer>[0], 'port'>;

/** Tries again while processes of a killed predecessor are going away, and elsewhere when the port was taken. */
async function startOnFreePort(spec: ServerSpec, wanted: { port: number; isFixed: boolean }) {
  let { port } = wanted;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await startServer({ ...spec, port });
    if (outcome.started) return { server: outcome.server, port };
    const portIsTaken = /address already in use|could not create any TCP\/IP sockets/i.test(outcome.reason);
    const predecessorLingers = /shared memory block|lock file/i.test(outcome.reason);
    if (attempt === attempts || !(predecessorLingers || (portIsTaken && !wanted.isFixed))) {
      throw new Error(`Postgres did not start: ${outcome.reason}`);
    }
    if (portIsTaken) port = await freePort();
    else await sleep(pauseMs);
  }
}
