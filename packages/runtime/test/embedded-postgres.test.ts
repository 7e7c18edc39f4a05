import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createLog, type EmbeddedPostgres, isRunning, startEmbeddedPostgres } from '../src/index.ts';

const log = createLog({ level: 'silent', name: 'test' });
const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lathe-postgres-'));
  cleanUps.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function start(folder: string): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ folder, log, durable: false });
  cleanUps.push(() => postgres.stop());
  return postgres;
}

const serverPid = async (folder: string) =>
  Number((await readFile(join(folder, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]);

/** Whether a Postgres answers there: it replies one byte to a request for TLS (protocol 3, SSLRequest). */
async function answers(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  try {
    await once(socket, 'connect');
    socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
    const [reply] = (await once(socket, 'data')) as [Buffer];
    return reply.length === 1;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** A process that starts Postgres and is then killed without a word, as `kill -9` does to a parent. */
async function startAndKillParent(folder: string): Promise<void> {
  const source = new URL('../src/index.ts', import.meta.url).href;
  const script = `
    import { createLog, startEmbeddedPostgres } from ${JSON.stringify(source)};
    await startEmbeddedPostgres({ folder: ${JSON.stringify(folder)}, log: createLog({ level: 'silent', name: 't' }), durable: false });
    process.kill(process.pid, 'SIGKILL');`;
  await once(spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' }), 'close');
}

describe('embedded Postgres', () => {
  it('starts from nothing, keeps port and password, and leaves no process when stopped', async () => {
    const folder = await newFolder();
    const first = await start(folder);
    expect(await answers(first.url)).toBe(true);
    const pid = await serverPid(folder);
    await first.stop();
    expect(await isRunning(pid)).toBe(false);
    const second = await start(folder);
    expect(second.url).toBe(first.url);
    expect((await stat(join(folder, 'access.json'))).mode & 0o777).toBe(0o600);
    expect((await readdir(folder)).sort()).toEqual(['access.json', 'cluster', 'postgres.log']);
  });

  it('replaces a server that outlived its parent', async () => {
    const folder = await newFolder();
    await startAndKillParent(folder);
    const survivor = await serverPid(folder);
    expect(await isRunning(survivor)).toBe(true);
    const postgres = await start(folder);
    expect(await isRunning(survivor)).toBe(false);
    expect(await answers(postgres.url)).toBe(true);
  });

  it('recovers when the server itself was killed', async () => {
    const folder = await newFolder();
    const first = await start(folder);
    process.kill(await serverPid(folder), 'SIGKILL');
    await first.exited;
    expect(await answers((await start(folder)).url)).toBe(true);
  });

  it('is not fooled by a pid file whose number belongs to another process', async () => {
    const folder = await newFolder();
    await (await start(folder)).stop();
    const bystander = spawn('sleep', ['60']);
    cleanUps.push(async () => bystander.kill());
    await writeFile(join(folder, 'cluster', 'postmaster.pid'), `${bystander.pid}\n/nowhere\n0\n5432\n\n127.0.0.1\n`);
    expect(await answers((await start(folder)).url)).toBe(true);
    expect(bystander.exitCode).toBeNull();
  });

  it('makes the cluster anew when a start was killed while making it', async () => {
    const folder = await newFolder();
    await mkdir(join(folder, 'unfinished', 'cluster', 'base'), { recursive: true });
    await writeFile(join(folder, 'unfinished', 'cluster', 'PG_VERSION'), '18\n');
    await mkdir(join(folder, 'cluster'));
    const postgres = await start(folder);
    expect(await answers(postgres.url)).toBe(true);
    expect(await readdir(folder)).not.toContain('unfinished');
  });

  it('moves to another port when its own is taken', async () => {
    const folder = await newFolder();
    const first = await start(folder);
    const other = await newFolder();
    const { port } = new URL(first.url);
    await writeFile(join(other, 'access.json'), JSON.stringify({ password: 'p', port: Number(port) }));
    const second = await start(other);
    expect(new URL(second.url).port).not.toBe(port);
    expect(JSON.parse(await readFile(join(other, 'access.json'), 'utf8')).port).toBe(Number(new URL(second.url).port));
  });

  it('works below a folder that only its owner can enter', async () => {
    const home = await newFolder();
    await chmod(home, 0o700);
    const folder = join(home, 'data');
    expect(await answers((await start(folder)).url)).toBe(true);
  });

  it('says what is missing when the password of a cluster is lost', async () => {
    const folder = await newFolder();
    await (await start(folder)).stop();
    await rm(join(folder, 'access.json'));
    await expect(start(folder)).rejects.toThrow(/password .* is missing/);
  });
});
