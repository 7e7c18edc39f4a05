import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { type ParseArgsConfig, type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { MasteringError, type Progress } from '@lathe/mastering';

/** 0: done. 2: wrong usage. 3: bad input. 1: anything else. */
export const exitCodes = { done: 0, failed: 1, usage: 2, badInput: 3 } as const;

/** Where a command writes; `process` is one. */
export type Terminal = { stdout: NodeJS.WriteStream; stderr: NodeJS.WriteStream };

/** What a command answers: for machines and for people. */
export type Answer = { object: unknown; text: string; exitCode?: number; jsonInPipe?: boolean };
/** What a command reports to, and what stops it. */
type Watch = { onProgress: (progress: Progress) => void; signal: AbortSignal; sandbox: 'auto' | 'off' };
export type Command = (args: string[], watch: Watch) => Promise<Answer>;

/** The command line makes no sense; the message says why. */
export class UsageError extends Error {}

type Parsed<O extends ParseArgsOptionsConfig> = {
  file: string;
  values: ReturnType<typeof parseArgs<ParseArgsConfig & { options: O; strict: true }>>['values'];
};

/** Reads the options and the one file of a command. */
export function parse<O extends ParseArgsOptionsConfig>(args: string[], options: O): Parsed<O> {
  const parsed = parseOptions(args, options);
  const [file, ...more] = parsed.positionals;
  if (file === undefined) throw new UsageError('Which file? Give the path of an audio file.');
  if (more.length > 0) throw new UsageError(`One file at a time: what is “${more.join(' ')}”?`);
  refuseUnreadable(file);
  return { file, values: parsed.values as Parsed<O>['values'] };
}

/** Reads the options of a command, and whatever stands beside them. */
export function parseOptions(args: string[], options: ParseArgsOptionsConfig) {
  try {
    const all = { ...options, json: { type: 'boolean' } } as const;
    return parseArgs({ args: withNegativeNumbers(args), options: all, allowPositionals: true, strict: true });
  } catch (error) {
    const [sentence = ''] = (error as Error).message.split('. ');
    throw new UsageError(`${sentence.replace(/\.$/, '')}.`);
  }
}

/** `--target-lufs -14` means a number, not an option. */
function withNegativeNumbers(args: string[]): string[] {
  const isNumber = (argument: string | undefined) => /^-[\d.]+$/.test(argument ?? '');
  return args.flatMap((argument, i) => {
    if (/^--[^=]+$/.test(argument) && isNumber(args[i + 1])) return [`${argument}=${args[i + 1]}`];
    return isNumber(argument) && /^--[^=]+$/.test(args[i - 1] ?? '') ? [] : [argument];
  });
}

/** @throws MasteringError `source_missing` */
export function refuseUnreadable(file: string): void {
  if (!statSync(file, { throwIfNoEntry: false })) throw missing(`There is no file ${file}.`);
  try {
    accessSync(file, constants.R_OK);
  } catch {
    throw missing(`You may not read ${file}.`);
  }
}

const missing = (detail: string) => new MasteringError({ code: 'source_missing', detail }, false);

/** The JSON in a file that an option names. */
export function parseJson(option: string, path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError(`--${option} ${path} cannot be read: ${(error as Error).message}`);
  }
}

/** A number, or a sentence that says what is wrong. */
export function numberOf(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number))
    throw new UsageError(`--${name} needs a number, not “${value}”.`);
  return number;
}
