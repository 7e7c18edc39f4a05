import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { unpacked } from '../../../packages/report/test/unpacked.ts';
import { type Bench, startBench } from './bench.ts';
import { fileBytes, makeMaster, orderMaster } from './states.ts';

describe('the files of a master', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench();
  });
  afterAll(() => bench?.close());
  const archiveOf = async (id: string) => (await bench.call('get', `/v1/masters/${id}/archive?redirect=false`)).body;

  test('come as one ZIP from an address that needs no key, the same each time', async () => {
    const master = await makeMaster(bench);
    const { url } = await archiveOf(master.id);
    const answer = await fetch(url);
    const zip = Buffer.from(await answer.arrayBuffer());
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
    expect(answer.headers.get('content-length')).toBe(String(zip.length));
    expect(answer.headers.get('content-disposition')).toContain('masters.zip');
    const { names, first } = unpacked(zip);
    expect(names).toEqual([
      ...master.renditions.map(({ filename }) => filename),
      ...['report.pdf', 'report.html', 'report.json'],
    ]);
    expect(first).toBe(fileBytes);
    expect(Buffer.from(await (await fetch((await archiveOf(master.id)).url)).arrayBuffer())).toEqual(zip);
    const redirected = await bench.call('get', `/v1/masters/${master.id}/archive`);
    expect([redirected.status, redirected.headers.location]).toEqual([302, expect.stringContaining('/archives/mst_')]);
  });

  test('are refused while there are none, to strangers, and under an address that was altered', async () => {
    const unfinished = await orderMaster(bench);
    const early = await bench.call('get', `/v1/masters/${unfinished.id}/archive`);
    expect([early.status, early.body.code]).toEqual([409, 'wrong_state']);
    const { id } = await makeMaster(bench);
    const stranger = await bench.call('get', `/v1/masters/${id}/archive`, { key: bench.strangersKey });
    expect(stranger.status).toBe(404);
    const { url } = await archiveOf(id);
    for (const altered of [url.replace(id, unfinished.id), url.replace(/expires=\d/, 'expires=9')]) {
      expect((await fetch(altered)).status).toBe(403);
    }
  });
});
