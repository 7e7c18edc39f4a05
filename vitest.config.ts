import { defineConfig } from 'vitest/config';

/** What needs nothing but itself. */
const pure = ['engine', 'codec', 'contracts', 'client', 'mastering', 'report'];
const pureSuites = [
  ...pure.map((name) => `packages/${name}/test/**/*.test.ts`),
  ...['apps/cli/test/**/*.test.ts', 'apps/web/test/**/*.test.ts'],
];
const postgres = 'test/support/postgres.ts';

/**
 * `npm test` runs all three; `npx vitest run --project pure` one of them. Services share one embedded Postgres, each
 * suite with a database of its own; the end-to-end and chaos suites each start the whole service, one after the other.
 */
export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'pure', include: pureSuites, sequence: { groupOrder: 0 } } },
      {
        extends: true,
        test: {
          name: 'service',
          include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'test/*.test.ts'],
          exclude: ['**/node_modules/**', ...pureSuites],
          globalSetup: postgres,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/chaos/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          maxWorkers: 1,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
