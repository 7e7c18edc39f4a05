import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDiskStorage, type DiskStorage, StorageError } from '../src/index.ts';
import { describeStorage } from './conformance.ts';

/** The least server there can be around the adapter, in the place of the api. */
async function serve(storage: () => DiskStorage) {
  const statuses = { signature_invalid: 403, wrong_length: 400, not_found: 404, parts_missing: 422, unavailable: 503 };
  async function answer(incoming: IncomingMessage, outgoing: ServerResponse) {
    const url = incoming.url ?? '';
    if (incoming.method === 'PUT') {
      const { etag } = await storage().acceptPart(url, incoming.headers, incoming);
      outgoing.writeHead(200, { etag }).end();
    } else {
      const { status, headers, body } = await storage().openDownload(url, incoming.headers.range);
      outgoing.writeHead(status, headers);
      if (body) await pipeline(body, outgoing);
      else outgoing.end();
    }
  }
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing).catch((error) => {
      if (outgoing.headersSent) return outgoing.destroy();
      outgoing.writeHead(error instanceof StorageError ? statuses[error.code] : 500).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { publicUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

async function openDisk() {
  const folder = await mkdtemp(join(tmpdir(), 'lathe-disk-'));
  let storage: DiskStorage;
  const server = await serve(() => storage);
  storage = createDiskStorage({ folder, publicUrl: server.publicUrl, secret: 'secret' });
  const close = async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { storage, folder, close };
}

describe('storage on disk', () => {
  describeStorage(openDisk);
});

describe('storage on disk, beyond the port', () => {
  let disk: Awaited<ReturnType<typeof openDisk>>;
  beforeAll(async () => {
    disk = await openDisk();
    await disk.storage.check();
  });
  afterAll(() => disk.close());
  afterEach(() => {
    vi.useRealTimers();
  });

  const filesLeft = async (folder: string) =>
    (await readdir(join(disk.folder, folder), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort();
  const begin = async (sizeBytes: number) => {
    const key = `a/${randomBytes(6).toString('hex')}`;
    const { multipartId } = await disk.storage.createMultipart(key, 'audio/wav');
    const { url } = await disk.storage.signPart({ key, multipartId, partNumber: 1, sizeBytes });
    return { key, multipartId, url, folder: `parts/${multipartId}` };
  };

  it('keeps nothing of a part whose sender goes away in the middle', async () => {
    const { url, folder } = await begin(1000);
    const outgoing = request(url, { method: 'PUT', headers: { 'content-length': 1000 } });
    outgoing.on('error', () => undefined);
    outgoing.write(Buffer.alloc(500));
    await vi.waitFor(async () => expect(await filesLeft(folder)).toHaveLength(2));
    outgoing.destroy();
    await vi.waitFor(async () => expect(await filesLeft(folder)).toEqual(['about.json']));
  });

  it('cuts off an endless body of unannounced length, and keeps nothing of it', async () => {
    const { url, folder } = await begin(1000);
    let sentBytes = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sentBytes += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const sent = fetch(url, { method: 'PUT', body: endless, duplex: 'half' } as RequestInit);
    await sent
      .then((response) => expect(response.ok).toBe(false))
      .catch((error) => expect(error).toBeInstanceOf(TypeError));
    expect(sentBytes).toBeLessThan(100_000_000);
    expect(await filesLeft(folder)).toEqual(['about.json']);
  });

  it('leaves no parts behind when an upload is complete, and no empty folders when it is removed', async () => {
    const { key, multipartId, url, folder } = await begin(3);
    const { headers } = await fetch(url, { method: 'PUT', body: 'abc' });
    await disk.storage.completeMultipart(key, multipartId, [{ partNumber: 1, etag: headers.get('etag') ?? '' }]);
    await expect(filesLeft(folder)).rejects.toMatchObject({ code: 'ENOENT' });
    await disk.storage.remove(key);
    expect(await readdir(join(disk.folder, 'objects'))).toEqual([]);
  });

  it('completes an upload once however many ask at the same time', async () => {
    const { key, multipartId, url } = await begin(6);
    const second = await disk.storage.signPart({ key, multipartId, partNumber: 2, sizeBytes: 6 });
    const etags = await Promise.all(
      [url, second.url].map(async (address, index) => {
        const response = await fetch(address, { method: 'PUT', body: `part ${index}` });
        return response.headers.get('etag') ?? '';
      }),
    );
    const parts = etags.map((etag, index) => ({ partNumber: index + 1, etag }));
    await Promise.all(Array.from({ length: 8 }, () => disk.storage.completeMultipart(key, multipartId, parts)));
    const whole = await disk.storage.read(key).then((stream) => stream.toArray());
    expect(Buffer.concat(whole).toString()).toBe('part 0part 1');
  });

  it('refuses an address after a quarter of an hour', async () => {
    const { url } = await begin(3);
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 15 * 60_000 + 2000 });
    expect((await fetch(url, { method: 'PUT', body: 'abc' })).status).toBe(403);
  });

  it('refuses an address signed with another secret', async () => {
    const { url } = await begin(3);
    const publicUrl = new URL(url).origin;
    const stranger = createDiskStorage({ folder: disk.folder, publicUrl, secret: 'another' });
    await expect(stranger.acceptPart(url, {}, new (await import('node:stream')).Readable())).rejects.toMatchObject({
      code: 'signature_invalid',
    });
  });

  it('gives a browser no page to run', async () => {
    const path = join(disk.folder, 'page.html');
    await writeFile(path, '<script>alert(1)</script>');
    await disk.storage.putFile('a/page', path, 'text/html');
    const { url } = await disk.storage.signDownload('a/page', { filename: 'page.html', contentType: 'text/html' });
    const { headers } = await fetch(url);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('content-disposition')).toMatch(/^attachment/);
  });

  it('lists an upload that died before it was described, so that it can be swept away', async () => {
    const { multipartId, folder } = await begin(3);
    await rm(join(disk.folder, folder, 'about.json'));
    expect(await disk.storage.listMultiparts()).toContainEqual(expect.objectContaining({ key: '', multipartId }));
    await disk.storage.abortMultipart('', multipartId);
    expect((await disk.storage.listMultiparts()).map((open) => open.multipartId)).not.toContain(multipartId);
  });

  it('says that it cannot be written when it cannot', async () => {
    const path = join(disk.folder, 'a-file');
    await writeFile(path, '');
    await chmod(path, 0o400);
    const broken = createDiskStorage({ folder: path, publicUrl: 'http://localhost', secret: 'secret' });
    await expect(broken.check()).rejects.toMatchObject({ code: 'unavailable' });
  });
});
