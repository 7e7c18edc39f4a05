import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as breathe } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ArchiveEntry, zipOf } from '../src/archive.ts';
import { type Bench, startBench } from './bench.ts';
import { fileBytes, makeMaster, orderMaster } from './states.ts';

const folder = mkdtempSync(join(tmpdir(), 'lathe-archive-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** What Python and unzip find in an archive: names, sizes, and whether the bytes are those they were. */
function unpacked(zip: Uint8Array): { names: string[]; first: string; stored: boolean } {
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
  const { stdout, stderr } = spawnSync('python3', ['-c', program, path], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('an archive', () => {
  const song = Buffer.alloc(300_000, 'song');
  const open = async () => Readable.from([song.subarray(0, 100_000), song.subarray(100_000)]);
  const entries: ArchiveEntry[] = [
    { name: 'song-spotify.wav', sizeBytes: song.length, open },
    { name: 'Lied für alle.flac', sizeBytes: song.length, open },
    { name: 'report.json', bytes: Buffer.from('{}') },
  ];

  test('is what other programs unpack, as long as announced, and the same each time', async () => {
    const { stream, sizeBytes } = zipOf(entries);
    const zip = await buffer(stream);
    expect(zip.length).toBe(sizeBytes);
    const names = ['song-spotify.wav', 'Lied für alle.flac', 'report.json'];
    expect(unpacked(zip)).toEqual({ names, first: song.toString(), stored: true });
    expect(await buffer(zipOf(entries).stream)).toEqual(zip);
  });

  test('opens a file only when it is its turn, and reads no faster than it is read', async () => {
    let read = 0;
    const endless = (async function* () {
      for (; read < 1000; read++) yield Buffer.alloc(65_536);
    })();
    const opened: string[] = [];
    const entry = (name: string): ArchiveEntry => ({
      ...{ name, sizeBytes: 65_536_000 },
      open: async () => {
        opened.push(name);
        return Readable.from(endless);
      },
    });
    const { stream } = zipOf([entry('a'), entry('b')]);
    for (let i = 0; i < 50; i++) await breathe();
    expect(opened).toEqual(['a']);
    expect(read).toBeLessThan(50);
    stream.destroy();
  });

  test('lets go of its file when whoever reads it goes away', async () => {
    const file = new Readable({ read() {} });
    const { stream } = zipOf([{ name: 'a', sizeBytes: 9, open: async () => file }]);
    await breathe();
    stream.destroy();
    await breathe();
    expect(file.destroyed).toBe(true);
  });

  test.each([
    ['cannot be opened', () => Promise.reject(new Error('gone'))],
    [
      'breaks off',
      async () =>
        new Readable({
          read() {
            this.destroy(new Error('gone'));
          },
        }),
    ],
    ['is shorter than announced', async () => Readable.from([Buffer.from('short')])],
  ])('breaks off when a file %s', async (_case, opening) => {
    const { stream } = zipOf([{ name: 'a', sizeBytes: 9, open: opening }]);
    await expect(buffer(stream)).rejects.toThrow();
  });
});

describe('the files of a master', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  });
  afterAll(() => bench?.close());
  const archiveOf = async (id: string) => (await bench.call('get', `/v1/masters/${id}/archive?redirect=false`)).body;

  test('come as one ZIP from an address that needs no key, the same each time', async () => {
    const master = await makeMaster(bench);
    const { url } = await archiveOf(master.id);
    const answer = await fetch(url);
    const zip = Buffer.from(await answer.arrayBuffer());
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
    expect(answer.headers.get('content-length')).toBe(String(zip.length));
    expect(answer.headers.get('content-disposition')).toContain('masters.zip');
    const { names, first } = unpacked(zip);
    expect(names).toEqual([
      ...master.renditions.map(({ filename }) => filename),
      ...['report.pdf', 'report.html', 'report.json'],
    ]);
    expect(first).toBe(fileBytes);
    expect(Buffer.from(await (await fetch((await archiveOf(master.id)).url)).arrayBuffer())).toEqual(zip);
    const redirected = await bench.call('get', `/v1/masters/${master.id}/archive`);
    expect([redirected.status, redirected.headers.location]).toEqual([302, expect.stringContaining('/archives/mst_')]);
  });

  test('are refused while there are none, to strangers, and under an address that was altered', async () => {
    const unfinished = await orderMaster(bench);
    const early = await bench.call('get', `/v1/masters/${unfinished.id}/archive`);
    expect([early.status, early.body.code]).toEqual([409, 'wrong_state']);
    const { id } = await makeMaster(bench);
    const stranger = await bench.call('get', `/v1/masters/${id}/archive`, { key: bench.strangersKey });
    expect(stranger.status).toBe(404);
    const { url } = await archiveOf(id);
    for (const altered of [url.replace(id, unfinished.id), url.replace(/expires=\d/, 'expires=9')]) {
      expect((await fetch(altered)).status).toBe(403);
    }
  });
});
