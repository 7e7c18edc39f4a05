import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import { z } from 'zod';

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export type QueueConfig = { kind: 'postgres'; url: string } | { kind: 'redis'; url: string };
export type StorageConfig =
  | { kind: 'disk'; folder: string }
  | {
      kind: 's3';
      bucket: string;
      region: string;
      /** Null for Amazon's own. */
      endpoint: string | null;
      /** Where browsers reach the store, when that is another address. */
      publicEndpoint: string | null;
      /** Null to use the machine's own identity. */
      credentials: { accessKeyId: string; secretAccessKey: string } | null;
      forcePathStyle: boolean;
    };

/** What every process of Lathe knows from its environment. Paths are absolute. */
type CommonConfig = {
  dataFolder: string;
  host: string;
  port: number;
  /** Address of the api and the website as others see it, without a slash at the end. */
  publicUrl: string;
  storage: StorageConfig;
  webhooks: { allowPrivate: boolean };
  /** Null: metrics are at /metrics of the api. */
  metricsPort: number | null;
  logLevel: LogLevel;
  /** Private temporary folders of masterings are made below this one; not to be shared between machines. */
  workFolder: string;
  /** `off`: audio is read without the walls of prlimit and bubblewrap, even where the machine has them. */
  sandbox: 'auto' | 'off';
  /** Names this process among others, in claims and logs. */
  instanceId: string;
  /** Where the api keeps the first API key, so that each start can show the same one; null: none is made. */
  bootstrapKeyFile: string | null;
};

/** Configuration of the api and of a worker. */
export type Config = CommonConfig & {
  databaseUrl: string;
  queue: QueueConfig;
  /** Signs the addresses of files that lie on disk. */
  secret: string;
};

/** Configuration of `lathe start`, which makes what is null itself. */
export type LauncherConfig = CommonConfig & {
  databaseUrl: string | null;
  secret: string | null;
  /** False: the port is only a wish, and the next free one will do. */
  portIsChosen: boolean;
};

/** The environment does not make sense; `problems` has one sentence for each thing wrong with it. */
export class ConfigError extends Error {
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(['The configuration has problems:', ...problems.map((problem) => `  - ${problem}`)].join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

const defaultPort = 4800;
const minSecretCharacters = 32;

const port = z.coerce.number('must be a port number').int('must be a port number').min(1).max(65_535);
const url = (...protocols: string[]) =>
  z.string().refine(
    (value) => {
      const parsed = URL.parse(value);
      return parsed !== null && protocols.includes(parsed.protocol);
    },
    `must be an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  );
const flag = z
  .enum(['true', 'false', '1', '0', 'yes', 'no'], 'must be true or false')
  .transform((value) => ['true', '1', 'yes'].includes(value));

const environmentSchema = z.object({
  LATHE_DATA_DIR: z.string().default('.data'),
  LATHE_HOST: z.string().default('127.0.0.1'),
  LATHE_PORT: port.optional(),
  LATHE_PUBLIC_URL: url('http:', 'https:').optional(),
  LATHE_SECRET: z.string().min(minSecretCharacters, `must have at least ${minSecretCharacters} characters`).optional(),
  LATHE_WEBHOOK_ALLOW_PRIVATE: flag.default(false),
  LATHE_METRICS_PORT: port.optional(),
  LATHE_LOG_LEVEL: z.enum(logLevels, `must be one of ${logLevels.join(', ')}`).default('info'),
  LATHE_WORK_DIR: z.string().optional(),
  LATHE_SANDBOX: z.enum(['auto', 'off'], 'must be auto or off').default('auto'),
  LATHE_BOOTSTRAP_KEY_FILE: z.string().optional(),
  DATABASE_URL: url('postgresql:', 'postgres:').optional(),
  REDIS_URL: url('redis:', 'rediss:').optional(),
  S3_BUCKET: z.string().optional(),
  S3_ENDPOINT: url('http:', 'https:').optional(),
  S3_PUBLIC_ENDPOINT: url('http:', 'https:').optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  S3_FORCE_PATH_STYLE: flag.default(false),
});
type Values = z.infer<typeof environmentSchema>;

/** Reads the configuration of the api or of a worker. Throws {@link ConfigError} with all problems at once. */
export function readConfig(environment: Environment = processEnvironment()): Config {
  const values = parse(environment, ['DATABASE_URL', 'LATHE_SECRET']);
  const databaseUrl = values.DATABASE_URL ?? '';
  const queue: QueueConfig =
    values.REDIS_URL === undefined ? { kind: 'postgres', url: databaseUrl } : { kind: 'redis', url: values.REDIS_URL };
  return { ...commonConfig(values), databaseUrl, queue, secret: values.LATHE_SECRET ?? '' };
}

/** Reads the configuration of `lathe start`. Throws {@link ConfigError} with all problems at once. */
export function readLauncherConfig(environment: Environment = processEnvironment()): LauncherConfig {
  const values = parse(environment, []);
  return {
    ...commonConfig(values),
    databaseUrl: values.DATABASE_URL ?? null,
    secret: values.LATHE_SECRET ?? null,
    portIsChosen: values.LATHE_PORT !== undefined,
  };
}

/** The one setting that commands on files have. Throws {@link ConfigError}. */
export function readSandboxMode(environment: Environment = processEnvironment()): Config['sandbox'] {
  return parse({ LATHE_SANDBOX: environment.LATHE_SANDBOX }, []).LATHE_SANDBOX;
}

/** The environment a child process gets: ours and these on top. */
export function childEnvironment(additions: Record<string, string>): Record<string, string | undefined> {
  return { ...processEnvironment(), ...additions };
}

function processEnvironment(): Environment {
  return process.env;
}

function parse(environment: Environment, required: (keyof Values)[]): Values {
  // An empty variable is one that is not set, as compose files and shells leave it.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value?.trim()));
  const missing = required.filter((name) => given[name] === undefined).map((name) => `${name} is not set.`);
  if ((given.S3_ACCESS_KEY_ID === undefined) !== (given.S3_SECRET_ACCESS_KEY === undefined)) {
    missing.push('S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are only of use together.');
  }
  const parsed = environmentSchema.safeParse(given);
  const wrong = parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}.`);
  if (!parsed.success || missing.length > 0) throw new ConfigError([...missing, ...wrong]);
  return parsed.data;
}

function commonConfig(values: Values): CommonConfig {
  const dataFolder = resolve(values.LATHE_DATA_DIR);
  const httpPort = values.LATHE_PORT ?? defaultPort;
  return {
    dataFolder,
    host: values.LATHE_HOST,
    port: httpPort,
    publicUrl: (values.LATHE_PUBLIC_URL ?? localUrl(values.LATHE_HOST, httpPort)).replace(/\/+$/, ''),
    storage: storageConfig(values, dataFolder),
    webhooks: { allowPrivate: values.LATHE_WEBHOOK_ALLOW_PRIVATE },
    metricsPort: values.LATHE_METRICS_PORT ?? null,
    logLevel: values.LATHE_LOG_LEVEL,
    // Not the system's temporary folder: that often lies in memory, and a long song takes gigabytes.
    workFolder: resolve(values.LATHE_WORK_DIR ?? join(dataFolder, 'work')),
    sandbox: values.LATHE_SANDBOX,
    instanceId: randomUUID(),
    bootstrapKeyFile: values.LATHE_BOOTSTRAP_KEY_FILE ?? null,
  };
}

/** Where a server that listens on `host` is reached from this machine. */
export function localUrl(host: string, httpPort: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${httpPort}`;
}

function storageConfig(values: Values, dataFolder: string): StorageConfig {
  if (values.S3_BUCKET === undefined) return { kind: 'disk', folder: join(dataFolder, 'storage') };
  const accessKeyId = values.S3_ACCESS_KEY_ID;
  const secretAccessKey = values.S3_SECRET_ACCESS_KEY;
  return {
    kind: 's3',
    bucket: values.S3_BUCKET,
    region: values.S3_REGION,
    endpoint: values.S3_ENDPOINT ?? null,
    publicEndpoint: values.S3_PUBLIC_ENDPOINT ?? null,
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey } : null,
    forcePathStyle: values.S3_FORCE_PATH_STYLE,
  };
}
