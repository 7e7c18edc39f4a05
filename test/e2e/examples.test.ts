import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { limits } from '@lathe/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { songWav } from '../support/audio.ts';
import { type RunningLathe, startLathe } from '../support/lathe.ts';
import { describePeer } from '../support/peers.ts';

const script = join(import.meta.dirname, '../../examples/curl.sh');
/** What another program left after the audio: it makes the file one of two parts. */
function otherChunk(sizeBytes: number): Buffer {
  const head = Buffer.from('JUNK\0\0\0\0', 'latin1');
  head.writeUInt32LE(sizeBytes, 4);
  return Buffer.concat([head, Buffer.alloc(sizeBytes)]);
}

const hasTools = ['curl', 'jq'].every((tool) => spawnSync(tool, ['--version']).status === 0);

describePeer('examples/curl.sh, with curl and jq', hasTools ? script : undefined, (example) => {
  const folder = mkdtempSync(join(tmpdir(), 'lathe-example-'));
  let lathe: RunningLathe;

  beforeAll(async () => {
    lathe = await startLathe();
    writeFileSync(join(folder, 'mix.wav'), Buffer.concat([songWav({ seconds: 8 }), otherChunk(limits.partSizeBytes)]));
  });
  afterAll(async () => {
    await lathe?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('uploads a mix, orders two masters, fetches both and says what they measure', async () => {
    const env = { ...process.env, LATHE_URL: lathe.url, LATHE_API_KEY: lathe.apiKey };
    const run = promisify(execFile);
    const { stdout } = await run(example, ['mix.wav', 'spotify', 'apple-music'], { cwd: folder, env });
    const told = stdout
      .trim()
      .split(/\n(?=\{)/)
      .map((json) => JSON.parse(json) as Record<string, unknown>);
    expect(told).toHaveLength(2);
    for (const { filename, verdict } of told) {
      // What encoders add may have asked for a second try.
      expect(['pass', 'corrected']).toContain(verdict);
      expect(existsSync(join(folder, String(filename)))).toBe(true);
    }
  });
});
