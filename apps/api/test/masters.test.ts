import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '@lathe/contracts';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { type Bench, startBench } from './bench.ts';
import { fileBytes, finishMaster, finishMix, makeMaster, orderMaster, report, uploadMix } from './states.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench?.close());
afterEach(() => {
  vi.useRealTimers();
});

test('an order can be cancelled, again without harm, and then never again finished', async () => {
  const { id, state } = await orderMaster(bench);
  expect(state).toBe('queued');
  for (const _ of [1, 2]) {
    const { body } = await bench.call('post', `/v1/masters/${id}/cancel`);
    expect(body).toMatchObject({ state: 'cancelled', renditions: [] });
  }
  await expect(finishMaster(bench, id)).rejects.toThrow('cannot be claimed');
});

const onePixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==';

test('a cover is sent once and named by orders; what is no picture, or was never sent, is refused', async () => {
  const send = (imageBase64: string) => bench.call('post', '/v1/covers', { body: { imageBase64 } });
  const { status, body } = await send(onePixel);
  expect({ status, body }).toMatchObject({ status: 201, body: { contentType: 'image/png', sizeBytes: 70 } });
  expect((await send(onePixel)).body).toEqual(body);
  expect((await send(Buffer.from('these are words').toString('base64'))).body.code).toBe('not_a_cover');
  const { id: mixId } = await uploadMix(bench);
  await finishMix(bench, mixId);
  const order = (coverSha256: string) => bench.create('/v1/masters', { mixId, targets: ['spotify'], coverSha256 });
  expect((await order('0'.repeat(64))).body.code).toBe('not_found');
  expect((await order(body.sha256)).status).toBe(202);
});

test('a master that is ready cannot be cancelled', async () => {
  const { id } = await makeMaster(bench);
  expect((await bench.call('post', `/v1/masters/${id}/cancel`)).body.code).toBe('wrong_state');
});

test('a held answer comes as soon as the master has ended', { timeout: 20_000 }, async () => {
  const { id } = await orderMaster(bench);
  const held = bench.call('get', `/v1/masters/${id}?wait=${limits.maxLongPollSeconds}`);
  await pause(100);
  await finishMaster(bench, id);
  expect((await held).body).toMatchObject({ state: 'ready', progress: 1 });
});

test('a held answer comes as soon as the mix is analysed', { timeout: 20_000 }, async () => {
  const { id } = await uploadMix(bench);
  const held = bench.call('get', `/v1/mixes/${id}?wait=${limits.maxLongPollSeconds}`);
  await pause(100);
  await finishMix(bench, id);
  expect((await held).body.state).toBe('ready');
});

test('a held answer comes at the end of the time with things as they are', async () => {
  const { id } = await orderMaster(bench);
  expect((await bench.call('get', `/v1/masters/${id}?wait=1`)).body.state).toBe('queued');
});

test('peaks and report are there when the work has ended, and not before', async () => {
  const { id: mixId } = await uploadMix(bench);
  expect((await bench.call('get', `/v1/mixes/${mixId}/peaks`)).body.code).toBe('mix_not_ready');
  const { id } = await orderMaster(bench);
  expect((await bench.call('get', `/v1/masters/${id}/report`)).body.code).toBe('wrong_state');
  await finishMaster(bench, id);
  expect((await bench.call('get', `/v1/masters/${id}/report`)).body).toEqual(report);
  await finishMix(bench, mixId);
  expect((await bench.call('get', `/v1/mixes/${mixId}/peaks`)).body.max).toEqual([0.5]);
});

async function downloadPath(): Promise<string> {
  const { id, renditions } = await makeMaster(bench);
  return `/v1/masters/${id}/renditions/${renditions[0]?.id}/download`;
}

test('a rendition is one redirect away, under its own name', async () => {
  const answer = await bench.call('get', await downloadPath());
  expect(answer.status).toBe(302);
  expect(answer.headers['cache-control']).toBe('no-store');
  const file = await fetch(answer.headers.location ?? '');
  expect(await file.text()).toBe(fileBytes);
  expect(file.headers.get('content-disposition')).toContain('mix.spotify.wav');
  expect(file.headers.get('content-type')).toContain('audio/wav');
});

test('a signed address answers ranges', async () => {
  const { body } = await bench.call('get', `${await downloadPath()}?redirect=false`);
  const some = await fetch(body.url, { headers: { range: 'bytes=4-' } });
  expect([some.status, some.headers.get('content-range')]).toEqual([206, 'bytes 4-7/8']);
  expect(await some.text()).toBe(fileBytes.slice(4));
  expect((await fetch(body.url, { headers: { range: 'bytes=100-' } })).status).toBe(416);
});

const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];

test('a signed address that was changed in any part is refused', async () => {
  const { url } = (await bench.call('get', `${await downloadPath()}?redirect=false`)).body;
  const changed = (change: (address: URL) => void) => {
    const address = new URL(url);
    change(address);
    return address;
  };
  const addresses = [
    changed((address) => address.searchParams.delete('signature')),
    changed((address) => address.searchParams.set('expires', '9999999999')),
    changed((address) => address.searchParams.set('filename', 'other.wav')),
    changed((address) => {
      address.pathname = address.pathname.replace('spotify', 'other');
    }),
  ];
  for (const address of addresses) {
    expect(await codeOf(await fetch(address)), address.href).toEqual([403, 'signature_invalid']);
  }
});

test('a signed address is refused when its time is over', async () => {
  const { url, expiresAt } = (await bench.call('get', `${await downloadPath()}?redirect=false`)).body;
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse(expiresAt) + 1000 });
  expect(await codeOf(await fetch(url))).toEqual([403, 'signature_invalid']);
});

test('a mix that is deleted takes its masters and every file along', async () => {
  const { id, mixId } = await makeMaster(bench);
  expect((await bench.call('delete', `/v1/mixes/${mixId}`)).status).toBe(204);
  expect((await bench.call('get', `/v1/masters/${id}`)).status).toBe(404);
  for await (const { key } of bench.storage.list(`masters/${id}/`)) expect.unreachable(`${key} is left`);
});
