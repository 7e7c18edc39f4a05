/**
 * Walls around the child that reads audio, as far as the machine has them: `prlimit` (util-linux) bounds its memory, files and
 * core dumps, `bwrap` (bubblewrap) takes away the network and every file but the programs, the source and the task's own folders.
 * Neither is needed: without them the child is still a process of its own that knows no secrets and is killed in time.
 */
import { execFile } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Task, TaskLimits } from './task.ts';

export type SandboxMode = 'auto' | 'off';
export type Command = { program: string; args: string[] };

type Walls = { prlimit: boolean; bubblewrap: boolean };

/** What a task may see. */
export type Confinement = {
  limits: TaskLimits;
  readable: readonly string[];
  writable: readonly string[];
};

const run = promisify(execFile);
const probeMs = 5000;
const root = fileURLToPath(new URL('../../..', import.meta.url));
/** Node, its stacks and the codec library, above what the audio may take. */
const ownMegabytes = 768;
/** Three hours of 192 kHz in 32-bit float are 17 GB. */
const maxFileBytes = 32 * 2 ** 30;

let found: Promise<Walls> | undefined;

/** Wraps a command in whatever walls there are. */
export async function confine(command: Command, mode: SandboxMode, confinement: Confinement): Promise<Command> {
  const { prlimit, bubblewrap } = await wallsOf(mode);
  const inside = bubblewrap ? wrapIn('bwrap', bubblewrapArgs(confinement), command) : command;
  return prlimit ? wrapIn('prlimit', prlimitArgs(confinement.limits), inside) : inside;
}

/** For the log. */
export async function describeSandbox(mode: SandboxMode): Promise<string> {
  const { prlimit, bubblewrap } = await wallsOf(mode);
  return [prlimit && 'prlimit', bubblewrap && 'bubblewrap'].filter(Boolean).join(' and ') || 'none';
}

/** Files that a task names. */
export function filesOf(task: Task): Pick<Confinement, 'readable' | 'writable'> {
  const references = 'references' in task ? (task.references ?? []) : [];
  const heard = references.flatMap((reference) => ('sourcePath' in reference ? [reference.sourcePath] : []));
  const cover = 'coverPath' in task && task.coverPath !== undefined ? [task.coverPath] : [];
  const writable = 'outputFolder' in task ? [task.outputFolder] : [];
  return { readable: [task.sourcePath, ...heard, ...cover], writable };
}

async function wallsOf(mode: SandboxMode): Promise<Walls> {
  if (mode === 'off' || process.platform !== 'linux') return { prlimit: false, bubblewrap: false };
  found ??= probe();
  return found;
}

/** A program may be there and yet not be allowed to do its work, as in many containers: each is tried. */
async function probe(): Promise<Walls> {
  const confinement = { limits: { memoryMegabytes: 1024, wallClockSeconds: 60 }, readable: [], writable: [] };
  const works = (program: string, args: string[]): Promise<boolean> =>
    run(program, [...args, process.execPath, '--version'], { timeout: probeMs }).then(
      () => true,
      () => false,
    );
  const [prlimit, bubblewrap] = await Promise.all([
    works('prlimit', prlimitArgs(confinement.limits)),
    works('bwrap', bubblewrapArgs(confinement)),
  ]);
  return { prlimit, bubblewrap };
}

const wrapIn = (program: string, args: string[], { program: inner, args: innerArgs }: Command): Command => ({
  program,
  args: [...args, inner, ...innerArgs],
});

function prlimitArgs({ memoryMegabytes }: TaskLimits): string[] {
  const dataBytes = (memoryMegabytes + ownMegabytes) * 2 ** 20;
  return [`--data=${dataBytes}`, `--fsize=${maxFileBytes}`, '--core=0', '--nofile=256', '--'];
}

function bubblewrapArgs({ readable, writable }: Confinement): string[] {
  const bind = (kind: string) => (path: string) => [kind, resolve(path), resolve(path)];
  const system = ['/usr', '/lib', '/lib64', '/etc/ld.so.cache'];
  const programs = [dirname(process.execPath), resolve(root, 'node_modules'), resolve(root, 'packages')];
  return [
    ...['--unshare-all', '--die-with-parent', '--new-session'],
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...system.flatMap(bind('--ro-bind-try')),
    ...[...programs, ...readable].flatMap(bind('--ro-bind')),
    ...writable.flatMap(bind('--bind')),
    ...['--chdir', '/', '--'],
  ];
}
