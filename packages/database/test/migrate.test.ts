import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../../test/support/postgres.ts';
import { applyMigrations, connectDatabase, type Database, getMaster, migrationsCurrent } from '../src/index.ts';
import { createTenant, finish, order, queuedMaster } from './harness.ts';

const folder = join(import.meta.dirname, '../../../prisma/migrations');
const files = globSync('*/migration.sql', { cwd: folder }).sort();
const names = files.map((file) => file.slice(0, file.indexOf('/')));

let database: TestDatabase;
let db: Database;
beforeEach(async () => {
  database = await createTestDatabase({ empty: true });
  db = connectDatabase({ url: database.url, poolSize: 1 });
});
afterEach(async () => {
  await db.close();
  await database.drop();
});

const history = () =>
  db.prisma.$queryRaw<{ name: string; checksum: string; finished: boolean }[]>`
    SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
    FROM _prisma_migrations ORDER BY migration_name`;

test('two that migrate an empty database at once apply each migration once; a third finds nothing to do', async () => {
  const [one, other] = await Promise.all([applyMigrations(database.url), applyMigrations(database.url)]);
  expect([...one.applied, ...other.applied].sort()).toEqual(names);
  expect(await applyMigrations(database.url)).toEqual({ applied: [] });
  expect((await history()).map(({ name }) => name)).toEqual(names);
});

test('whether all are applied is told before and after, and when one is missing', async () => {
  expect(await migrationsCurrent(db)).toBe(false);
  await applyMigrations(database.url);
  expect(await migrationsCurrent(db)).toBe(true);
  await db.prisma.$executeRaw`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = ${names.at(-1)}`;
  expect(await migrationsCurrent(db)).toBe(false);
});

test("the history is Prisma's own: the checksum is the SHA-256 of the file", async () => {
  await applyMigrations(database.url);
  const expected = files.map((file, i) => ({
    name: names[i],
    checksum: createHash('sha256')
      .update(readFileSync(join(folder, file)))
      .digest('hex'),
    finished: true,
  }));
  expect(expected.length).toBeGreaterThan(0);
  expect(await history()).toEqual(expected);
});

test('a database that is missing is made, also by two at once', async () => {
  await database.drop();
  await Promise.all([applyMigrations(database.url), applyMigrations(database.url)]);
  expect(await migrationsCurrent(db)).toBe(true);
});

test('an order of one format becomes one of several, and its files say what they are', async () => {
  await applyMigrations(database.url);
  const tenant = await createTenant(db);
  const id = await queuedMaster(tenant);
  await finish(db, id);
  await db.prisma.$executeRaw`ALTER TABLE rendition DROP COLUMN format`;
  const { formats: _, metadata: __, tags: ___, proofs: ____, ...rest } = order;
  const old = JSON.stringify({ ...rest, format: 'wav16' });
  await db.prisma.$executeRaw`UPDATE master SET "order" = ${old}::json`;
  const sql = readFileSync(join(folder, '20261125000000_formats/migration.sql'), 'utf8').replace(/^--.*$/gm, '');
  for (const statement of sql.split(';')) if (statement.trim()) await db.prisma.$executeRawUnsafe(statement);
  expect((await getMaster(db, tenant.organisationId, id))?.order).toEqual({ ...order, formats: ['wav16'] });
  expect(await db.prisma.$queryRaw`SELECT format FROM rendition`).toEqual([{ format: 'wav24' }]);
});
