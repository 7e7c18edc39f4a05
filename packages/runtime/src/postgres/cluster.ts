import { spawn } from 'node:child_process';
import { chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';

/**
 * How Postgres is told where its files lie. On Linux by its working folder, which root may set anywhere: so the account
 * needs no right to walk through the folders above, such as a home folder that is closed to others.
 */
export const clusterArgument = (clusterFolder: string): string =>
  process.platform === 'linux' ? '/proc/self/cwd' : clusterFolder;

/** Postgres needs nothing of our environment, and should not see our secrets. */
export const postgresEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

/** `uid` and `gid` as `spawn` takes them. */
export const spawnAs = (account: Account) => account ?? {};

type ClusterSpec = {
  folder: string;
  clusterFolder: string;
  account: Account;
  binaries: Binaries;
  password: string;
};

/**
 * Creates the cluster unless it is there. It is made in a folder of its own and moved into place at the end, so that one
 * half made is never mistaken for a whole one. Resolves to whether it was created.
 */
export async function createCluster({ folder, clusterFolder, account, binaries, password }: ClusterSpec) {
  if (await stat(join(clusterFolder, 'PG_VERSION')).catch(() => null)) return false;
  const unfinished = join(folder, 'unfinished');
  await rm(unfinished, { recursive: true, force: true });
  const unfinishedCluster = join(unfinished, 'cluster');
  const passwordFile = join(unfinished, 'password');
  await mkdir(unfinishedCluster, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account) {
    for (const path of [unfinished, unfinishedCluster, passwordFile]) await chown(path, account.uid, account.gid);
  }
  await initialise(unfinishedCluster, account, binaries);
  await rm(clusterFolder, { recursive: true, force: true });
  await rename(unfinishedCluster, clusterFolder);
  await rm(unfinished, { recursive: true, force: true });
  return true;
}

async function initialise(clusterFolder: string, account: Account, binaries: Binaries): Promise<void> {
  const flags = ['--no-sync', '--no-instructions', '--encoding=UTF8', '--locale=C', '--auth=scram-sha-256'];
  const child = spawn(
    binaries.initdb,
    ['-D', clusterArgument(clusterFolder), ...flags, '--username=lathe', '--pwfile=../password'],
    { cwd: clusterFolder, env: postgresEnvironment, stdio: ['ignore', 'pipe', 'pipe'], ...spawnAs(account) },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  }).catch((cause: unknown) => {
    throw new Error('Postgres could not be run here (it needs glibc): set DATABASE_URL to a Postgres of yours.', {
      cause,
    });
  });
  if (code !== 0)
    throw new Error(`Postgres could not create its files: ${output.trim().split('\n').slice(-4).join(' ')}`);
}
