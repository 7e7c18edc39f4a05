import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { Database } from './connect.ts';
import { openSchemaEngine, withClient } from './schema-engine.ts';

const prismaFolder = fileURLToPath(new URL('../../../prisma/', import.meta.url));
const migrationsFolder = join(prismaFolder, 'migrations');

const databaseMissing = '3D000';
/** Another process has just made it: reported either as the database or as its unique name. */
const databaseExists = ['42P04', '23505'];

/**
 * Brings the database at `url` up to date in this process, creating it if it is missing. Safe when several processes do
 * it at once: the engine takes an advisory lock. The history is Prisma's own, so `prisma migrate deploy` can go on with
 * it. Returns the names of the migrations applied now, usually none.
 */
export async function applyMigrations(url: string): Promise<{ applied: string[] }> {
  await ensureDatabase(url);
  if (await withClient(url, (client) => nothingMissing((sql) => rowsOf(client, sql)))) return { applied: [] };
  const { engine, close } = await openSchemaEngine({
    url,
    datamodels: [['schema.prisma', readFileSync(join(prismaFolder, 'schema.prisma'), 'utf8')]],
  });
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({
      filters: { externalTables: [], externalEnums: [] },
      migrationsList: readMigrations(),
    });
    return { applied: appliedMigrationNames };
  } finally {
    await close();
  }
}

/** Whether every migration of this version of Lathe has been applied. */
export function migrationsCurrent(db: Database): Promise<boolean> {
  return nothingMissing((sql) => db.prisma.$queryRawUnsafe<MigrationRow[]>(sql));
}

type MigrationRow = { migration_name: string };

async function nothingMissing(query: (sql: string) => Promise<MigrationRow[]>): Promise<boolean> {
  const [known] = await query(`SELECT to_regclass('_prisma_migrations')::text AS migration_name`);
  if (!known?.migration_name) return false;
  const done = await query('SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL');
  const names = new Set(done.map((row) => row.migration_name));
  return migrationNames().every((name) => names.has(name));
}

const rowsOf = async (client: pg.Client, sql: string) => (await client.query<MigrationRow>(sql)).rows;

async function ensureDatabase(url: string): Promise<void> {
  try {
    await withClient(url, async () => {});
  } catch (error) {
    if (!isDatabaseError(error, databaseMissing)) throw error;
    await createDatabase(url);
  }
}

/** @internal Harmless if it is there. */
export async function createDatabase(url: string): Promise<void> {
  const { admin, name } = adminOf(url);
  try {
    await withClient(admin, (client) => client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`));
  } catch (error) {
    if (!isDatabaseError(error, ...databaseExists)) throw error;
  }
}

/** @internal Also when others are connected to it. */
export async function dropDatabase(url: string): Promise<void> {
  const { admin, name } = adminOf(url);
  await withClient(admin, (client) => client.query(`DROP DATABASE ${pg.escapeIdentifier(name)} WITH (FORCE)`));
}

/** The name in a database address, and the address of the database every server has, from where it can be made. */
function adminOf(url: string): { admin: string; name: string } {
  const admin = new URL(url);
  const name = decodeURIComponent(admin.pathname.slice(1));
  admin.pathname = '/postgres';
  return { admin: admin.href, name };
}

const isDatabaseError = (error: unknown, ...codes: string[]): boolean =>
  error instanceof pg.DatabaseError && codes.includes(error.code ?? '');

function migrationNames(): string[] {
  const entries = readdirSync(migrationsFolder, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function readMigrations() {
  const path = 'migration.sql';
  const read = (name: string) => readFileSync(join(migrationsFolder, name), 'utf8');
  return {
    baseDir: migrationsFolder,
    shadowDbInitScript: '',
    lockfile: { path: 'migration_lock.toml', content: read('migration_lock.toml') },
    migrationDirectories: migrationNames().map((name) => ({
      path: name,
      migrationFile: { path, content: { tag: 'ok' as const, value: read(join(name, path)) } },
    })),
  };
}
