import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bextBytes, createIntegerWav } from '@lathe/codec';
import { Fingerprint } from '@lathe/engine';
import { afterAll, expect, test } from 'vitest';
import { performJob } from '../src/jobs.ts';

const folder = mkdtempSync(join(tmpdir(), 'lathe-exact-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sound = { sampleRateHz: 44_100, wordLengthBits: 24 } as const;
const frames = 4000;
const loudness = {
  integratedLufs: -14,
  loudnessRangeLu: 5,
  truePeakDbtp: -1,
  maxMomentaryLufs: -9,
  maxShortTermLufs: -11,
};

/** A rendered stream. */
function rendered(name: string) {
  const path = join(folder, `${name}.wav`);
  const mark = new Fingerprint();
  const options = { bextBytes: bextBytes(sound), onSamples: (bytes: Uint8Array) => mark.push(bytes) };
  const file = createIntegerWav(path, sound, options);
  file.write(
    Int32Array.from({ length: 2 * frames }, (_, i) => (i * 7919) % 8_000_000),
    frames,
  );
  file.close();
  return { path, fingerprint: mark.read() };
}

const deliver = (name: string, source: ReturnType<typeof rendered>, takes: boolean, tags: boolean) =>
  performJob({
    kind: 'deliver-lossless',
    source,
    takes,
    format: 'wav24',
    path: join(folder, `${name}-delivered.wav`),
    tags: tags ? { metadata: { title: 'Song', artists: ['She'] } } : null,
    loudness,
  });

test.each([true, false])('a WAV file is proven to hold what was rendered, tagged or not: %s', async (tagged) => {
  const source = rendered(`tagged-${tagged}`);
  const copied = await deliver(`copied-${tagged}`, source, false, tagged);
  expect(existsSync(source.path)).toBe(true);
  const taken = await deliver(`taken-${tagged}`, source, true, tagged);
  expect(existsSync(source.path)).toBe(false);
  const bytes = readFileSync(join(folder, `taken-${tagged}-delivered.wav`));
  expect(taken).toEqual({ exact: true, sha256: createHash('sha256').update(bytes).digest('hex') });
  expect(copied).toEqual(taken);
});

test('a sample that the disk did not keep, and a missing one, are found', async () => {
  const source = rendered('kept');
  const bytes = readFileSync(source.path);
  const damaged = bytes.slice();
  damaged.writeUInt8(damaged.readUInt8(bytes.length - 5000) ^ 1, bytes.length - 5000);
  const shorter = rendered('shorter');
  const short = createIntegerWav(shorter.path, sound, { bextBytes: bextBytes(sound) });
  short.write(new Int32Array(2 * frames), frames - 1);
  short.close();
  expect(await deliver('shorter', shorter, true, true)).toMatchObject({ exact: false });
  writeFileSync(source.path, damaged);
  expect(await deliver('damaged', source, true, true)).toMatchObject({ exact: false });
});
