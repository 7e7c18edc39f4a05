/**
 * Loads what `lathe master` loads in its two processes once, so that Node's cache of compiled modules holds it (see
 * docs/decisions/0001-node-pin.md): the child that masters may read that cache, but not write it. Run by prepare.mjs.
 */
import module from 'node:module';
import { fileURLToPath } from 'node:url';

const cacheFolder = fileURLToPath(new URL('../node_modules/.cache/lathe', import.meta.url));
module.enableCompileCache(cacheFolder);
await import('../apps/cli/src/run.ts');
await import('../packages/mastering/src/child.ts');
const { loadFfmpeg } = await import('../packages/codec/src/ffmpeg/load.ts');
// Not on every system; then no file needs it either.
await loadFfmpeg().catch(() => {});
module.flushCompileCache();
process.exit();
