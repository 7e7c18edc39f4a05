import { statSync } from 'node:fs';
import { resolve } from 'node:path';

/** Whether two paths lead to one file, by whatever name. */
export function isSameFile(path: string, other: string): boolean {
  if (resolve(path) === resolve(other)) return true;
  const [a, b] = [path, other].map((each) => statSync(each, { throwIfNoEntry: false }));
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}
