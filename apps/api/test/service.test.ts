import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageError } from '@lathe/storage';
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureFirstKey } from '../src/bootstrap.ts';
import { describeError } from '../src/problem.ts';
import { type Bench, startBench } from './bench.ts';
import { announce as announceUpload, uploadMix } from './states.ts';

let service: Bench;
beforeAll(async () => {
  service = await startBench();
});
afterAll(() => service?.close());

const call: Bench['call'] = (...asked) => service.call(...asked);
const fresh = () => crypto.randomUUID();
const announce = (idempotencyKey = fresh(), sizeBytes = 8) => announceUpload(service, sizeBytes, idempotencyKey);
const makeMix = () => uploadMix(service);

test('an upload becomes a mix, whose source comes back byte for byte', async () => {
  const mix = await makeMix();
  expect(mix).toMatchObject({ state: 'probing', filename: 'mix.wav' });
  const source = await call('get', `/v1/mixes/${mix.id}/source?redirect=false`);
  expect(await (await fetch(source.body.url)).text()).toBe('RIFFWAVE');
  expect((await call('delete', `/v1/mixes/${mix.id}`)).status).toBe(204);
  expect((await fetch(source.body.url)).status).toBe(404);
});

test('a master is not ordered of a mix that is not analysed', async () => {
  const { id: mixId } = await makeMix();
  const order = { idempotencyKey: fresh(), body: { mixId, targets: ['spotify'] } };
  expect((await call('post', '/v1/masters', order)).body.code).toBe('mix_not_ready');
});

test('a signed address that was changed is refused', async () => {
  const { body: upload } = await announce();
  const answer = await fetch(`${upload.parts[0].url}0`, { method: 'PUT', body: 'RIFFWAVE' });
  expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([403, 'signature_invalid']);
});

test('an aborted upload cannot be completed, and aborting again is harmless', async () => {
  const { body: upload } = await announce();
  for (const _ of [1, 2]) expect((await call('delete', `/v1/uploads/${upload.id}`)).status).toBe(204);
  const parts = [{ partNumber: 1, etag: '"x"' }];
  expect((await call('post', `/v1/uploads/${upload.id}/complete`, { body: { parts } })).body.code).toBe('wrong_state');
});

test('the same creating request, sent twice at once and once more, is done once', async () => {
  const key = fresh();
  const both = await Promise.all([announce(key), announce(key)]);
  const done = both.find(({ status }) => status === 201);
  const again = await announce(key);
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect(again.body).toEqual(done?.body);
  expect(both.every(({ status, body }) => status === 409 || body.id === again.body.id)).toBe(true);
  expect((await announce(key, 9)).body.code).toBe('idempotency_key_reused');
});

test.each(['/v1/uploads', '/v1/masters', '/v1/webhook-endpoints', '/v1/api-keys'])(
  'POST %s needs an Idempotency-Key',
  async (path) => expect((await call('post', path, { body: {} })).body.code).toBe('idempotency_key_missing'),
);

test('missing, malformed, unknown and revoked keys are all 401', async () => {
  const created = await call('post', '/v1/api-keys', { idempotencyKey: fresh(), body: { name: 'short-lived' } });
  const { id, key } = created.body;
  expect((await call('get', '/v1/mixes', { key })).status).toBe(200);
  await call('delete', `/v1/api-keys/${id}`);
  for (const wrong of ['', 'x', `${service.key}x`, `lathe_live_${'0'.repeat(38)}`, key]) {
    const { status, body } = await call('get', '/v1/mixes', { key: wrong });
    expect([status, body.code]).toEqual([401, 'unauthenticated']);
  }
});

test.each([
  ['http://example.com/hook'],
  ['https://localhost/hook'],
  ['https://127.0.0.1/hook'],
  ['https://0x7f.1/hook'],
  ['https://[::1]/hook'],
  ['https://[::ffff:10.0.0.1]/hook'],
  ['https://169.254.169.254/latest'],
  ['https://user:word@example.com/'],
])('a webhook to %s is refused', async (url) => {
  const answer = await call('post', '/v1/webhook-endpoints', { idempotencyKey: fresh(), body: { url } });
  expect(answer.body.code).toBe('webhook_url_not_allowed');
});

test.each([
  ['nothing there', 'get', '/v1/nothing', undefined, 'not_found'],
  ['an id of another shape', 'get', '/v1/mixes/1', undefined, 'not_found'],
  ['another method', 'put', '/v1/mixes', undefined, 'method_not_allowed'],
  ['a cursor of nobody', 'get', '/v1/mixes?cursor=abc', undefined, 'invalid_cursor'],
  ['a page too large', 'get', '/v1/mixes?limit=1000', undefined, 'invalid_request'],
  ['a wait too long', 'get', '/v1/masters/mst_01jd7x5c2v8m3k9p4q6r7s8t9w?wait=99', undefined, 'invalid_request'],
  ['no JSON', 'post', '/v1/api-keys', '{', 'malformed_json'],
  ['a body too large', 'post', '/v1/api-keys', `{"name":"${'x'.repeat(300_000)}"}`, 'too_large'],
  ['an unknown field', 'post', '/v1/api-keys', '{"name":"a","x":1}', 'invalid_request'],
  ['a name that no database can hold', 'post', '/v1/api-keys', '{"name":"a\\u0000"}', 'invalid_request'],
  ['a file name of two lines', 'post', '/v1/uploads', '{"filename":"a\\nb.wav","sizeBytes":8}', 'invalid_request'],
  [
    'a media type that no header can hold',
    'post',
    '/v1/uploads',
    '{"filename":"a.wav","sizeBytes":8,"contentType":"audio/wav\\r\\nx: y"}',
    'invalid_request',
  ],
  ['an empty file', 'post', '/v1/uploads', '{"filename":"a.wav","sizeBytes":0}', 'audio_empty'],
])('%s has a stable code', async (...[, method, path, body, code]) => {
  const asked = request(service.baseUrl)[method as 'get'](path);
  asked.set({ authorization: `Bearer ${service.key}`, 'idempotency-key': fresh() });
  const answer = await (body ? asked.set('content-type', 'application/json').send(body) : asked);
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(answer.body).toMatchObject({ code, status: answer.status, requestId: answer.headers['x-request-id'] });
  expect((await request(service.baseUrl).get(`/problems/${code}`)).status).toBe(200);
});

test('a body of another type is refused', async () => {
  const asked = request(service.baseUrl).post('/v1/api-keys').set('content-type', 'text/plain');
  const answer = await asked.set({ authorization: `Bearer ${service.key}`, 'idempotency-key': fresh() }).send('x');
  expect(answer.body.code).toBe('unsupported_media_type');
});

test('a database that ends the connection is an outage, not a fault of ours', async () => {
  const ended = service.db.prisma.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`.catch((error) => error);
  expect(describeError(await ended)).toMatchObject({ code: 'unavailable', headers: { 'retry-after': '1' } });
  expect(describeError(new Error('a bug'))).toEqual({ code: 'internal' });
});

test('a storage that is away is an outage, and nobody is told where it lies', () => {
  const described = describeError(new StorageError('unavailable', 'connect ECONNREFUSED 10.1.2.3:9000'));
  expect(described).toEqual({ code: 'unavailable', headers: { 'retry-after': '1' } });
});

test('pages follow one another without gap or double, also while new mixes come in', async () => {
  for (let n = 0; n < 5; n++) await makeMix();
  const idsOf = (data: { id: string }[]) => data.map(({ id }) => id);
  const before = idsOf((await call('get', '/v1/mixes?limit=100')).body.data);
  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { body } = await call('get', `/v1/mixes?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    seen.push(...idsOf(body.data));
    cursor = body.nextCursor;
    await makeMix();
  }
  expect(seen).toEqual(before);
});

test.each(['/v1/platforms', '/v1/styles', '/v1/formats', '/v1/events', '/v1/masters', '/livez', '/readyz'])(
  'GET %s answers as documented',
  async (path) => expect((await call('get', path)).status).toBe(200),
);

test('the documentation loads nothing from elsewhere', async () => {
  const { text, headers } = await request(service.baseUrl).get('/docs/');
  expect(text).toContain('/openapi.json');
  expect(text).not.toMatch(/(src|href)="https?:/);
  expect(headers['content-security-policy']).toContain("connect-src 'self'");
});

test('pages may reach the service and nothing else', async () => {
  const { headers } = await request(service.baseUrl).get('/');
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['content-security-policy']).toContain("connect-src 'self' blob:;");
});

test('the first key works, is kept, and is for its owner only', async () => {
  const file = join(service.folder, 'keys', 'first-key');
  await ensureFirstKey(service.db, file);
  const key = await readFile(file, 'utf8');
  await ensureFirstKey(service.db, file);
  expect(await readFile(file, 'utf8')).toBe(key);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await call('get', '/v1/mixes', { key: key.trim() })).status).toBe(200);
  await writeFile(file, 'lathe_live_nonsense');
  await ensureFirstKey(service.db, file);
  expect(await readFile(file, 'utf8')).not.toBe(key);
});
