import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post, sentenceOf } from '../src/guarded-post.ts';

let server: Server;
let port: number;
let requests = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    requests += 1;
    if (request.url === '/endless') {
      response.writeHead(200);
      const timer = setInterval(() => response.write(Buffer.alloc(16 * 1024)), 1);
      response.once('close', () => clearInterval(timer));
    } else if (request.url === '/moved') response.writeHead(302, { location: '/elsewhere' }).end();
    else if (request.url === '/silent') request.resume();
    else response.writeHead(503, { 'retry-after': '120' }).end('later');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const send = (url: string, allowPrivate: boolean, signal = AbortSignal.timeout(5_000)) =>
  post({ url, headers: { 'content-type': 'application/json' }, body: '{}' }, { allowPrivate, signal });

describe('a post to an address that a stranger has chosen', () => {
  it.each([
    '127.0.0.1',
    'localhost',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '0x7f.1',
    '2130706433',
    '0.0.0.0',
    '169.254.169.254',
    '10.0.0.1',
    '192.168.0.1',
    '[fd00::1]',
  ])('never reaches %s', async (host) => {
    const before = requests;
    const refusal = await send(`https://${host}:${port}/hook`, false).catch(sentenceOf);
    expect(refusal).toMatch(/private network|name of the server/);
    expect(requests).toBe(before);
  });

  it.each([
    ['http://example.com/hook', /https/],
    ['ftp://example.com/hook', /https/],
    ['https://user:word@example.com/hook', /user or password/],
  ])('refuses the form of %s', async (url, sentence) => {
    expect(await send(url, false).catch(sentenceOf)).toMatch(sentence);
  });

  it('may go to loopback and http where that is allowed', async () => {
    expect(await send(`http://localhost:${port}/hook`, true)).toEqual({ status: 503, retryAfter: '120' });
  });

  it('does not follow a redirect', async () => {
    const before = requests;
    expect((await send(`http://127.0.0.1:${port}/moved`, true)).status).toBe(302);
    expect(requests).toBe(before + 1);
  });

  it('hangs up on an answer without end', async () => {
    expect((await send(`http://127.0.0.1:${port}/endless`, true)).status).toBe(200);
  });

  it('gives up when it is told to', async () => {
    const impatient = AbortSignal.timeout(50);
    await expect(send(`http://127.0.0.1:${port}/silent`, true, impatient)).rejects.toThrow();
  });

  it('says in a sentence that nobody listens', async () => {
    expect(await send('http://127.0.0.1:1/hook', true).catch(sentenceOf)).toBe('The server refused the connection.');
  });
});
