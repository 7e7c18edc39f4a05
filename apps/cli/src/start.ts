import { appendFileSync, mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ConfigError,
  childEnvironment,
  createLifecycle,
  createLog,
  firstFreePort,
  type LauncherConfig,
  type Lifecycle,
  type Lock,
  type LockHolder,
  type Log,
  localUrl,
  openLogFile,
  readLauncherConfig,
  takeLock,
} from '@lathe/runtime';
import { makeFolder } from './folder.ts';
import { banner, paintFor } from './start-banner.ts';
import { type SupervisedChild, startChild } from './start-child.ts';
import { type KeptPostgres, keepPostgres } from './start-postgres.ts';
import { readKeptSecret } from './start-secret.ts';
import { followLog } from './start-tail.ts';

/** A start that cannot be, with a sentence for whoever asked for it. */
class StartRefused extends Error {}

/** What runs below this process; it grows while starting. */
type Running = { lock?: Lock; postgres?: KeptPostgres; api?: SupervisedChild; worker?: SupervisedChild };
type Launch = { config: LauncherConfig; lifecycle: Lifecycle; log: Log; running: Running };

/** The program of a package is the main.ts beside its entry. */
const programs = { api: () => import.meta.resolve('@lathe/api'), worker: () => import.meta.resolve('@lathe/worker') };

const phaseTimeoutMs = 30_000;
const portsTried = 20;

/**
 * Runs the whole service on this machine until it is told to stop, and then ends this process. Resolves, to the exit
 * code, only when it could not start: 2 for a configuration that makes no sense, 1 for anything else.
 */
export async function start(): Promise<number> {
  try {
    await launch(readLauncherConfig());
  } catch (error) {
    const isExpected = error instanceof ConfigError || error instanceof StartRefused;
    say(
      isExpected || !(error instanceof Error)
        ? String((error as Error).message)
        : `Lathe did not start. ${error.message}`,
    );
    return error instanceof ConfigError ? 2 : 1;
  }
  return new Promise<never>(() => {});
}

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`);

async function launch(config: LauncherConfig): Promise<void> {
  makeFolder(config.dataFolder, 0o700);
  const taken = await takeLock(config.dataFolder);
  if ('holder' in taken) throw new StartRefused(refusalBy(taken.holder, config.dataFolder));
  const running: Running = { lock: taken.lock };
  const log = fileLog(config);
  const lifecycle = createLifecycle({
    log,
    phaseTimeoutMs,
    exit: (code) => {
      killAll(running);
      process.exit(code);
    },
  });
  stopInOrder(lifecycle, running);
  try {
    await startAll({ config, lifecycle, log, running });
  } catch (error) {
    // A start that is stopped fails somewhere; stopping then goes on by itself.
    if (lifecycle.stopping.aborted) return;
    await running.api?.stop();
    await running.worker?.stop();
    await running.postgres?.stop();
    await running.lock?.release();
    throw error;
  }
}

const refusalBy = ({ url, pid }: LockHolder, dataFolder: string): string =>
  url === null
    ? `Lathe is just being started on ${dataFolder} by process ${pid}.`
    : `Lathe is running on ${dataFolder} already: ${url} (process ${pid}). Use that one, stop it first, or choose another LATHE_DATA_DIR.`;

function fileLog({ dataFolder, logLevel }: LauncherConfig): Log {
  const folder = join(dataFolder, 'logs');
  mkdirSync(folder, { recursive: true });
  const write = (line: string) => appendFileSync(join(folder, 'start.log'), line, { mode: 0o600 });
  return createLog({ level: logLevel, name: 'start', destination: { write } });
}

/** Those who take orders first, the database last. */
function stopInOrder(lifecycle: Lifecycle, running: Running): void {
  lifecycle.onStop('goodbye', () => say('\nStopping … (Ctrl-C again stops at once)'));
  lifecycle.onStop('api', () => running.api?.stop());
  lifecycle.onStop('worker', () => running.worker?.stop());
  lifecycle.onStop('postgres', () => running.postgres?.stop());
  lifecycle.onStop('lock', () => running.lock?.release());
}

/** For a second Ctrl-C; harmless for what has ended. */
function killAll({ api, worker, postgres }: Running): void {
  for (const each of [api, worker, postgres]) each?.kill();
}

async function startAll(launching: Launch): Promise<void> {
  const { config, log, running } = launching;
  const startedAtMs = performance.now();
  const { dataFolder } = config;
  const port = await choosePort(config);
  const publicUrl =
    config.publicUrl === localUrl(config.host, config.port) ? localUrl(config.host, port) : config.publicUrl;
  const secret = config.secret ?? (await readKeptSecret(join(dataFolder, 'secret')));
  if (config.databaseUrl === null) {
    running.postgres = await keepPostgres({ folder: join(dataFolder, 'postgres'), log, onRestart: say });
  }
  const keyFile = config.bootstrapKeyFile ?? join(dataFolder, 'api-key');
  await startPrograms(launching, {
    LATHE_DATA_DIR: dataFolder,
    LATHE_PORT: String(port),
    LATHE_PUBLIC_URL: publicUrl,
    LATHE_SECRET: secret,
    DATABASE_URL: config.databaseUrl ?? running.postgres?.url ?? '',
    LATHE_BOOTSTRAP_KEY_FILE: keyFile,
    NODE_COMPILE_CACHE: join(dataFolder, 'cache'),
  });
  const url = localUrl(config.host, port);
  await running.lock?.update({ url });
  const key = (await readFile(keyFile, 'utf8')).trim();
  const seconds = (performance.now() - startedAtMs) / 1000;
  process.stdout.write(banner({ url, key, dataFolder, seconds }, paintFor(process.stdout)));
}

async function choosePort({ host, port, portIsChosen }: LauncherConfig): Promise<number> {
  const free = await firstFreePort(host, port, portIsChosen ? 1 : portsTried);
  if (free !== null) return free;
  throw new StartRefused(
    portIsChosen
      ? `Port ${port} is used by another program: stop that, or choose another one with LATHE_PORT.`
      : `Ports ${port} to ${port + portsTried - 1} are all used by other programs: choose another one with LATHE_PORT.`,
  );
}

/** The api and the worker, side by side: whichever comes first brings the database up to date. */
async function startPrograms({ config, running }: Launch, environment: Record<string, string>): Promise<void> {
  const onChange = () => {
    const children = [running.api?.pid, running.worker?.pid].filter((pid) => pid !== undefined);
    void running.lock?.update({ children });
  };
  const startOne = async (name: 'api' | 'worker', more: Record<string, string>) => {
    const logFile = join(config.dataFolder, 'logs', `${name}.log`);
    await (await openLogFile(logFile)).close();
    followLog({ path: logFile, name, level: 'warn', onLine: say });
    const file = fileURLToPath(new URL('./main.ts', programs[name]()));
    const spec = { name, file, environment: childEnvironment({ ...environment, ...more }), logFile };
    running[name] = await startChild({ ...spec, onChange, onRestart: say });
  };
  // One port cannot serve the metrics of both.
  const outcomes = await Promise.allSettled([startOne('api', {}), startOne('worker', { LATHE_METRICS_PORT: '' })]);
  onChange();
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
