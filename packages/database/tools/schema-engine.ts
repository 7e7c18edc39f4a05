#!/usr/bin/env node
/**
 * Stands in for the native schema engine of the Prisma CLI (see prisma.config.ts): answers its JSON-RPC on standard
 * input and output with Prisma's WebAssembly engine, and knows the few sub-commands the CLI calls it with.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { createDatabase, dropDatabase } from '../src/migrate.ts';
import { openSchemaEngine, type SchemaEngine, schemaEngineVersion, withClient } from '../src/schema-engine.ts';

type Datasource = { url?: string; shadowDatabaseUrl?: string };
type Request = { id: unknown; method: string; params: never };
type Answers = Record<string, (params: never) => Promise<unknown>>;
type Failure = { message?: string; code?: string; meta?: unknown };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    datamodels: { type: 'string', multiple: true },
    datasource: { type: 'string' },
    version: { type: 'boolean' },
  },
});

const datasource: Datasource = typeof values.datasource === 'string' ? JSON.parse(values.datasource) : {};
const url = datasource.url ?? 'postgresql://127.0.0.1/none';

/** The codes by which the CLI tells a missing database from a server that cannot be reached. */
const cliCodes: Record<string, string> = {
  '3D000': 'P1003',
  '28P01': 'P1000',
  ECONNREFUSED: 'P1001',
  ENOTFOUND: 'P1001',
};

const subCommands: Record<string, () => Promise<unknown>> = {
  'can-connect-to-database': () => withClient(url, async () => {}),
  'create-database': () => createDatabase(url),
  'drop-database': () => dropDatabase(url),
};

function log(level: 'INFO' | 'ERROR', fields: object): void {
  const line = { timestamp: new Date().toISOString(), level, fields, target: 'schema_engine::logger' };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

async function runSubCommand(name: string): Promise<number> {
  const run = subCommands[name];
  try {
    if (!run) throw new Error(`This schema engine does not know the command ${name}.`);
    await run();
    return 0;
  } catch (error) {
    const { message, code = '' } = error as Failure;
    log('ERROR', { message: message || code, is_panic: false, error_code: cliCodes[code] ?? 'P1010', meta: {} });
    return 1;
  }
}

/** Where the CLI's words differ from the engine's. */
function differingAnswers(engine: SchemaEngine): Answers {
  return {
    createDatabase: async () => {
      await createDatabase(url);
      return { databaseName: decodeURIComponent(new URL(url).pathname.slice(1)) };
    },
    getDatabaseVersion: (params) => engine.version(params),
    diff: async (params) => {
      const result = await engine.diff(params);
      if (result.stdout == null) return result;
      write({ id: 'print', method: 'print', params: { content: result.stdout } });
      return { ...result, stdout: null };
    },
  };
}

async function answer(engine: SchemaEngine, { id, method, params }: Request): Promise<object> {
  const own = differingAnswers(engine)[method];
  const theirs = (engine as unknown as Answers)[method];
  try {
    const result = await (own ? own(params) : theirs?.call(engine, params));
    return { id, result: result ?? null };
  } catch (error) {
    const { message, code, meta } = error as Failure;
    const data = { is_panic: false, message: message ?? String(error), meta: meta ?? null, error_code: code ?? null };
    return { id, error: { code: 4466, message: 'An error happened. Check the data field for details.', data } };
  }
}

function write(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}

async function serve(): Promise<void> {
  const files = (values.datamodels ?? []) as string[];
  const datamodels = files.map((file): [string, string] => [file, readFileSync(file, 'utf8')]);
  const { engine, close } = await openSchemaEngine({
    url,
    shadowUrl: datasource.shadowDatabaseUrl,
    datamodels: datamodels.length > 0 ? datamodels : undefined,
  });
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue;
    const request: Request = JSON.parse(line);
    if (request.method) write(await answer(engine, request));
  }
  await close();
}

// The CLI expects a first line on standard error and drops it.
if (!values.version) log('INFO', { message: 'Starting schema engine' });
if (values.version) process.stdout.write(`schema-engine-wasm ${await schemaEngineVersion()}\n`);
else if (positionals[0] === 'cli') process.exitCode = await runSubCommand(positionals[1] ?? '');
else await serve();
