import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  DriverAdapterError,
  type SqlQuery,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils';
import type * as SchemaEngineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

/**
 * Prisma's own schema engine, the WebAssembly build, over a Postgres connection of ours. Migrations are applied with it
 * at start; `tools/schema-engine.ts` puts it behind the Prisma CLI.
 */
export type SchemaEngine = SchemaEngineModule.SchemaEngine;
type Glue = typeof SchemaEngineModule;
type PgAdapter = Awaited<ReturnType<PrismaPg['connect']>>;

/** One engine on one database. `datamodels` are pairs of file name and content. */
export async function openSchemaEngine(options: {
  url: string;
  datamodels: [string, string][] | undefined;
  shadowUrl?: string | undefined;
}): Promise<{ engine: SchemaEngine; close(): Promise<void> }> {
  const glue = await loadGlue();
  const factory = new MigrationPg(options.url, options.shadowUrl);
  const engine = await glue.SchemaEngine.new(
    { datamodels: options.datamodels },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  );
  return { engine, close: () => factory.close() };
}

export async function schemaEngineVersion(): Promise<string> {
  return (await loadGlue()).version();
}

let glueLoading: Promise<Glue> | undefined;

/** What is used of WebAssembly; the types of a service know no browser, where it is declared. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: Record<string, object>) => { exports: Record<string, unknown> };
};

/** Once per process: the glue has one place for the instance it talks to, and a second would take it from the first. */
const loadGlue = (): Promise<Glue> => (glueLoading ??= instantiateGlue());

/** The module is instantiated by hand: Node below 24.5 does not import WebAssembly. */
async function instantiateGlue(): Promise<Glue> {
  // The engine reports a panic to this global before it throws; without it the report itself fails.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: () => {} } });
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const glue: Glue = await import(pathToFileURL(join(folder, 'schema_engine_bg.js')).href);
  const module = new WebAssembly.Module(readFileSync(join(folder, 'schema_engine_bg.wasm')));
  const { exports } = new WebAssembly.Instance(module, { './schema_engine_bg.js': glue });
  glue.__wbg_set_wasm(exports);
  (exports.__wbindgen_start as () => void)();
  return glue;
}

/** The catalog's one-byte type "char", which the adapter does not know. */
const charOid = 18;
const textOid = 25;

/**
 * Prisma's Postgres adapter was made for queries; migrating needs four things more of it: one connection only (the
 * engine's advisory lock belongs to a session), scripts sent whole, the catalog's "char" type, and a shadow database
 * that is not the main one.
 */
class MigrationPg extends PrismaPg {
  readonly #url: string;
  readonly #shadowUrl: string | undefined;
  readonly #adapters: PgAdapter[] = [];

  constructor(url: string, shadowUrl: string | undefined) {
    super({ connectionString: url, max: 1 });
    this.#url = url;
    this.#shadowUrl = shadowUrl;
  }

  override async connect(): Promise<PgAdapter> {
    const adapter = readingChars(sendingScriptsWhole(await super.connect()));
    this.#adapters.push(adapter);
    return adapter;
  }

  /** Prisma's own version would replay the migrations on the main database when it is given a connection string. */
  override async connectToShadowDb(): Promise<PgAdapter> {
    if (this.#shadowUrl !== undefined) return new MigrationPg(this.#shadowUrl, undefined).connect();
    const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
    await withClient(this.#url, (client) => client.query(`CREATE DATABASE "${name}"`));
    const shadowUrl = new URL(this.#url);
    shadowUrl.pathname = `/${name}`;
    const adapter = await new MigrationPg(shadowUrl.href, undefined).connect();
    const dispose = adapter.dispose.bind(adapter);
    adapter.dispose = async () => {
      await dispose();
      await withClient(this.#url, (client) => client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
    };
    return adapter;
  }

  async close(): Promise<void> {
    await Promise.all(this.#adapters.splice(0).map((adapter) => adapter.dispose()));
  }
}

/** The adapter would split a script at every `;`, also inside strings and function bodies. */
function sendingScriptsWhole(adapter: PgAdapter): PgAdapter {
  adapter.executeScript = async (script) => {
    try {
      await adapter.underlyingDriver().query(script);
    } catch (error) {
      throw error instanceof pg.DatabaseError ? asAdapterError(error) : error;
    }
  };
  return adapter;
}

function asAdapterError(error: pg.DatabaseError): DriverAdapterError {
  const { message, detail, column, hint, code = 'N/A', severity = 'ERROR' } = error;
  return new DriverAdapterError({ kind: 'postgres', code, severity, message, detail, column, hint });
}

/** The part of the adapter that `queryRaw` is made of. */
type QueryInternals = { performIO(query: SqlQuery): Promise<{ fields: { dataTypeID: number }[] }> };

/** Lets "char" columns pass as text, and names their type afterwards. The engine asks one question at a time. */
function readingChars(adapter: PgAdapter): PgAdapter {
  const internals = adapter as unknown as QueryInternals;
  const performIO = internals.performIO.bind(adapter);
  const queryRaw = adapter.queryRaw.bind(adapter);
  let charColumns: number[] = [];
  internals.performIO = async (query) => {
    const result = await performIO(query);
    charColumns = result.fields.flatMap((field, column) => (field.dataTypeID === charOid ? [column] : []));
    for (const column of charColumns) Object.assign(result.fields[column] ?? {}, { dataTypeID: textOid });
    return result;
  };
  adapter.queryRaw = async (query) => {
    const result: SqlResultSet = await queryRaw(query);
    for (const column of charColumns) result.columnTypes[column] = ColumnTypeEnum.Character;
    return result;
  };
  return adapter;
}

/** Runs `work` on a connection of its own. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
