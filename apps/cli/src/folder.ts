import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those above it, one by one: the platform's own way never ends below `/proc`, where nothing can be made.
 * @throws Error with a sentence
 */
export function makeFolder(path: string, mode = 0o777): void {
  const missing: string[] = [];
  let folder = resolve(path);
  for (; !statSync(folder, { throwIfNoEntry: false }); folder = dirname(folder)) missing.unshift(folder);
  for (const each of missing) {
    try {
      mkdirSync(each, mode);
    } catch (error) {
      // Someone else may just have made it.
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new Error(`The folder ${each} cannot be made: ${(error as Error).message}.`, { cause: error });
    }
  }
}
