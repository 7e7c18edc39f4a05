import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, hasEndedWithin } from '@lathe/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const launcher = join(import.meta.dirname, '../bin/lathe.mjs');
let dataFolder: string;
let port: number;
let started: ChildProcess[];

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'lathe-start-'));
  port = await freePort();
  started = [];
});
afterEach(async () => {
  for (const child of started) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGINT');
      await once(child, 'exit');
    }
  }
  for (const pid of await running()) process.kill(pid, 'SIGKILL');
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

function lathe(environment: Record<string, string> = {}) {
  const own = { LATHE_DATA_DIR: dataFolder, LATHE_PORT: String(port), DATABASE_URL: '', REDIS_URL: '', S3_BUCKET: '' };
  const child = spawn(process.execPath, [launcher, 'start'], { env: { ...process.env, ...own, ...environment } });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const exited = once(child, 'close').then(() => ({ code: child.exitCode, output }));
  /** Resolves to the address and the key once it is at work. */
  const ready = async () => {
    for (;;) {
      const [, url = '', key = ''] = /(http:\S+)\/#key=(\S+)/.exec(output) ?? [];
      if (key !== '') return { url, key };
      if (child.exitCode !== null) throw new Error(output);
      await sleep(50);
    }
  };
  return { child, exited, ready };
}

/** Every process that works for this data folder: its environment or its working folder says so. */
async function running(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const own = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
      const folder = await readlink(`/proc/${pid}/cwd`).catch(() => '');
      return environment.includes(`LATHE_DATA_DIR=${dataFolder}\0`) || folder.startsWith(dataFolder);
    }),
  );
  return pids.filter((_, index) => own[index]);
}

async function untilRunning(wanted: (count: number) => boolean): Promise<void> {
  while (!wanted((await running()).length)) await sleep(50);
}

/** The processes of api and worker, as the lock names them. */
async function childrenInLock(): Promise<number[]> {
  const { children } = JSON.parse(await readFile(join(dataFolder, 'lathe.lock'), 'utf8'));
  return children.map(({ pid }: { pid: number }) => pid);
}

/** Lines of Postgres' pid file: its process first, its port fourth, its status last. */
const postgres = async () =>
  (await readFile(join(dataFolder, 'postgres/cluster/postmaster.pid'), 'utf8').catch(() => ''))
    .split('\n')
    .map((line) => line.trim());

const answers = (url: string) => fetch(`${url}/livez`).then((response) => response.ok);

describe('lathe start', () => {
  it('brings everything up, refuses a second start, and leaves nothing running after Ctrl-C', async () => {
    const first = lathe();
    const { url } = await first.ready();
    expect(url).toBe(`http://127.0.0.1:${port}`);
    expect(await answers(url)).toBe(true);
    for (const file of ['secret', 'api-key']) expect((await stat(join(dataFolder, file))).mode & 0o777).toBe(0o600);

    const second = await lathe({ LATHE_PORT: String(await freePort()) }).exited;
    expect(second).toMatchObject({ code: 1, output: expect.stringContaining(`already: ${url}`) });
    expect(await answers(url)).toBe(true);

    first.child.kill('SIGINT');
    expect(await first.exited).toMatchObject({ code: 0 });
    expect(await running()).toEqual([]);
    expect(await readdir(dataFolder)).not.toContain('lathe.lock');
  });

  it('ends its children when it is killed, and the next start recovers with the same key', async () => {
    const first = lathe();
    const { url, key } = await first.ready();
    const children = await childrenInLock();
    first.child.kill('SIGKILL');
    await first.exited;
    expect(children).toHaveLength(2);
    for (const pid of children) expect(await hasEndedWithin(pid, 15_000)).toBe(true);
    const again = await lathe().ready();
    expect(again).toEqual({ url, key });
    expect(await answers(url)).toBe(true);
  });

  it('starts a worker again that was killed', async () => {
    const { child, ready } = lathe();
    await ready();
    const before = await childrenInLock();
    const worker = before[1] ?? 0;
    process.kill(worker, 'SIGKILL');
    while ((await childrenInLock()).includes(worker)) await sleep(50);
    expect(await childrenInLock()).toHaveLength(before.length);
    expect(child.exitCode).toBeNull();
  });

  it('starts a database again that was killed, at the same address', async () => {
    await lathe().ready();
    const before = await postgres();
    process.kill(Number(before[0]), 'SIGKILL');
    let after = before;
    while (after[0] === before[0] || after[7] !== 'ready') {
      await sleep(50);
      after = await postgres();
    }
    expect(after[3]).toBe(before[3]);
  });

  it('ends at once on a second Ctrl-C', async () => {
    const { child, exited, ready } = lathe();
    await ready();
    child.kill('SIGINT');
    child.kill('SIGINT');
    await exited;
    await untilRunning((count) => count === 0);
  });

  it('says that the port is taken', async () => {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    const refused = await lathe().exited;
    server.close();
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining(`Port ${port} is used`) });
  });

  it('names everything that is wrong with the configuration', async () => {
    const refused = await lathe({ LATHE_LOG_LEVEL: 'loud', LATHE_PORT: 'no' }).exited;
    expect(refused.code).toBe(2);
    expect(refused.output).toMatch(/LATHE_PORT[\s\S]*LATHE_LOG_LEVEL/);
  });
});
