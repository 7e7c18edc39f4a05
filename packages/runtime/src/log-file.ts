import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const maxLogBytes = 10 * 1024 ** 2;

/** Opens a log file for appending; one that has grown large is put aside as `.old` first. */
export async function openLogFile(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true });
  const sizeBytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  );
  if (sizeBytes > maxLogBytes) await rename(path, `${path}.old`);
  return open(path, 'a', 0o600);
}
