/** Runs the whole service as a user does, `lathe start`, on its own data folder and port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@lathe/runtime';

export type RunningLathe = {
  url: string;
  apiKey: string;
  dataFolder: string;
  process: ChildProcess;
  stop(): Promise<void>;
};

const launcher = join(import.meta.dirname, '../../apps/cli/bin/lathe.mjs');
const startSeconds = 60;

/** Queue on Postgres and files on disk, whatever the environment of the tests says. */
const noPeers = { REDIS_URL: '', S3_BUCKET: '', S3_ENDPOINT: '' };

/** Peers are used only where `environment` names them. */
export async function startLathe(environment: Record<string, string> = {}): Promise<RunningLathe> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'lathe-e2e-'));
  const port = await freePort();
  const child = spawn(process.execPath, [launcher, 'start'], {
    env: { ...process.env, ...noPeers, LATHE_DATA_DIR: dataFolder, LATHE_PORT: String(port), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const { url, apiKey } = await banner(child);
  const stop = async () => {
    child.kill('SIGINT');
    await ended;
    rmSync(dataFolder, { recursive: true, force: true });
  };
  return { url, apiKey, dataFolder, process: child, stop };
}

/** Waits for the lines that tell the address and the key. */
function banner(child: ChildProcess): Promise<{ url: string; apiKey: string }> {
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string) => reject(new Error(`${why}\n${output}`));
    const timer = setTimeout(() => fail('lathe start took too long'), startSeconds * 1000);
    const listen = (chunk: Buffer) => {
      output += chunk.toString();
      const found = /(http:\/\/[\d.:]+)\/?#key=(lathe_live_\w+)/.exec(output);
      if (!found?.[1] || !found[2]) return;
      clearTimeout(timer);
      resolve({ url: found[1], apiKey: found[2] });
    };
    child.stdout?.on('data', listen);
    child.stderr?.on('data', listen);
    child.once('exit', (code) => fail(`lathe start ended with ${code}`));
  });
}
