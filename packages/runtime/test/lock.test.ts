import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isRunning, takeLock } from '../src/index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const lockFile = () => join(folder, 'lathe.lock');
const change = async (changes: object) => {
  const holder = JSON.parse(await readFile(lockFile(), 'utf8'));
  await writeFile(lockFile(), JSON.stringify({ ...holder, ...changes }));
};

async function taken() {
  const answer = await takeLock(folder);
  if ('holder' in answer) throw new Error(`process ${answer.holder.pid} has it`);
  return answer.lock;
}

describe('the lock of a data folder', () => {
  it('is held by the process that took it, whatever that is called, until it lets go', async () => {
    const lock = await taken();
    await lock.update({ url: 'http://127.0.0.1:4800' });
    expect(await takeLock(folder)).toMatchObject({ holder: { pid: process.pid, url: 'http://127.0.0.1:4800' } });
    await lock.release();
    await (await taken()).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is taken over from a holder that is dead, though another process has its number', async () => {
    await taken();
    const bystander = spawn('sleep', ['60']);
    await change({ pid: bystander.pid, children: [{ pid: bystander.pid, beginning: '1' }] });
    await taken();
    expect(JSON.parse(await readFile(lockFile(), 'utf8'))).toMatchObject({ pid: process.pid, children: [] });
    expect(await isRunning(bystander.pid ?? 0)).toBe(true);
    bystander.kill();
    await once(bystander, 'exit');
  });

  it('is taken over when it makes no sense', async () => {
    await writeFile(lockFile(), '{"pid":');
    await taken();
  });
});
