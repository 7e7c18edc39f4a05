import { closeSync, type FSWatcher, openSync, readSync, statSync, watch } from 'node:fs';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
const chunkBytes = 64 * 1024;

/**
 * Follows a log file that another process writes and hands over its lines in plain words, those of `level` and above.
 * Nothing of the writer depends on us: it goes on when we are killed.
 */
export function followLog(options: { path: string; name: string; level: string; onLine: (line: string) => void }) {
  const { path, name, level, onLine } = options;
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(chunkBytes);
  let position = statSync(path).size;
  let rest = '';
  const read = () => {
    for (let count = readSync(file, buffer, 0, chunkBytes, position); count > 0; ) {
      position += count;
      rest += buffer.toString('utf8', 0, count);
      count = readSync(file, buffer, 0, chunkBytes, position);
    }
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const words = inWords(line, name, level);
      if (words !== null) onLine(words);
    }
  };
  const watcher: FSWatcher = watch(path, { persistent: false }, read);
  return {
    close: () => {
      watcher.close();
      closeSync(file);
    },
  };
}

/** A line of the log as a person reads it; null when it is below the level. Text that is no log line is shown as it is. */
function inWords(line: string, name: string, level: string): string | null {
  if (line.trim() === '') return null;
  const fields = parse(line);
  if (!fields) return `${name}: ${line}`;
  if (levels.indexOf(String(fields.level)) < levels.indexOf(level)) return null;
  const error = fields.err as { message?: string } | undefined;
  return [`${name}: ${fields.level}: ${fields.msg ?? ''}`, error?.message].filter(Boolean).join(': ');
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'level' in value ? { ...value } : null;
  } catch {
    return null;
  }
}
