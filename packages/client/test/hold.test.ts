import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createClient, createUploadHold } from '../src/index.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Announces one part; holds back the answer to the first PUT until told. */
async function startService(onPut: (attempt: number) => Promise<void>): Promise<string> {
  let puts = 0;
  server = createServer(async (request, response) => {
    request.resume();
    if (request.method === 'PUT') {
      await onPut(++puts);
      return response.setHeader('etag', `"${puts}"`).end();
    }
    const parts = [{ partNumber: 1, url: '/part', headers: {}, sizeBytes: 4 }];
    const upload = { id: 'upl_1', partSizeBytes: 4, partCount: 1, parts, state: 'probing' };
    return response.setHeader('content-type', 'application/json').end(JSON.stringify(upload));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a held upload sends nothing; released, it sends the interrupted part again and completes', async () => {
  const hold = createUploadHold();
  let attempts = 0;
  const baseUrl = await startService(async (attempt) => {
    attempts = attempt;
    if (attempt === 1) {
      hold.hold();
      await new Promise(() => undefined);
    }
  });
  const client = createClient({ baseUrl, apiKey: 'lathe_test_x' });
  const done = client.uploads.file(new Blob(['wave']), { hold });
  await once(hold.signal, 'abort');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect({ attempts, held: hold.held }).toEqual({ attempts: 1, held: true });
  hold.release();
  await expect(done).resolves.toMatchObject({ state: 'probing' });
  expect(attempts).toBe(2);
});

test('a held upload can be aborted', async () => {
  const hold = createUploadHold();
  hold.hold();
  const stop = new AbortController();
  const baseUrl = await startService(async () => undefined);
  const done = createClient({ baseUrl, apiKey: 'lathe_test_x' }).uploads.file(new Blob(['wave']), {
    hold,
    signal: stop.signal,
  });
  setTimeout(() => stop.abort(new Error('enough')), 50);
  await expect(done).rejects.toThrow('enough');
});
