import { expect, test } from 'vitest';
import { createTestDatabase } from '../../../test/support/postgres.ts';
import { connectDatabase, type Database } from '../src/index.ts';

/** As many connections as can be, all in use once. */
const occupy = (db: Database) =>
  Promise.all(Array.from({ length: 8 }, () => db.prisma.$executeRaw`SELECT pg_sleep(0.05)`));

test('connections that the server ends are replaced, and no error goes unhandled', async () => {
  const database = await createTestDatabase();
  const [db, other] = [connectDatabase(database), connectDatabase(database)];
  await occupy(db);
  await other.prisma.$executeRaw`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()`;
  const answers = async () => db.prisma.$queryRaw`SELECT 1 AS one`.catch(() => 'not yet');
  await expect.poll(answers, { timeout: 10_000 }).toEqual([{ one: 1 }]);
  await Promise.all([db.close(), other.close()]);
  await database.drop();
});

test('a database that is dropped while connections to it are being closed raises nothing', async () => {
  for (let i = 0; i < 5; i++) {
    const database = await createTestDatabase();
    const db = connectDatabase(database);
    await occupy(db);
    await Promise.all([db.close(), database.drop()]);
  }
});
