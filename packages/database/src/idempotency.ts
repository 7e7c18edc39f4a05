import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { limits } from '@lathe/contracts';
import { type Database, inTransaction, type Tx } from './connect.ts';
import { Refusal } from './refusal.ts';

export type Answer = { status: number; body: unknown; headers?: Record<string, string> };
export type IdempotentAnswer = { status: number; body: unknown; headers: Record<string, string>; replayed: boolean };

/** `key` is the caller's Idempotency-Key, `requestHash` stands for method, path and body. */
export type IdempotentRequest = { organisationId: string; key: string; requestHash: string };

/**
 * Runs `effect` once per key: its rows, the key and its answer commit together. A repeat gets the stored answer, for
 * thirty days. An effect that throws leaves no trace, so the caller may try again with the same key.
 *
 * @throws {@link Refusal} `idempotency_key_in_flight` while the first request is still running,
 *   `idempotency_key_reused` when the key came with another request before.
 */
export function withIdempotency(
  db: Database,
  request: IdempotentRequest,
  effect: (tx: Tx) => Promise<Answer>,
): Promise<IdempotentAnswer> {
  return inTransaction(db, async (tx) => {
    await takeTurn(tx, request);
    const stored = await findAnswer(tx, request);
    if (stored) return { ...stored, replayed: true };
    const answer = await effect(tx);
    const complete = { status: answer.status, body: answer.body, headers: answer.headers ?? {} };
    await storeAnswer(tx, request, complete);
    return { ...complete, replayed: false };
  });
}

async function takeTurn(tx: Tx, request: IdempotentRequest): Promise<void> {
  const name = `idempotency ${request.organisationId} ${keyHashOf(request)}`;
  const [row] = await tx.$queryRaw<{ free: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${name}, 0)) AS free`;
  if (!row?.free) {
    throw new Refusal('idempotency_key_in_flight', 'The first request with this Idempotency-Key has not ended yet.');
  }
}

type StoredAnswer = Omit<IdempotentAnswer, 'replayed'>;

async function findAnswer(tx: Tx, request: IdempotentRequest): Promise<StoredAnswer | null> {
  const row = await tx.idempotencyKey.findUnique({ where: { organisationId_keyHash: idOf(request) } });
  if (!row || row.expiresAt <= new Date()) return null;
  if (row.requestHash !== request.requestHash) {
    throw new Refusal('idempotency_key_reused', 'Use a new Idempotency-Key for a new request.');
  }
  return { status: row.status, ...unseal(request, row.sealedAnswer) };
}

async function storeAnswer(tx: Tx, request: IdempotentRequest, answer: StoredAnswer): Promise<void> {
  const createdAt = new Date();
  const data = {
    requestHash: request.requestHash,
    status: answer.status,
    sealedAnswer: seal(request, { body: answer.body, headers: answer.headers }),
    createdAt,
    expiresAt: new Date(createdAt.getTime() + limits.idempotencyKeyDays * 86_400_000),
  };
  const id = idOf(request);
  await tx.idempotencyKey.upsert({ where: { organisationId_keyHash: id }, create: { ...id, ...data }, update: data });
}

const sha256 = (text: string) => createHash('sha256').update(text);
const keyHashOf = (request: IdempotentRequest) => sha256(request.key).digest('hex');
const idOf = (request: IdempotentRequest) => ({
  organisationId: request.organisationId,
  keyHash: keyHashOf(request),
});

// The answer may hold a new API key or webhook secret, which is shown once and stored nowhere. It is encrypted with the
// caller's Idempotency-Key, of which only the hash is stored: AES-256-GCM as nonce (12 bytes), tag (16), ciphertext.
const sealingKey = (request: IdempotentRequest) =>
  sha256(`sealed answer\n${request.organisationId}\n${request.key}`).digest();

function seal(request: IdempotentRequest, content: Omit<StoredAnswer, 'status'>): Uint8Array<ArrayBuffer> {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(request), nonce);
  const ciphertext = Buffer.concat([cipher.update(JSON.stringify(content), 'utf8'), cipher.final()]);
  return new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]));
}

function unseal(request: IdempotentRequest, sealed: Uint8Array): Omit<StoredAnswer, 'status'> {
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(request), sealed.subarray(0, 12));
  decipher.setAuthTag(sealed.subarray(12, 28));
  return JSON.parse(Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8'));
}
