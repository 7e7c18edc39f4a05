import { fileURLToPath } from 'node:url';
import { defineConfig } from 'prisma/config';

/**
 * The Prisma CLI wants a native schema engine, which it downloads. Lathe brings its own front for Prisma's WebAssembly
 * engine, so that `prisma generate` and `prisma migrate …` work with no download. Windows cannot start a script as a
 * program: there the native engine is used.
 */
const schemaEngine = fileURLToPath(new URL('./packages/database/tools/schema-engine.ts', import.meta.url));
// The Prisma CLI alone reads this file; no process of Lathe does.
const { env } = process;
if (process.platform !== 'win32' && env.PRISMA_SCHEMA_ENGINE_BINARY === undefined) {
  env.PRISMA_SCHEMA_ENGINE_BINARY = schemaEngine;
}

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: env.DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/lathe' },
});
