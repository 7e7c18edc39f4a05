/**
 * What an installation makes of the sources, run by npm after `npm ci`: the database client, the website, and what is compiled ahead. Plain
 * JavaScript, since it may be Node 20 that runs it; the programs run on the Node that Lathe brings, where there is one.
 * Nothing is downloaded. What needs a program that is not installed (`--omit=dev`) is left out, and said.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const web = join(root, 'apps/web');
const programs = join(root, 'node_modules/.bin');
const ownNode = join(programs, 'node');
const node = existsSync(ownNode) ? ownNode : process.execPath;

/** The script behind a program of an installed package, or undefined. */
function scriptOf(packageName, program) {
  const folder = join(root, 'node_modules', packageName);
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[program]);
}

function run(script, args, cwd) {
  const path = `${programs}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`;
  // Prisma would ask the network for news of itself.
  const env = { ...process.env, PATH: path, CHECKPOINT_DISABLE: '1', PRISMA_HIDE_UPDATE_MESSAGE: '1' };
  const { status, error, stdout, stderr } = spawnSync(node, [script, ...args], { cwd, env, encoding: 'utf8' });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\n`);
  throw new Error(`${script} ${args.join(' ')} ended with ${status}.`);
}

const prisma = scriptOf('prisma', 'prisma');
if (prisma) {
  run(prisma, ['generate'], root);
  console.log('prepare: the database client is generated.');
} else {
  console.log(
    'prepare: the Prisma CLI is not installed, so the database client is not generated; copy it from a build.',
  );
}

const vite = scriptOf('vite', 'vite');
if (vite && existsSync(join(web, 'index.html'))) {
  run(vite, ['build', '--logLevel', 'warn'], web);
  console.log('prepare: the website is built.');
} else {
  console.log('prepare: Vite is not installed, so the website is not built; copy it from a build.');
}

// Needs the database client no more than `lathe master` does; what it cannot do, the first run does for itself.
if (existsSync(ownNode) || Number(process.versions.node.split('.')[0]) >= 24) {
  run(join(root, 'scripts/warm.mjs'), [], root);
  console.log('prepare: what `lathe master` loads is compiled.');
}
