import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate as breathe } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { zipOf } from '../src/archive.ts';
import { unpacked } from './unpacked.ts';

describe('an archive', () => {
  const song = Buffer.alloc(300_000, 'song');
  const open = async () => Readable.from([song.subarray(0, 100_000), song.subarray(100_000)]);
  const entries = [
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
    const entry = (name: string) => ({
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
