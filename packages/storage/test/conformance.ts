import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { UploadPart } from '@lathe/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Storage } from '../src/index.ts';

const mebibyte = 1024 ** 2;
const wav = 'audio/wav';

const newKey = (name = 'source') => `conformance/${randomBytes(6).toString('hex')}/${name}`;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const bytesOf = (response: Response) => response.arrayBuffer().then((bytes) => Buffer.from(bytes));

async function keysUnder(storage: Storage, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of storage.list(prefix)) keys.push(key);
  return keys.sort();
}

/** What callers rely on, whatever the files lie on. Signed addresses are used with fetch, as browsers do. */
export function describeStorage(open: () => Promise<{ storage: Storage; close?: () => Promise<void> }>): void {
  let storage: Storage;
  let close: (() => Promise<void>) | undefined;
  let folder: string;

  beforeAll(async () => {
    ({ storage, close } = await open());
    folder = await mkdtemp(join(tmpdir(), 'lathe-conformance-'));
    await storage.check();
  });
  afterAll(async () => {
    for (const key of await keysUnder(storage, 'conformance/')) await storage.remove(key);
    for (const { key, multipartId } of await storage.listMultiparts()) await storage.abortMultipart(key, multipartId);
    await rm(folder, { recursive: true, force: true });
    await close?.();
  });

  async function localFile(bytes: Uint8Array): Promise<string> {
    const path = join(folder, randomBytes(6).toString('hex'));
    await writeFile(path, bytes);
    return path;
  }
  async function stored(bytes: Uint8Array, key = newKey()): Promise<string> {
    await storage.putFile(key, await localFile(bytes), wav);
    return key;
  }
  async function begun(sizeBytes: number, key = newKey()) {
    const { multipartId } = await storage.createMultipart(key, wav);
    const sign = (partNumber: number, size = sizeBytes) =>
      storage.signPart({ key, multipartId, partNumber, sizeBytes: size });
    return { key, multipartId, sign };
  }
  async function put({ url, headers, partNumber }: UploadPart, bytes: Uint8Array<ArrayBuffer>) {
    const response = await fetch(url, { method: 'PUT', headers, body: bytes });
    expect(response.status).toBe(200);
    return { partNumber, etag: response.headers.get('etag') ?? '' };
  }

  describe('an upload through signed addresses', () => {
    it('makes one object of its parts in the order of their numbers', async () => {
      const whole = randomBytes(11 * mebibyte + 123);
      const slices = [whole.subarray(0, 5 * mebibyte), whole.subarray(5 * mebibyte, 10 * mebibyte)];
      slices.push(whole.subarray(10 * mebibyte));
      const { key, multipartId, sign } = await begun(0);
      const parts = [];
      for (const [index, slice] of [...slices.entries()].reverse()) {
        parts.push(await put(await sign(index + 1, slice.length), slice));
      }
      await storage.completeMultipart(key, multipartId, parts);
      expect(await storage.head(key)).toMatchObject({ key, sizeBytes: whole.length });
      expect(sha256(await buffer(await storage.read(key)))).toBe(sha256(whole));
    });

    it('may be completed again, and is then no longer listed as open', async () => {
      const { key, multipartId, sign } = await begun(3);
      const parts = [await put(await sign(1), Buffer.from('abc'))];
      expect(await storage.listMultiparts()).toContainEqual(expect.objectContaining({ key, multipartId }));
      await storage.completeMultipart(key, multipartId, parts);
      await storage.completeMultipart(key, multipartId, parts);
      expect((await storage.listMultiparts()).map((open) => open.key)).not.toContain(key);
      expect(String(await buffer(await storage.read(key)))).toBe('abc');
    });

    it('takes the last bytes sent for a part, and an etag without quotes', async () => {
      const { key, multipartId, sign } = await begun(3);
      await put(await sign(1), Buffer.from('old'));
      const { etag } = await put(await sign(1), Buffer.from('new'));
      await storage.completeMultipart(key, multipartId, [{ partNumber: 1, etag: etag.replaceAll('"', '') }]);
      expect(String(await buffer(await storage.read(key)))).toBe('new');
    });

    it('shows nothing under its key until it is complete', async () => {
      const { key, sign } = await begun(3);
      await put(await sign(1), Buffer.from('abc'));
      expect(await storage.head(key)).toBeNull();
      expect(await keysUnder(storage, key)).toEqual([]);
    });

    it('lists when it was begun', async () => {
      const before = Date.now();
      const { multipartId } = await begun(3);
      const open = (await storage.listMultiparts()).find((multipart) => multipart.multipartId === multipartId);
      // Stores may count in whole seconds.
      expect(open?.startedAt.getTime()).toBeGreaterThan(before - 2_000);
    });

    it.each([
      ['a part that never arrived', [{ partNumber: 2, etag: '"900150983cd24fb0d6963f7d28e17f72"' }]],
      ['another etag than the part has', [{ partNumber: 1, etag: '"00000000000000000000000000000000"' }]],
      ['an etag that is a path', [{ partNumber: 1, etag: '/../../../../../../etc/hostname' }]],
      ['no parts at all', []],
    ])('cannot be completed with %s', async (_case, parts) => {
      const { key, multipartId, sign } = await begun(3);
      await put(await sign(1), Buffer.from('abc'));
      await expect(storage.completeMultipart(key, multipartId, parts)).rejects.toMatchObject({ code: 'parts_missing' });
      expect(await storage.head(key)).toBeNull();
    });

    it('cannot be completed naming a part twice', async () => {
      const { key, multipartId, sign } = await begun(3);
      const part = await put(await sign(1), Buffer.from('abc'));
      const twice = storage.completeMultipart(key, multipartId, [part, part]);
      await expect(twice).rejects.toMatchObject({ code: 'parts_missing' });
    });

    it('is gone after being aborted, and may be aborted again', async () => {
      const { key, multipartId, sign } = await begun(3);
      const address = await sign(1);
      const part = await put(address, Buffer.from('abc'));
      await storage.abortMultipart(key, multipartId);
      await storage.abortMultipart(key, multipartId);
      expect((await storage.listMultiparts()).map((open) => open.key)).not.toContain(key);
      const late = await fetch(address.url, { method: 'PUT', body: 'abc' });
      expect(late.status).toBe(404);
      const completed = storage.completeMultipart(key, multipartId, [part]);
      await expect(completed).rejects.toMatchObject({ code: 'parts_missing' });
      expect(await storage.head(key)).toBeNull();
    });
  });

  describe('a signed address of a part', () => {
    it.each([
      ['shorter', 'ab'],
      ['longer', 'abcd'],
    ])('refuses a body that is %s than signed', async (_case, body) => {
      const { sign } = await begun(3);
      const response = await fetch((await sign(1)).url, { method: 'PUT', body });
      expect(response.status).toBeGreaterThanOrEqual(400);
    });

    it('takes no other key, upload, part number or method', async () => {
      const { key, multipartId, sign } = await begun(3);
      const other = await begun(3);
      const { url } = await sign(1);
      const altered = [
        url.replace(key, other.key),
        url.replace(multipartId, other.multipartId),
        url.replace(/(part|partNumber)=1\b/i, '$1=2'),
      ];
      for (const address of altered) {
        expect(address).not.toBe(url);
        expect((await fetch(address, { method: 'PUT', body: 'abc' })).status).toBe(403);
      }
      expect((await fetch(url)).ok).toBe(false);
    });
  });

  describe('a stored file', () => {
    it('comes back byte for byte, larger than one part', async () => {
      const bytes = randomBytes(17 * mebibyte + 1);
      const key = await stored(bytes);
      expect(await storage.head(key)).toMatchObject({ key, sizeBytes: bytes.length });
      expect(sha256(await buffer(await storage.read(key)))).toBe(sha256(bytes));
    });

    it('may be empty', async () => {
      const key = await stored(Buffer.alloc(0));
      expect(await storage.head(key)).toMatchObject({ sizeBytes: 0 });
    });

    it('replaces what was under the key, and leaves the local file alone', async () => {
      const path = await localFile(Buffer.from('second'));
      const key = await stored(Buffer.from('first'));
      await storage.putFile(key, path, wav);
      await storage.putFile(key, path, wav);
      expect(String(await buffer(await storage.read(key)))).toBe('second');
    });

    it('says when it was written', async () => {
      const before = Date.now();
      const info = await storage.head(await stored(Buffer.from('x')));
      expect(info?.modifiedAt.getTime()).toBeGreaterThan(before - 2_000);
    });

    it('is gone after being removed, and may be removed again', async () => {
      const key = await stored(Buffer.from('x'));
      await storage.remove(key);
      await storage.remove(key);
      expect(await storage.head(key)).toBeNull();
      await expect(storage.read(key)).rejects.toMatchObject({ code: 'not_found' });
    });

    it('that cannot be read here leaves nothing there', async () => {
      const key = newKey();
      await expect(storage.putFile(key, join(folder, 'is-not-there'), wav)).rejects.toThrow();
      expect(await storage.head(key)).toBeNull();
      expect((await storage.listMultiparts()).map((open) => open.key)).not.toContain(key);
    });
  });

  it('lists all keys that begin with a prefix, folder or not', async () => {
    const root = newKey('list');
    const keys = ['a/1', 'a/2/3', 'ab', 'b'].map((name) => `${root}/${name}`);
    for (const key of keys) await stored(Buffer.from('x'), key);
    expect(await keysUnder(storage, `${root}/`)).toEqual(keys);
    expect(await keysUnder(storage, `${root}/a`)).toEqual(keys.slice(0, 3));
    expect(await keysUnder(storage, `${root}/a/`)).toEqual(keys.slice(0, 2));
    expect(await keysUnder(storage, `${root}/c`)).toEqual([]);
  });

  it.each(['', '/a', 'a/', 'a//b', '..', 'a/../b', './a', 'a/.', 'A', 'a b', 'a\\b', 'a\0', 'ä', 'a'.repeat(513)])(
    'takes no key like %j',
    async (key) => {
      await expect(storage.putFile(key, await localFile(Buffer.from('x')), wav)).rejects.toThrow();
      await expect(storage.createMultipart(key, wav)).rejects.toThrow();
    },
  );

  describe('a signed address of an object', () => {
    const as = { filename: 'Größe "1" – 100%.wav', contentType: wav };

    it('gives the bytes, the type, and the name in full', async () => {
      const bytes = randomBytes(1000);
      const { url, expiresAt } = await storage.signDownload(await stored(bytes), as);
      expect(expiresAt.getTime()).toBeGreaterThan(Date.now() + 10 * 60_000);
      expect(expiresAt.getTime()).toBeLessThanOrEqual(Date.now() + 15 * 60_000 + 1000);
      const response = await fetch(url);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe(wav);
      expect(response.headers.get('content-disposition')).toBe(
        `attachment; filename="Gr__e _1_ _ 100_.wav"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22%20%E2%80%93%20100%25.wav`,
      );
      expect(sha256(await bytesOf(response))).toBe(sha256(bytes));
    });

    it.each([
      ['bytes=0-99', 0, 100],
      ['bytes=900-', 900, 1000],
      ['bytes=-10', 990, 1000],
      ['bytes=990-5000', 990, 1000],
    ])('gives the range %s', async (range, start, end) => {
      const bytes = randomBytes(1000);
      const { url } = await storage.signDownload(await stored(bytes), as);
      const response = await fetch(url, { headers: { range } });
      expect(response.status).toBe(206);
      expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end - 1}/1000`);
      expect(await bytesOf(response)).toEqual(bytes.subarray(start, end));
    });

    it('refuses a range behind the end', async () => {
      const { url } = await storage.signDownload(await stored(randomBytes(10)), as);
      expect((await fetch(url, { headers: { range: 'bytes=10-' } })).status).toBe(416);
    });

    it('opens no other key, name, type or time', async () => {
      const [key, other] = [await stored(randomBytes(10)), await stored(randomBytes(10))];
      const { url } = await storage.signDownload(key, as);
      const altered = [
        url.replace(key, other),
        url.replace('.wav', '.exe'),
        url.replace('audio%2Fwav', 'text%2Fhtml'),
        url.replace(/expires=\d+/i, 'expires=99999999'),
      ];
      for (const address of altered) {
        expect(address).not.toBe(url);
        expect((await fetch(address)).status).toBe(403);
      }
      expect((await fetch(url, { method: 'PUT', body: 'abc' })).ok).toBe(false);
    });

    it('says 404 when the object is gone', async () => {
      const key = await stored(randomBytes(10));
      const { url } = await storage.signDownload(key, as);
      await storage.remove(key);
      expect((await fetch(url)).status).toBe(404);
    });
  });
}
