import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, startBench } from './bench.ts';
import { makeMaster, orderMaster, report } from './states.ts';

let bench: Bench;
let path: string;
beforeAll(async () => {
  bench = await startBench();
  path = `/v1/masters/${(await makeMaster(bench)).id}/report`;
});
afterAll(() => bench?.close());

test('the page comes by its address, and may load nothing', async () => {
  const answer = await bench.call('get', `${path}.html`);
  expect(answer.status).toBe(200);
  expect(answer.type).toBe('text/html');
  expect(answer.text).toMatch(/^<!doctype html>.+<h1.+<\/html>\s*$/s);
  expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
  expect(answer.headers['content-security-policy']).not.toContain('script-src');
});

test.each(['', '?paper=a4', '?paper=letter'])('the PDF comes by its address%s', async (query) => {
  const answer = await bench.call('get', `${path}.pdf${query}`);
  expect(answer.status).toBe(200);
  expect(answer.body.subarray(0, 5).toString()).toBe('%PDF-');
  expect(answer.headers['content-disposition']).toMatch(/^inline; filename="mst_\w+-report\.pdf"$/);
});

test('another paper is a problem', async () => {
  expect((await bench.call('get', `${path}.pdf?paper=napkin`)).body.code).toBe('invalid_request');
});

describe('the report is what the caller accepts', () => {
  test.each([
    ['application/json', 'application/json'],
    ['*/*', 'application/json'],
    ['image/png', 'application/json'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text/html'],
    ['application/pdf', 'application/pdf'],
    ['text/html;q=0.2, application/pdf;q=0.9', 'application/pdf'],
    ['text/html;q=0, application/json', 'application/json'],
  ])('%s gives %s', async (accept, type) => {
    const asked = request(bench.baseUrl).get(path).set('authorization', `Bearer ${bench.key}`).set('accept', accept);
    const answer = await asked;
    expect([answer.status, answer.type, answer.headers.vary]).toEqual([200, type, expect.stringContaining('accept')]);
    if (type === 'application/json') expect(answer.body).toEqual(report);
  });
});

test.each(['', '.html', '.pdf'])('report%s: not before the master is ready, and not for strangers', async (form) => {
  const { id } = await orderMaster(bench);
  const waiting = await bench.call('get', `/v1/masters/${id}/report${form}`);
  expect([waiting.status, waiting.body.code]).toEqual([409, 'wrong_state']);
  const stranger = await bench.call('get', `${path}${form}`, { key: bench.strangersKey });
  expect([stranger.status, stranger.body.code]).toEqual([404, 'not_found']);
});
