import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, startBench } from './bench.ts';
import { announce, makeMaster } from './states.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench?.close());

/** One of everything, of the first organisation, each in the state in which most can be done to it. */
async function everything() {
  const url = 'https://example.com/hook';
  const { body: endpoint } = await bench.create('/v1/webhook-endpoints', { url });
  await bench.call('post', `/v1/webhook-endpoints/${endpoint.id}/test`);
  const { body: upload } = await announce(bench);
  const master = await makeMaster(bench);
  const { body: apiKey } = await bench.create('/v1/api-keys', { name: 'another' });
  const { body: profile } = await bench.create('/v1/profiles', { name: 'Acme', targetLufs: -12 });
  const ids = {
    profiles: profile.id,
    uploads: upload.id,
    mixes: master.mixId,
    masters: master.id,
    'webhook-endpoints': endpoint.id,
    'api-keys': apiKey.id,
  };
  return { ids: ids as Record<string, string>, renditionId: master.renditions[0]?.id ?? '' };
}

const bodies: Record<string, object> = {
  'post /v1/uploads/{id}/parts': { partNumbers: [1] },
  'post /v1/uploads/{id}/complete': { parts: [{ partNumber: 1, etag: 'x' }] },
  'patch /v1/webhook-endpoints/{id}': { enabled: false },
  'patch /v1/profiles/{id}': { name: 'Mine' },
};

/** All that its owner can see. */
async function seen(ids: Record<string, string>) {
  const endpoint = `/v1/webhook-endpoints/${ids['webhook-endpoints']}`;
  const profile = `/v1/profiles/${ids.profiles}`;
  const single = [`/v1/uploads/${ids.uploads}`, `/v1/mixes/${ids.mixes}`, `/v1/masters/${ids.masters}`];
  const lists = [`${endpoint}/deliveries`, '/v1/events', '/v1/mixes', '/v1/masters', '/v1/webhook-endpoints'];
  const answers = await Promise.all([...single, endpoint, profile, ...lists].map((path) => bench.call('get', path)));
  const { body: keys } = await bench.call('get', '/v1/api-keys');
  const unrevoked = keys.data.map(({ id, revokedAt }: { id: string; revokedAt: string | null }) => [id, revokedAt]);
  return { unrevoked, answers: answers.map(({ status, body }) => ({ status, body })) };
}

test("on every route with an id, another organisation's is a 404, and nothing changes", async () => {
  const { ids, renditionId } = await everything();
  const before = await seen(ids);
  expect(before.answers.every(({ status }) => status === 200)).toBe(true);
  const routes = Object.entries(bench.document.paths).filter(([path]) => path.includes('{id}'));
  expect(routes.length).toBeGreaterThan(10);
  for (const [path, methods] of routes) {
    const id = ids[path.split('/')[2] ?? ''];
    expect(id, `an id for ${path}`).toBeDefined();
    const address = path.replace('{id}', id ?? '').replace('{renditionId}', renditionId);
    for (const method of Object.keys(methods)) {
      const body = bodies[`${method} ${path}`];
      const answer = await bench.call(method, address, { key: bench.strangersKey, ...(body && { body }) });
      expect([method, path, answer.body.code]).toEqual([method, path, 'not_found']);
    }
  }
  expect(await seen(ids)).toEqual(before);
});

test("no list shows another organisation's things, and no order takes another's mix", async () => {
  const { mixId, id } = await makeMaster(bench);
  const key = bench.strangersKey;
  for (const path of ['/v1/mixes', '/v1/masters', '/v1/events', '/v1/webhook-endpoints', '/v1/profiles']) {
    expect((await bench.call('get', path, { key })).body.data, path).toEqual([]);
  }
  const order = { mixId, targets: ['spotify'] };
  const answer = await bench.call('post', '/v1/masters', { key, idempotencyKey: crypto.randomUUID(), body: order });
  expect(answer.body.code).toBe('not_found');
  const { body: own } = await bench.call('get', `/v1/masters/${id}`);
  const { renditionId } = { renditionId: own.renditions[0].id };
  const other = await makeMaster(bench);
  const crossed = await bench.call('get', `/v1/masters/${other.id}/renditions/${renditionId}/download`);
  expect(crossed.body.code).toBe('not_found');
});

test('an idempotency key belongs to one organisation', async () => {
  const idempotencyKey = crypto.randomUUID();
  const ours = await announce(bench, 8, idempotencyKey);
  const body = { filename: 'mix.wav', sizeBytes: 8 };
  const theirs = await bench.call('post', '/v1/uploads', { key: bench.strangersKey, idempotencyKey, body });
  expect(theirs.status).toBe(201);
  expect(theirs.body.id).not.toBe(ours.body.id);
});
