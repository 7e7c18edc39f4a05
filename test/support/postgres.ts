/** Postgres for the tests: one real server for a run (vitest's globalSetup), one database for whoever asks. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyMigrations } from '@lathe/database';
import { createLog, startEmbeddedPostgres } from '@lathe/runtime';
import pg from 'pg';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** The database that tests are copied from: migrated, empty, and never connected to. */
    templateUrl: string;
  }
}

/** Starts the server and makes the template; returns how to take both away. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'lathe-test-postgres-'));
  const log = createLog({ level: 'silent', name: 'test' });
  const postgres = await startEmbeddedPostgres({ folder, log, durable: false });
  const templateUrl = databaseAt(postgres.url, 'lathe_template');
  await applyMigrations(templateUrl);
  project.provide('templateUrl', templateUrl);
  return async () => {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

export type TestDatabase = {
  url: string;
  /** Ends what is still connected, too. */
  drop(): Promise<void>;
};

/** A database of its own, migrated; `empty`: not even that. */
export async function createTestDatabase({ empty = false } = {}): Promise<TestDatabase> {
  const templateUrl = inject('templateUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await administrate(templateUrl, `CREATE DATABASE ${name} TEMPLATE ${empty ? 'template0' : 'lathe_template'}`);
  return {
    url: databaseAt(templateUrl, name),
    drop: () => administrate(templateUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

function databaseAt(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

async function administrate(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseAt(url, 'postgres') });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
