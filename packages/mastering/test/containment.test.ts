/** What the child that reads audio can reach. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { describePeer } from '../../../test/support/peers.ts';
import { save, temporaryFolder } from '../../codec/test/build-wav.ts';
import { runTask } from '../src/index.ts';
import { confine } from '../src/sandbox.ts';

const folder = temporaryFolder();
const own = temporaryFolder();
const flac = fileURLToPath(new URL('../../codec/test/fixtures/signal.flac', import.meta.url));

const bubblewrap = spawnSync('bwrap', ['--ro-bind', '/', '/', 'true']).status === 0 ? 'bwrap' : undefined;

/** Tries each file, and writes where it may not. */
const spy = `
  const { readFileSync, writeFileSync } = require('node:fs');
  const [told, ...paths] = process.argv.slice(1);
  const works = (act) => { try { act(); return true; } catch { return false; } };
  const seen = paths.filter((path) => works(() => readFileSync(path)));
  const wrote = paths.filter((path) => works(() => writeFileSync(path, 'spoilt')));
  const networks = Object.keys(require('node:os').networkInterfaces());
  writeFileSync(told, JSON.stringify({ seen, wrote, networks }));
`;

describePeer('bubblewrap', bubblewrap, () => {
  test('the child sees its source, writes to its folder, and knows of nothing else', async () => {
    const source = save(folder, Buffer.from('mine'), 'mine');
    const neighbour = save(folder, Buffer.from('hers'), 'hers');
    const told = join(own, 'told');
    const paths = [source, neighbour, '/etc/passwd', fileURLToPath(new URL('../../../package.json', import.meta.url))];
    const node = { program: process.execPath, args: ['-e', spy, told, ...paths] };
    const limits = { memoryMegabytes: 256, wallClockSeconds: 60 };
    const { program, args } = await confine(node, 'auto', { limits, readable: [source], writable: [own] });
    execFileSync(program, args, { env: {} });
    const { seen, networks } = JSON.parse(readFileSync(told, 'utf8'));
    expect(seen).toEqual([source]);
    expect(networks.filter((name: string) => name !== 'lo')).toEqual([]);
    // What it seemed to write beside its source went with it.
    expect(readFileSync(source, 'utf8')).toBe('mine');
    expect(readFileSync(neighbour, 'utf8')).toBe('hers');
  });
});

test('with walls or without, a file is heard alike, and nothing is left', async () => {
  const task = { kind: 'measure', sourcePath: flac } as const;
  const workFolder = temporaryFolder();
  const confined = await runTask(task, { sandbox: 'auto', workFolder });
  expect(await runTask(task, { sandbox: 'off', workFolder })).toEqual(confined);
  expect(readdirSync(workFolder)).toEqual([]);
});
