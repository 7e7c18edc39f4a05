import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Preview, previewSides } from '@lathe/contracts';
import { claim, commitPreview } from '@lathe/database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bench, startBench } from './bench.ts';
import { makeMaster, orderMaster } from './states.ts';

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench?.close());

const both = { mix: -18, master: -18 };
const preview: Preview = {
  target: 'spotify',
  format: 'flac16',
  startSeconds: 60,
  durationSeconds: 30,
  gainDb: { mix: 0, master: -4 },
  integratedLufs: both,
};
const storageKeys = (id: string) => ({
  mix: `masters/${id}/1/preview-mix.flac`,
  master: `masters/${id}/1/preview-master.flac`,
});

/** What a worker does as soon as something can be heard. */
async function previewedMaster() {
  const master = await orderMaster(bench);
  const run = await claim(bench.db, { kind: 'master', id: master.id, workerId: 'test', leaseSeconds: 60 });
  if (!run) throw new Error('an order can be claimed');
  const keys = storageKeys(master.id);
  for (const side of previewSides) {
    const path = join(tmpdir(), `lathe-${randomUUID()}.flac`);
    await writeFile(path, `fLaC ${side}`);
    await bench.storage.putFile(keys[side], path, 'audio/flac');
    await rm(path);
  }
  expect(await commitPreview(bench.db, { ...run, preview: { preview, storageKeys: keys } })).toBe(true);
  return { ...master, path: `/v1/masters/${master.id}/preview` };
}

test('there is nothing to hear before there is, and it is told in the resource and as an event', async () => {
  const { id: early } = await orderMaster(bench);
  const answer = await bench.call('get', `/v1/masters/${early}/preview`);
  expect(answer.body).toMatchObject({
    status: 404,
    code: 'not_found',
    detail: expect.stringContaining('no preview yet'),
  });
  const { id } = await previewedMaster();
  expect((await bench.call('get', `/v1/masters/${id}`)).body).toMatchObject({ state: 'queued', preview });
  const { body: events } = await bench.call('get', '/v1/events');
  const told = events.data.filter(({ data }: { data: { id: string } }) => data.id === id);
  expect(told.map(({ type }: { type: string }) => type)).toEqual(['master.queued', 'master.preview']);
});

test('each side is one redirect away, under its own name, and takes ranges', async () => {
  const { id, path } = await previewedMaster();
  for (const side of previewSides) {
    const { status, headers } = await bench.call('get', `${path}?side=${side}`);
    expect(status).toBe(302);
    const bytes = await fetch(String(headers.location), { headers: { range: 'bytes=5-' } });
    expect(bytes.status).toBe(206);
    expect(bytes.headers.get('content-disposition')).toContain(`${id}-preview-${side}.flac`);
    expect(await bytes.text()).toBe(side);
  }
  expect((await bench.call('get', `${path}?redirect=false`)).body.url).toContain('http');
});

test("another organisation's preview is a 404", async () => {
  const { path } = await previewedMaster();
  expect((await bench.call('get', path, { key: bench.strangersKey })).body.code).toBe('not_found');
});

test('it goes with the end of the work: the files take its place', async () => {
  const { id, path } = await previewedMaster();
  await bench.call('post', `/v1/masters/${id}/cancel`);
  expect((await bench.call('get', `/v1/masters/${id}`)).body.preview).toBeNull();
  expect((await bench.call('get', path)).body).toMatchObject({ status: 404, detail: expect.stringContaining('ended') });
  expect((await makeMaster(bench)).preview).toBeNull();
});

test('a mix that is deleted takes it along, to the last byte', async () => {
  const { id, mixId } = await previewedMaster();
  expect((await bench.call('delete', `/v1/mixes/${mixId}`)).status).toBe(204);
  for (const key of Object.values(storageKeys(id))) expect(await bench.storage.head(key)).toBeNull();
});
