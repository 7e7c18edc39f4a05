/**
 * `npm run check`: format and lint, types, dead code, duplication, architecture. Each tool says how many files it looked
 * at; a tool that looked at none has failed, whatever its exit code.
 */
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

type Verdict = { ok: boolean; examined: number; output: string };
type Tool = { name: string; run: () => Verdict };

const root = join(import.meta.dirname, '..');
const path = [join(root, 'node_modules/.bin'), ...(process.env.PATH ?? '').split(delimiter)].join(delimiter);

const tools: Tool[] = [
  { name: 'format and lint (biome)', run: biome },
  { name: 'types (tsc)', run: types },
  { name: 'dead code (knip)', run: deadCode },
  { name: 'duplication (jscpd)', run: duplication },
  { name: 'architecture (vitest)', run: architecture },
];

function biome(): Verdict {
  const { ok, output } = command('biome', 'ci', '--error-on-warnings', '.');
  return { ok, output, examined: firstNumber(output, /Checked (\d+) files?/) };
}

function types(): Verdict {
  const build = command('tsc', '-b');
  const projects = ['audio', 'services', 'scripts', 'web'].map((name) => `tsconfig.${name}.json`);
  const listed = projects.flatMap((project) => command('tsc', '-p', project, '--listFilesOnly').output.split('\n'));
  const ours = new Set(listed.filter((file) => file.startsWith(root) && !file.includes('node_modules')));
  return { ...build, examined: ours.size };
}

function deadCode(): Verdict {
  const { ok, output } = command('knip', '--no-progress', '--performance');
  return { ok, output, examined: firstNumber(output, /getImportsAndExports\s+(\d+)/) };
}

function duplication(): Verdict {
  const { ok, output } = command(
    'jscpd',
    '--min-lines',
    '8',
    '--min-tokens',
    '70',
    '--mode',
    'weak',
    '--format',
    'typescript,tsx,javascript',
    '--ignore',
    '**/node_modules/**,**/generated/**,**/dist/**',
    '--threshold',
    '1',
    '--fail-on-empty',
    '--reporters',
    'console',
    'packages',
    'apps',
    'scripts',
    'test',
  );
  return { ok, output, examined: firstNumber(output, /Total:\D+(\d+)/) };
}

function architecture(): Verdict {
  const { ok, output } = command('vitest', 'run', 'test/architecture.test.ts', '--reporter', 'verbose');
  return { ok, output, examined: firstNumber(output, /examined (\d+) files/) };
}

function command(name: string, ...args: string[]): { ok: boolean; output: string } {
  const env = { ...process.env, PATH: path, NO_COLOR: '1', FORCE_COLOR: '0' };
  const { status, stdout, stderr } = spawnSync(name, args, { cwd: root, env, encoding: 'utf8', maxBuffer: 2 ** 28 });
  return { ok: status === 0, output: stripVTControlCharacters(`${stdout}${stderr}`) };
}

const firstNumber = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);

const failed = tools.filter(({ name, run }) => {
  const { ok, examined, output } = run();
  const passed = ok && examined > 0;
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}: ${examined} files`);
  if (!passed) console.log(output.trim());
  return !passed;
});
process.exitCode = failed.length === 0 ? 0 : 1;
