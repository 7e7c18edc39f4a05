import { createHmac } from 'node:crypto';
import type { DeliveryAttempt, Event } from '@lathe/contracts';
import { type AttemptResult, type DueDelivery, loadDelivery, recordAttempt } from '@lathe/database';
import type { Deps } from './deps.ts';
import { post, sentenceOf } from './guarded-post.ts';

/** Pauses after each failed attempt: 5 s, 5 and 30 min, 2, 5, 10, 14, 20 and 24 h. */
const pausesSeconds = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
const longestPauseSeconds = 86_400;
/** Not all who failed together come back together. */
const jitter = 0.2;
const timeoutMs = 15_000;

/** Makes one attempt at a delivery that is due, and records what came of it and when the next one follows. */
export async function deliverWebhook(deps: Deps, deliveryId: string, stopping: AbortSignal): Promise<void> {
  const delivery = await loadDelivery(deps.db, deliveryId);
  if (!delivery) return;
  const { attempt, retryAfter } = await attemptDelivery(deps, delivery, stopping);
  // Cut short, it says nothing about the endpoint: it is repeated when its lease has run out.
  if (stopping.aborted) return;
  const result = resultOf(attempt, delivery.attempts.length, retryAfter);
  deps.metrics.webhookAttempts.inc({ outcome: result.kind });
  await recordAttempt(deps.db, { ...delivery, attempt, result });
}

type Attempted = { attempt: DeliveryAttempt; retryAfter: string | null };

async function attemptDelivery(
  { allowPrivateWebhooks }: Deps,
  { endpoint, event }: DueDelivery,
  stopping: AbortSignal,
): Promise<Attempted> {
  const at = new Date();
  const startedAtMs = performance.now();
  const conclude = (status: number | null, error: string | null, retryAfter: string | null): Attempted => {
    const durationMs = Math.round(performance.now() - startedAtMs);
    return { attempt: { at: at.toISOString(), status, error, durationMs }, retryAfter };
  };
  const body = bodyOf(event);
  const headers = signedHeaders({ id: event.id, at, body, secret: endpoint.secret });
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]);
  try {
    const answer = await post({ url: endpoint.url, headers, body }, { allowPrivate: allowPrivateWebhooks, signal });
    return conclude(answer.status, objectionTo(answer.status), answer.retryAfter);
  } catch (error) {
    return conclude(
      null,
      signal.aborted ? `There was no answer within ${timeoutMs / 1000} s.` : sentenceOf(error),
      null,
    );
  }
}

const bodyOf = ({ type, timestamp, data }: Event): string => JSON.stringify({ type, timestamp, data });

const isSuccess = (status: number | null): boolean => status !== null && status >= 200 && status < 300;

function objectionTo(status: number): string | null {
  if (isSuccess(status)) return null;
  if (status >= 300 && status < 400) return `The server answered ${status}: redirects are not followed.`;
  return `The server answered ${status}; only 2xx counts as received.`;
}

/** Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body` with the bytes that stand in base 64 after `whsec_`. */
function signedHeaders(message: { id: string; at: Date; body: string; secret: string }): Record<string, string> {
  const timestamp = String(Math.floor(message.at.getTime() / 1000));
  const key = Buffer.from(message.secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${message.id}.${timestamp}.${message.body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'user-agent': 'Lathe-Webhooks/1',
    'webhook-id': message.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}

function resultOf(attempt: DeliveryAttempt, attemptsBefore: number, retryAfter: string | null): AttemptResult {
  if (isSuccess(attempt.status)) return { kind: 'delivered' };
  if (attempt.status === 410) return { kind: 'gone' };
  const now = new Date();
  const pause = pauseSeconds(attemptsBefore, { retryAfter, now });
  if (pause === null) return { kind: 'exhausted' };
  return { kind: 'retry', at: new Date(now.getTime() + pause * 1000) };
}

/**
 * How long to wait after a failed attempt with so many before it, ±20 %, or as long as the server asks in `Retry-After`
 * (seconds or a date) if that is longer, at most a day. Null when no attempt is left.
 */
export function pauseSeconds(
  attemptsBefore: number,
  { retryAfter, now }: { retryAfter: string | null; now: Date },
): number | null {
  const pause = pausesSeconds[attemptsBefore];
  if (pause === undefined) return null;
  const asked = retryAfter === null ? 0 : secondsOf(retryAfter, now);
  return Math.max(pause * (1 + jitter * (2 * Math.random() - 1)), Math.min(asked, longestPauseSeconds));
}

function secondsOf(retryAfter: string, now: Date): number {
  const text = retryAfter.trim();
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - now.getTime()) / 1000;
  return Number.isNaN(seconds) ? 0 : seconds;
}
