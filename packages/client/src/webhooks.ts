import type { Event, WebhookPayload } from '@lathe/contracts';

export class WebhookVerificationError extends Error {
  override readonly name = 'WebhookVerificationError';
}

export type WebhookHeaders = Headers | Record<string, string | string[] | undefined>;
export type VerifyOptions = {
  /** How far the sender's clock may be off; default 300 s. */
  toleranceSeconds?: number;
  /** The time to compare with; default now. */
  now?: Date;
};

/**
 * Checks that a webhook was sent by the holder of the secret, and lately (Standard Webhooks 1.0, signature `v1`).
 * Give the body exactly as it arrived, before any JSON parsing. Resolves to the event; rejects with
 * {@link WebhookVerificationError}. Retries carry the same `id`: use it to act once.
 */
export async function verifyWebhook(
  secret: string,
  headers: WebhookHeaders,
  body: string | Uint8Array,
  options: VerifyOptions = {},
): Promise<Event> {
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  checkAge(timestamp, options);
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const signatures = headerOf(headers, 'webhook-signature').split(' ');
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${text}`);
  if (!(await anyMatches(await importSecret(secret), signatures, signed))) {
    throw new WebhookVerificationError('No signature of this webhook fits the secret.');
  }
  return { id, ...(JSON.parse(text) as WebhookPayload) };
}

function headerOf(headers: WebhookHeaders, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  const first = Array.isArray(value) ? value[0] : value;
  if (!first) throw new WebhookVerificationError(`The header ${name} is missing.`);
  return first;
}

function checkAge(timestamp: string, { toleranceSeconds = 300, now = new Date() }: VerifyOptions): void {
  const ageSeconds = now.getTime() / 1000 - Number(timestamp);
  if (!/^\d+$/.test(timestamp) || Math.abs(ageSeconds) > toleranceSeconds) {
    throw new WebhookVerificationError('The time of this webhook is too far from now.');
  }
}

type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

function importSecret(secret: string): Promise<Key> {
  const raw = bytesOf(secret.replace(/^whsec_/, ''));
  if (!raw || raw.length === 0) throw new WebhookVerificationError('The secret is not of the form whsec_….');
  return crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

/** `subtle.verify` compares in constant time. While a secret is being rotated there are two signatures. */
async function anyMatches(key: Key, signatures: string[], signed: Uint8Array<ArrayBuffer>): Promise<boolean> {
  for (const signature of signatures) {
    const raw = signature.startsWith('v1,') ? bytesOf(signature.slice(3)) : null;
    if (raw && (await crypto.subtle.verify('HMAC', key, raw, signed))) return true;
  }
  return false;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
