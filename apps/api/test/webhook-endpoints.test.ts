import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, startBench } from './bench.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench({ allowPrivateWebhooks: true });
});
afterAll(() => bench?.close());

const path = '/v1/webhook-endpoints';
const url = 'http://127.0.0.1:9/hook';

test('an endpoint is made, read, changed and deleted; its secret is shown once', async () => {
  const { status, body: made } = await bench.create(path, { url, events: ['master.ready'] });
  expect([status, made.secret]).toEqual([201, expect.stringMatching(/^whsec_/)]);
  const one = `${path}/${made.id}`;
  const { secret, ...rest } = made;
  expect((await bench.call('get', one)).body).toEqual(rest);
  expect(JSON.stringify((await bench.call('get', path)).body)).not.toContain(secret);
  const changed = await bench.call('patch', one, { body: { events: ['mix.ready'] } });
  expect(changed.body).toEqual({ ...rest, events: ['mix.ready'] });
  expect((await bench.call('delete', one)).status).toBe(204);
  expect((await bench.call('get', one)).status).toBe(404);
});

test('a test event makes one delivery to this endpoint, unless it is disabled', async () => {
  const { body: made } = await bench.create(path, { url });
  const one = `${path}/${made.id}`;
  await bench.call('patch', one, { body: { enabled: false } });
  expect((await bench.call('post', `${one}/test`)).body.code).toBe('wrong_state');
  expect((await bench.call('patch', one, { body: { enabled: true } })).body.disabledAt).toBeNull();
  const { body: event } = await bench.call('post', `${one}/test`);
  const { body: deliveries } = await bench.call('get', `${one}/deliveries`);
  expect(deliveries.data).toMatchObject([
    { eventId: event.id, eventType: 'webhook.test', state: 'pending', attempts: [] },
  ]);
});

test('an address is kept in the form it will be called by', async () => {
  const { body } = await bench.create(path, { url: ' https://Example.com:443/a b\u0000?c ' });
  expect(body.url).toBe('https://example.com/a%20b%00?c');
});

test('where private addresses are allowed, names and passwords in them still are not', async () => {
  const answer = await bench.create(path, { url: 'http://user:word@127.0.0.1/hook' });
  expect(answer.body.code).toBe('webhook_url_not_allowed');
});
