import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { insertWebhookEndpoint, inTransaction, listDeliveries, sendTestEvent } from '@lathe/database';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pauseSeconds } from '../src/deliver-webhook.ts';
import type { Deps } from '../src/deps.ts';
import { createHandlers } from '../src/handlers.ts';
import { type Bench, createBench } from './bench.ts';

const never = new AbortController().signal;
let bench: Bench;
let server: Server;
let url: string;
let received: { headers: Record<string, string>; body: string }[];
let respond: (response: ServerResponse) => void;

beforeEach(async () => {
  bench = await createBench();
  received = [];
  respond = (response) => response.writeHead(204).end();
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ headers: request.headers as Record<string, string>, body });
    respond(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await bench.close();
});

/** An endpoint with one event to be told about. */
async function announce() {
  const { db, organisationId } = bench;
  const endpoint = await inTransaction(db, (tx) =>
    insertWebhookEndpoint(tx, { organisationId, url, events: ['master.ready'] }),
  );
  const event = await inTransaction(db, (tx) => sendTestEvent(tx, organisationId, endpoint.id));
  const newest = async () => (await listDeliveries(db, organisationId, endpoint.id, { limit: 1 }))?.data[0];
  return { endpoint, event, newest, deliveryId: (await newest())?.id ?? '' };
}

const deliver = (deliveryId: string, changes: Partial<Deps> = {}, stopping = never) =>
  createHandlers({ ...bench.deps, ...changes }, never)['deliver-webhook']({ deliveryId }, stopping);

const secondsUntil = (time: string | null | undefined) => (Date.parse(time ?? '') - Date.now()) / 1000;

describe('delivering a webhook', () => {
  it('is verified by the library that receivers use', async () => {
    const { endpoint, event, newest, deliveryId } = await announce();
    await deliver(deliveryId);
    const [message] = received;
    expect(new Webhook(endpoint.secret).verify(message?.body ?? '', message?.headers ?? {})).toEqual({
      type: 'webhook.test',
      timestamp: event?.timestamp,
      data: { id: endpoint.id },
    });
    expect(message?.headers['webhook-id']).toBe(event?.id);
    expect(await newest()).toMatchObject({ state: 'delivered', attempts: [{ status: 204, error: null }] });
  });

  it('is made once, however often its job comes', async () => {
    const { deliveryId } = await announce();
    await Promise.all([deliver(deliveryId), deliver(deliveryId), deliver(deliveryId)]);
    await deliver(deliveryId);
    expect(received).toHaveLength(1);
  });

  it.each([500, 302, 404])('is tried again after %i, with the same id', async (status) => {
    respond = (response) => response.writeHead(status, { location: url }).end();
    const { newest, deliveryId } = await announce();
    await deliver(deliveryId);
    const failed = await newest();
    expect(failed).toMatchObject({
      state: 'pending',
      attempts: [{ status, error: expect.stringContaining('answered') }],
    });
    expect(secondsUntil(failed?.nextAttemptAt)).toBeLessThanOrEqual(6);
    await bench.db.prisma.delivery.update({ where: { id: deliveryId }, data: { nextAttemptAt: new Date(0) } });
    respond = (response) => response.writeHead(200).end();
    await deliver(deliveryId);
    expect(await newest()).toMatchObject({ state: 'delivered', attempts: [{ status }, { status: 200 }] });
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  it('waits as long as the server asks', async () => {
    respond = (response) => response.writeHead(503, { 'retry-after': '600' }).end();
    const { newest, deliveryId } = await announce();
    await deliver(deliveryId);
    expect(secondsUntil((await newest())?.nextAttemptAt)).toBeGreaterThan(500);
  });

  it('stops for good when the endpoint says it is gone', async () => {
    respond = (response) => response.writeHead(410).end();
    const { newest, deliveryId } = await announce();
    await deliver(deliveryId);
    expect(await newest()).toMatchObject({ state: 'exhausted', nextAttemptAt: null });
  });

  it('never reaches a private address, and says so', async () => {
    const { newest, deliveryId } = await announce();
    await deliver(deliveryId, { allowPrivateWebhooks: false });
    expect(received).toEqual([]);
    expect(await newest()).toMatchObject({ state: 'pending', attempts: [{ status: null, error: expect.any(String) }] });
  });

  it('counts no attempt that was cut short by stopping', async () => {
    const stopping = new AbortController();
    respond = () => stopping.abort();
    const { newest, deliveryId } = await announce();
    await deliver(deliveryId, {}, stopping.signal);
    expect(await newest()).toMatchObject({ state: 'pending', attempts: [] });
  });
});

describe('pauses between attempts', () => {
  const now = new Date('2026-01-01T00:00:00Z');

  it('grow from seconds to a day, vary by a fifth, and end', () => {
    const pauses = Array.from({ length: 9 }, (_, before) => pauseSeconds(before, { retryAfter: null, now }) ?? 0);
    const nominal = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
    for (const [index, seconds] of nominal.entries()) {
      expect(Math.abs((pauses[index] ?? 0) - seconds)).toBeLessThanOrEqual(seconds * 0.2);
    }
    expect(pauseSeconds(9, { retryAfter: '1', now })).toBeNull();
  });

  it.each([
    ['3600', 3_600],
    ['Thu, 01 Jan 2026 01:00:00 GMT', 3_600],
    ['999999999', 86_400],
  ])('follow Retry-After: %s', (retryAfter, seconds) => {
    expect(pauseSeconds(0, { retryAfter, now })).toBe(seconds);
  });

  it('take no notice of a Retry-After that makes no sense', () => {
    expect(pauseSeconds(0, { retryAfter: 'soon', now })).toBeLessThanOrEqual(6);
  });
});
