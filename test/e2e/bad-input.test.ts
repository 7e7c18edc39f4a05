import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient, type LatheClient } from '@lathe/client';
import type { ProblemCode } from '@lathe/contracts';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningLathe, startLathe } from '../support/lathe.ts';
import { sine16, sineFloatWith, wavBytes } from '../support/wav-bytes.ts';

const second = 44_100;
const plain = wavBytes({ data: sine16(second, 2) });

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../packages/codec/test/fixtures/${name}`, import.meta.url));

/** Each is refused with this code. */
const refused: [name: string, code: ProblemCode, bytes: Buffer][] = [
  ['words instead of audio', 'not_audio', Buffer.from('once upon a time there was a mix, and it was long enough')],
  ['a file cut short', 'truncated_audio', plain.subarray(0, plain.length / 2)],
  ['a header without audio', 'audio_empty', wavBytes({ data: Buffer.alloc(0) })],
  ['three channels', 'unsupported_channels', wavBytes({ channels: 3, data: sine16(second, 3) })],
  ['384 kHz', 'unsupported_sample_rate', wavBytes({ sampleRateHz: 384_000, data: sine16(384_000, 2) })],
  ['a value that is not a number', 'invalid_samples', floatWith(Number.NaN)],
  ['an infinite value', 'invalid_samples', floatWith(Number.POSITIVE_INFINITY)],
  ['a FLAC cut short', 'truncated_audio', fixture('signal.flac').subarray(0, 40_000)],
  ['a playlist that passes for an MP3', 'not_audio', Buffer.from('ID3\x04\0\0\0\0\0\0#EXTM3U\n/etc/passwd\n')],
  ['one sample', 'audio_too_short', wavBytes({ data: sine16(1, 2) })],
  [
    'a header that claims more than there is',
    'truncated_audio',
    wavBytes({ data: sine16(second, 2), claimedBytes: 2e9 }),
  ],
];

/** Each is mastered; what is special about it is said. */
const mastered: [name: string, advice: string | null, bytes: Buffer][] = [
  ['a FLAC', null, fixture('signal.flac')],
  ['an MP3', 'lossy_source', fixture('lame.mp3')],
  ['ALAC in CAF', null, fixture('alac.caf')],
  ['mono', 'mono_file', wavBytes({ channels: 1, data: sine16(second, 1) })],
  ['8 kHz', 'low_sample_rate', wavBytes({ sampleRateHz: 8000, data: sine16(8000, 2, { sampleRateHz: 8000 }) })],
  ['all clipped', 'clipped', wavBytes({ data: sine16(second, 2, { amplitude: 50 }) })],
  ['silence', 'silent', wavBytes({ data: Buffer.alloc(4 * second) })],
];

function floatWith(value: number): Buffer {
  return wavBytes({ formatTag: 3, bits: 32, data: sineFloatWith(value, second) });
}

describe('through the api', () => {
  let lathe: RunningLathe;
  let client: LatheClient;

  beforeAll(async () => {
    lathe = await startLathe();
    client = createClient({ baseUrl: lathe.url, apiKey: lathe.apiKey });
  });
  afterAll(() => lathe?.stop());

  const send = async (bytes: Buffer) => {
    const { id } = await client.uploads.file(new File([new Uint8Array(bytes)], 'mix.wav'));
    return client.mixes.wait(id);
  };

  test.each(refused)('%s: %s, in a sentence', async (_name, code, bytes) => {
    const mix = await send(bytes);
    expect(mix).toMatchObject({ state: 'failed', analysis: null, error: { code } });
    expect(mix.error?.detail).toMatch(/^[A-Z].{15,}[.]$/);
    const order = client.masters.create({ mixId: mix.id, targets: ['spotify'] });
    await expect(order).rejects.toMatchObject({ problem: { code: 'wrong_state' } });
  });

  test.each(mastered)('%s is mastered, and told about', async (_name, advice, bytes) => {
    const mix = await send(bytes);
    expect(mix.state).toBe('ready');
    if (advice) expect(mix.analysis?.advice.map(({ code }) => code)).toContain(advice);
    const { id } = await client.masters.create({ mixId: mix.id, targets: ['spotify'] });
    const master = await client.masters.wait(id);
    expect(master).toMatchObject({ state: 'ready', error: null });
    const [rendition] = master.renditions;
    expect(rendition?.measured.channels).toBe(2);
    expect(rendition?.verdict).toBe(advice === 'silent' ? 'not_reached' : 'pass');
    expect(rendition?.measured.truePeakDbtp ?? -99).toBeLessThanOrEqual(-1);
  });

  test('a gigabyte given up in the middle leaves nothing behind', async () => {
    const upload = await client.uploads.create({ filename: 'long.wav', sizeBytes: 2 ** 30 });
    const [part] = upload.parts;
    if (!part) throw new Error('an upload has parts');
    const put = await fetch(part.url, { method: 'PUT', body: new Uint8Array(part.sizeBytes) });
    expect(put.status).toBe(200);
    const parts = () => readdirSync(join(lathe.dataFolder, 'storage/parts'));
    expect(parts()).toHaveLength(1);
    await client.uploads.abort(upload.id);
    expect(parts()).toEqual([]);
  });

  test('a webhook to this machine is refused', async () => {
    const endpoint = client.webhookEndpoints.create({ url: 'http://127.0.0.1:9/hook' });
    await expect(endpoint).rejects.toMatchObject({ problem: { code: 'webhook_url_not_allowed' } });
  });
});

describe('through the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lathe-bad-'));
  const launcher = join(import.meta.dirname, '../../apps/cli/bin/lathe.mjs');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const lathe = (command: string, path: string) =>
    spawnSync(process.execPath, [launcher, command, path, '--json'], { encoding: 'utf8', maxBuffer: 2 ** 26 });

  test.each(refused)('%s: %s, exit 3, and nothing is left', (name, code, bytes) => {
    const path = join(folder, `${name}.wav`);
    writeFileSync(path, bytes);
    const { status, stdout, stderr } = lathe('master', path);
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code } });
    expect(stderr).toMatch(/^lathe: [A-Z]/);
    rmSync(path);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('two hours are heard whole', () => {
    const path = join(folder, 'long.wav');
    const sampleRateHz = 8000;
    const minute = sine16(60 * sampleRateHz, 1, { sampleRateHz });
    const data = Buffer.concat(Array.from({ length: 120 }, () => minute));
    writeFileSync(path, wavBytes({ channels: 1, sampleRateHz, data }));
    const { status, stdout } = lathe('measure', path);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ durationSeconds: 7200, channels: 1, sampleRateHz });
  });
});
