#!/usr/bin/env node
/**
 * `npm run build`: compiles the AssemblyScript kernels of the engine, and writes them as text into one module, since the
 * engine can open no files. The module is committed; a test compiles again and compares.
 */
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const engine = join(import.meta.dirname, '..');
const compiler = join(engine, '../../node_modules/assemblyscript/bin/asc.js');
const generated = join(engine, 'src/kernels/binary.ts');

/** As `PAGES` in src/kernels/wasm.ts. */
const pages = '512';
const flags = [
  ...['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--zeroFilledMemory'],
  ...['--importMemory', '--memoryBase', '1024', '--initialMemory', pages, '--maximumMemory', pages],
];

/** The binary, by the compiler that the lock file names: the same bytes everywhere. */
export function compileKernels(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'lathe-kernels-'));
  try {
    const sources = globSync('kernels/*.ts', { cwd: engine }).sort();
    const outFile = join(folder, 'kernels.wasm');
    execFileSync(process.execPath, [compiler, ...sources, ...flags, '--outFile', outFile], { cwd: engine });
    return readFileSync(outFile);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const binary = compileKernels();
  const text = `// Made by \`npm run build\` (tools/build-kernels.ts) from kernels/*.ts. Do not edit.\nexport const BINARY =\n  '${binary.toString('base64')}';\n`;
  writeFileSync(generated, text);
  console.log(`${generated}: ${binary.length} bytes`);
}
