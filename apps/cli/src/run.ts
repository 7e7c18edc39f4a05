import { MasteringError } from '@lathe/mastering';
import { readSandboxMode } from '@lathe/runtime/config';
import { analyseCommand } from './analyse.ts';
import { type Answer, exitCodes, type Terminal, UsageError } from './command.ts';
import { formatsCommand } from './formats.ts';
import { Interrupted, interruptible } from './interrupt.ts';
import { masterCommand } from './master.ts';
import { measureCommand } from './measure.ts';
import { planCommand } from './plan.ts';
import { platformsCommand } from './platforms.ts';
import { previewCommand } from './preview.ts';
import { createProgressBar } from './progress-bar.ts';
import { usageOf, version } from './usage.ts';

const commands = {
  master: masterCommand,
  measure: measureCommand,
  analyse: analyseCommand,
  plan: planCommand,
  preview: previewCommand,
  platforms: platformsCommand,
  formats: formatsCommand,
} as const;

/** Runs one command line; resolves to the exit code. With `--json` stdout carries one JSON object and nothing else. */
export async function run(args: string[], terminal: Terminal): Promise<number> {
  const [name = 'help', ...rest] = args;
  if (name === '--version' || name === 'version') return say(terminal, version());
  if (name === '--help' || name === '-h' || name === 'help') return say(terminal, usageOf(rest[0]));
  if (rest.includes('--help') || rest.includes('-h')) return say(terminal, usageOf(name));
  if (name === 'start') return rest.length > 0 ? refuseStart(terminal) : (await import('./start.ts')).start();
  const json = rest.includes('--json');
  const bar = createProgressBar(terminal.stderr, !json);
  try {
    if (!Object.hasOwn(commands, name)) throw new UsageError(`There is no command “${name}”.`);
    const command = commands[name as keyof typeof commands];
    const answer = await interruptible((signal) =>
      command(rest, { onProgress: bar.tell, signal, sandbox: readSandboxMode() }),
    );
    bar.clear();
    return give(terminal, json, answer);
  } catch (error) {
    bar.clear();
    return fail(terminal, json, error);
  }
}

function say(terminal: Terminal, text: string): number {
  terminal.stdout.write(`${text}\n`);
  return exitCodes.done;
}

function refuseStart(terminal: Terminal): number {
  terminal.stderr.write('lathe start takes no arguments: it is configured by its environment; see lathe help start.\n');
  return exitCodes.usage;
}

function give(terminal: Terminal, asked: boolean, answer: Answer): number {
  const { object, text, exitCode = exitCodes.done, jsonInPipe = false } = answer;
  const json = asked || (jsonInPipe && !terminal.stdout.isTTY);
  terminal.stdout.write(json ? `${JSON.stringify(object, null, 2)}\n` : `${text}\n`);
  return exitCode;
}

/** The sentence goes to stderr; with `--json` the code goes to stdout as well. */
function fail(terminal: Terminal, json: boolean, error: unknown): number {
  const { code, detail, exitCode } = failureOf(error);
  if (json) terminal.stdout.write(`${JSON.stringify({ error: { code, detail } }, null, 2)}\n`);
  terminal.stderr.write(`lathe: ${detail}\n`);
  if (exitCode === exitCodes.usage) terminal.stderr.write('Try: lathe --help\n');
  return exitCode;
}

function failureOf(error: unknown): { code: string; detail: string; exitCode: number } {
  if (error instanceof UsageError) return { code: 'usage', detail: error.message, exitCode: exitCodes.usage };
  if (error instanceof MasteringError) {
    return { ...error.failure, exitCode: error.crashed ? exitCodes.failed : exitCodes.badInput };
  }
  if (error instanceof Interrupted) return { code: 'interrupted', detail: error.message, exitCode: error.exitCode };
  const detail = error instanceof Error ? error.message : String(error);
  return { code: 'internal', detail, exitCode: exitCodes.failed };
}
