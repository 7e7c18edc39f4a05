import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'lathe-archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What Python and unzip find in an archive: names, sizes, and whether the bytes are those they were. */
export function unpacked(zip: Uint8Array): { names: string[]; first: string; stored: boolean } {
  const path = join(folder, 'some.zip');
  writeFileSync(path, zip);
  const tested = spawnSync('unzip', ['-t', path], { encoding: 'utf8' });
  expect({ status: tested.status, said: tested.stdout }).toMatchObject({ status: 0 });
  const program = `
import json, sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
assert z.testzip() is None
print(json.dumps({'names': z.namelist(), 'first': z.read(z.namelist()[0]).decode('latin1'),
                  'stored': all(i.compress_type == 0 for i in z.infolist())}))`;
  const { stdout, stderr } = spawnSync('python3', ['-c', program, path], { encoding: 'utf8', maxBuffer: 2 ** 27 });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}
