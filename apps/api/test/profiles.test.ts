import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, startBench } from './bench.ts';
import { finishMix, uploadMix } from './states.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench?.close());

const path = '/v1/profiles';
const rules = { name: 'Acme', targetLufs: -12, formats: ['wav16'], maxWordLengthBits: 16, metadata: 'forbidden' };

async function orderFor(profile: unknown) {
  const { id: mixId } = await uploadMix(bench);
  await finishMix(bench, mixId);
  return bench.create('/v1/masters', { mixId, targets: [{ profile }] });
}

test('a profile is made once per key, read, changed rule by rule, and deleted', async () => {
  const key = randomUUID();
  const { status, body: made, headers } = await bench.create(path, rules, key);
  expect([status, headers.location]).toEqual([201, `${path}/${made.id}`]);
  expect(made).toMatchObject({ ...rules, ceilingDbtp: -1, maxFileBytes: null });
  expect((await bench.create(path, rules, key)).body).toEqual(made);
  const one = `${path}/${made.id}`;
  expect((await bench.call('get', one)).body).toEqual(made);
  expect((await bench.call('get', path)).body.data).toEqual([made]);
  const changed = await bench.call('patch', one, { body: { maxFileBytes: 250_000_000 } });
  expect(changed.body).toEqual({ ...made, maxFileBytes: 250_000_000, updatedAt: expect.any(String) });
  expect((await bench.call('patch', one, { body: { maxFileBytes: null } })).body.maxFileBytes).toBeNull();
  expect((await bench.call('delete', one)).status).toBe(204);
  expect((await bench.call('get', one)).status).toBe(404);
});

test('rules that contradict each other are refused, when it is made and when it is changed', async () => {
  const refused = await bench.create(path, { ...rules, formats: ['wav24'] });
  expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/formats']);
  const { body: made } = await bench.create(path, rules);
  const { status, body } = await bench.call('patch', `${path}/${made.id}`, { body: { formats: ['flac24'] } });
  expect([status, body.code]).toEqual([400, 'invalid_request']);
  expect((await bench.call('get', `${path}/${made.id}`)).body.formats).toEqual(['wav16']);
});

test('an order keeps the rules as they were, whatever becomes of the profile, and can be given again', async () => {
  const { body: made } = await bench.create(path, rules);
  const ordered = await orderFor(made.id);
  expect(ordered.status).toBe(202);
  const [{ profile: kept }] = ordered.body.order.targets;
  expect(kept).toMatchObject({ id: made.id, ...rules });
  await bench.call('patch', `${path}/${made.id}`, { body: { targetLufs: -9 } });
  await bench.call('delete', `${path}/${made.id}`);
  const { body: later } = await bench.call('get', `/v1/masters/${ordered.body.id}`);
  expect(later.order.targets).toEqual([{ profile: kept }]);
  expect((await orderFor(kept)).body.order.targets).toEqual([{ profile: kept }]);
});

test('to strangers a profile is not there: not to read, change, delete or order by', async () => {
  const { body: made } = await bench.create(path, rules);
  const asStranger = { key: bench.strangersKey };
  const one = `${path}/${made.id}`;
  expect((await bench.call('get', one, asStranger)).status).toBe(404);
  expect((await bench.call('patch', one, { ...asStranger, body: { name: 'Mine' } })).status).toBe(404);
  expect((await bench.call('delete', one, asStranger)).status).toBe(404);
  expect((await bench.call('get', path, asStranger)).body.data).toEqual([]);
  const unknown = await orderFor('prf_01jd7x5c2v8m3k9p4q6r7s8t9w');
  expect([unknown.status, unknown.body.detail]).toEqual([404, 'There is no profile prf_01jd7x5c2v8m3k9p4q6r7s8t9w.']);
});

test('an order that cannot keep a rule is refused before any work', async () => {
  const { body: made } = await bench.create(path, { ...rules, minDurationSeconds: 30, maxFileBytes: 1000 });
  const { status, body } = await orderFor(made.id);
  expect([status, body.code]).toEqual([422, 'rules_not_kept']);
  expect(body.detail).toMatch(/^Acme: The mix is 1\.00 s long; at least 30\.00 s is taken\. Acme: WAV 16 bit/);
});

test('the files of profiles count among those of an order', async () => {
  const formats = ['wav16', 'flac16', 'alac16', 'mp3-320', 'mp3-v0'];
  const { body: made } = await bench.create(path, { ...rules, formats });
  const { id: mixId } = await uploadMix(bench);
  await finishMix(bench, mixId);
  const targets = Array.from({ length: 13 }, () => ({ profile: made.id }));
  const { status, body } = await bench.create('/v1/masters', { mixId, targets });
  expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'invalid_request', '/targets']);
});
