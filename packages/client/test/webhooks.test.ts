import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { verifyWebhook, WebhookVerificationError } from '../src/index.ts';

const newSecret = () => `whsec_${randomBytes(24).toString('base64')}`;
const secret = newSecret();
const id = 'evt_01jd7x5c2v8m3k9p4q6r7s8t9w';
const payload = { type: 'master.ready', timestamp: new Date().toISOString(), data: { id: 'mst_ö', state: 'ready' } };
const body = JSON.stringify(payload);

/** Headers as another implementation of Standard Webhooks makes them. */
function headersOf(signedWith: string, at = new Date()) {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(signedWith).sign(id, at, body),
  };
}

test.each([
  ['text', body],
  ['bytes', new TextEncoder().encode(body)],
])('what another implementation signed is accepted as %s', async (_form, received) => {
  expect(await verifyWebhook(secret, headersOf(secret), received)).toEqual({ id, ...payload });
  expect(await verifyWebhook(secret, new Headers(headersOf(secret)), received)).toEqual({ id, ...payload });
});

test('while a secret is rotated, either signature will do', async () => {
  const both = [headersOf(newSecret()), headersOf(secret)].map((headers) => headers['webhook-signature']).join(' ');
  const event = await verifyWebhook(secret, { ...headersOf(secret), 'webhook-signature': both }, body);
  expect(event.id).toBe(id);
});

const hour = 3_600_000;
test.each([
  ['another secret', headersOf(newSecret()), body],
  ['another body', headersOf(secret), body.replace('ready', 'Ready')],
  ['another id', { ...headersOf(secret), 'webhook-id': 'evt_other' }, body],
  ['another time', { ...headersOf(secret), 'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 1) }, body],
  ['a time long ago', headersOf(secret, new Date(Date.now() - hour)), body],
  ['a time to come', headersOf(secret, new Date(Date.now() + hour)), body],
  ['no signature', { ...headersOf(secret), 'webhook-signature': '' }, body],
  ['a signature of an unknown version', { ...headersOf(secret), 'webhook-signature': 'v2,AAAA' }, body],
  ['a signature that is no base64', { ...headersOf(secret), 'webhook-signature': 'v1,*' }, body],
])('%s is refused', async (_what, headers, received) => {
  await expect(verifyWebhook(secret, headers, received)).rejects.toBeInstanceOf(WebhookVerificationError);
});

test('how old a webhook may be is for the receiver to say', async () => {
  const at = new Date(Date.now() - hour);
  expect((await verifyWebhook(secret, headersOf(secret, at), body, { now: at })).id).toBe(id);
  expect((await verifyWebhook(secret, headersOf(secret, at), body, { toleranceSeconds: 7200 })).id).toBe(id);
});
