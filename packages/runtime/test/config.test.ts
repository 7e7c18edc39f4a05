import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig, readLauncherConfig } from '../src/index.ts';

const needed = { DATABASE_URL: 'postgresql://lathe:pw@127.0.0.1:5432/lathe', LATHE_SECRET: 's'.repeat(32) };

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    readConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('configuration', () => {
  it('needs only a database and a secret', () => {
    const config = readConfig(needed);
    expect(config).toMatchObject({
      dataFolder: resolve('.data'),
      workFolder: resolve('.data/work'),
      host: '127.0.0.1',
      port: 4800,
      publicUrl: 'http://127.0.0.1:4800',
      queue: { kind: 'postgres', url: needed.DATABASE_URL },
      storage: { kind: 'disk', folder: resolve('.data/storage') },
      webhooks: { allowPrivate: false },
      metricsPort: null,
      logLevel: 'info',
      sandbox: 'auto',
    });
  });

  it('names every problem at once, one sentence each', () => {
    const problems = problemsOf({
      LATHE_PORT: '99999',
      LATHE_WEBHOOK_ALLOW_PRIVATE: 'perhaps',
      LATHE_LOG_LEVEL: 'loud',
      LATHE_SECRET: 'short',
      REDIS_URL: 'http://example.com',
      S3_ACCESS_KEY_ID: 'only one of two',
    });
    for (const name of [
      'DATABASE_URL',
      'LATHE_PORT',
      'LATHE_WEBHOOK_ALLOW_PRIVATE',
      'LATHE_LOG_LEVEL',
      'LATHE_SECRET',
    ]) {
      expect(
        problems.filter((problem) => problem.startsWith(name)),
        name,
      ).toHaveLength(1);
    }
    expect(problems.filter((problem) => problem.startsWith('REDIS_URL'))).toHaveLength(1);
    expect(problems.filter((problem) => problem.includes('S3_SECRET_ACCESS_KEY'))).toHaveLength(1);
    for (const problem of problems) expect(problem).toMatch(/\.$/);
  });

  it('never repeats a value in a problem, which may be a secret', () => {
    expect(problemsOf({ ...needed, LATHE_SECRET: 'tiny-secret' }).join()).not.toContain('tiny-secret');
  });

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ ...needed, REDIS_URL: '', S3_BUCKET: ' ', LATHE_PORT: '' })).toMatchObject({
      port: 4800,
      queue: { kind: 'postgres' },
      storage: { kind: 'disk' },
    });
  });

  it('goes to Redis and S3 when they are named', () => {
    const config = readConfig({
      ...needed,
      REDIS_URL: 'redis://127.0.0.1:6379',
      S3_BUCKET: 'masters',
      S3_ENDPOINT: 'http://127.0.0.1:9000',
      S3_ACCESS_KEY_ID: 'id',
      S3_SECRET_ACCESS_KEY: 'key',
      S3_FORCE_PATH_STYLE: 'true',
    });
    expect(config.queue).toEqual({ kind: 'redis', url: 'redis://127.0.0.1:6379' });
    expect(config.storage).toEqual({
      kind: 's3',
      bucket: 'masters',
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:9000',
      publicEndpoint: null,
      credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
      forcePathStyle: true,
    });
  });

  it('lets the launcher start from nothing, and knows whether the port was chosen', () => {
    expect(readLauncherConfig({})).toMatchObject({ databaseUrl: null, secret: null, portIsChosen: false });
    expect(readLauncherConfig({ LATHE_PORT: '4801' })).toMatchObject({ port: 4801, portIsChosen: true });
  });
});
