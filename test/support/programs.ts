/** Programs of others that read our files, as `.ci/run` installs them. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const needed = [
  'ffmpeg',
  'ffprobe',
  'flac',
  'mpg123',
  'sndfile-info',
  'sndfile-metadata-get',
  'mediainfo',
  'opusdec',
  'oggdec',
];
const pythonPath = '/usr/bin/python3';

export type Readers = {
  run(program: string, ...args: string[]): string;
  bytes(program: string, ...args: string[]): Buffer;
  /** The tags that mutagen reads, each as text. */
  mutagen(path: string): Record<string, string>;
};

const has = (program: string): boolean =>
  ['/usr/bin', '/usr/local/bin'].some((folder) => existsSync(`${folder}/${program}`));
const hasMutagen = (): boolean => {
  try {
    execFileSync(pythonPath, ['-c', 'import mutagen'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const bytes = (program: string, ...args: string[]): Buffer =>
  execFileSync(program, args, { maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'pipe'] });
const run = (program: string, ...args: string[]): string => bytes(program, ...args).toString('utf8');

const mutagenScript = `
import json, sys, mutagen
def text(v):
    v = getattr(v, 'text', v)
    if isinstance(v, (list, tuple)): return '|'.join(text(x) for x in v)
    if isinstance(v, bytes): return v[:200].decode('utf8', 'replace')
    return str(v)[:300]
print(json.dumps({k: text(v) for k, v in (mutagen.File(sys.argv[1]).tags or {}).items()}))
`;

export const readers: Readers | undefined =
  needed.every(has) && hasMutagen()
    ? {
        run,
        bytes,
        mutagen: (path) => JSON.parse(run(pythonPath, '-c', mutagenScript, path)) as Record<string, string>,
      }
    : undefined;
