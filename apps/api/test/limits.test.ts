import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { limits } from '@lathe/contracts';
import { createLog } from '@lathe/runtime';
import { afterEach, expect, test } from 'vitest';
import { type Bench, startBench } from './bench.ts';
import { announce, uploadMix } from './states.ts';

let bench: Bench | undefined;
afterEach(() => bench?.close());

const filesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

test('too many requests are told when to come back; other keys go on', async () => {
  bench = await startBench({ requestsPerMinutePerKey: 3 });
  for (let n = 0; n < 3; n++) expect((await bench.call('get', '/v1/mixes')).status).toBe(200);
  const { status, body, headers } = await bench.call('get', '/v1/mixes');
  expect([status, body.code]).toEqual([429, 'rate_limited']);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect((await bench.call('get', '/v1/mixes', { key: bench.strangersKey })).status).toBe(200);
});

test('a file or a part larger than allowed is refused', async () => {
  bench = await startBench();
  const answer = await announce(bench, limits.maxUploadBytes + 1);
  expect([answer.status, answer.body.code]).toEqual([413, 'too_large']);
  const { body: upload } = await announce(bench);
  const part = await fetch(upload.parts[0].url, { method: 'PUT', body: 'more than was announced' });
  expect(((await part.json()) as { code: string }).code).toBe('upload_incomplete');
});

test('of an upload that breaks off and is aborted, nothing is left in the storage', async () => {
  bench = await startBench();
  const { folder } = bench;
  const { body: upload } = await announce(bench, 1_000_000);
  const put = httpRequest(upload.parts[0].url, { method: 'PUT', headers: { 'content-length': 1_000_000 } });
  put.on('error', () => undefined);
  put.write(Buffer.alloc(100_000));
  await expect.poll(async () => (await filesIn(folder)).length).toBeGreaterThan(0);
  put.destroy();
  expect((await bench.call('delete', `/v1/uploads/${upload.id}`)).status).toBe(204);
  await expect.poll(() => filesIn(folder)).toEqual([]);
  expect(await bench.storage.listMultiparts()).toEqual([]);
});

test('the log tells of every request and of no secret', async () => {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  bench = await startBench({ log: createLog({ level: 'trace', name: 'test', destination }) });
  const mix = await uploadMix(bench);
  const { body } = await bench.call('get', `/v1/mixes/${mix.id}/source?redirect=false`);
  await fetch(body.url);
  await fetch(`${body.url}x`);
  const { body: created } = await bench.create('/v1/api-keys', { name: 'x' });
  await expect.poll(() => lines.join('')).toContain('/v1/api-keys');
  const log = lines.join('');
  expect(log).toContain(`/v1/mixes/${mix.id}/source`);
  const signature = new URL(body.url).searchParams.get('signature') ?? '';
  expect(signature).not.toBe('');
  for (const secret of [bench.key, created.key, signature]) expect(log).not.toContain(secret);
});

test.each([true, false])('metrics are here: %s', async (metricsHere) => {
  bench = await startBench({ metricsHere });
  await bench.call('get', '/v1/mixes');
  const answer = await fetch(`${bench.baseUrl}/metrics`);
  expect(answer.status).toBe(metricsHere ? 200 : 404);
  expect((await answer.text()).includes('route="/v1/mixes"')).toBe(metricsHere);
});

test('every operation is described, with an id of its own and its problems, and has a route', async () => {
  bench = await startBench();
  const seen = new Set<string>();
  for (const [path, methods] of Object.entries(bench.document.paths)) {
    const url = path.replace(/\{(\w+)\}/g, ':$1');
    for (const [method, operation] of Object.entries(methods)) {
      const { operationId = '', tags, summary, description, responses } = operation;
      expect([operationId, summary, description].every(Boolean), `${method} ${path}`).toBe(true);
      expect(tags).toHaveLength(1);
      expect(seen.has(operationId)).toBe(false);
      seen.add(operationId);
      expect(bench.app.hasRoute({ method: method.toUpperCase() as 'GET', url })).toBe(true);
      expect(responses[500]?.description).toContain('internal');
      if (path.startsWith('/v1/')) expect(responses[401]?.description).toContain('unauthenticated');
    }
  }
});
