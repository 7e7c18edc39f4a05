import type { ApiKey, Page, PageQuery } from '@lathe/contracts';
import { clientOf, type Database, type Session } from './connect.ts';
import type { ApiKey as ApiKeyRow } from './generated/client.ts';
import { newId } from './ids.ts';
import { timeOrNull } from './json.ts';
import { hashOfKey, isWellFormedKey, newApiKey } from './key-format.ts';
import { readPage } from './paging.ts';

const lastUsedPrecisionMs = 60_000;

/** Who is asking. */
export type Caller = { organisationId: string; apiKeyId: string };

/** Makes a key. The key itself is in the result and nowhere else. */
export async function createApiKey(
  session: Session,
  request: { organisationId: string; name: string },
): Promise<{ apiKey: ApiKey; key: string }> {
  const key = newApiKey();
  const row = await clientOf(session).apiKey.create({
    data: {
      id: newId('apiKey'),
      organisationId: request.organisationId,
      name: request.name,
      hint: key.slice(-4),
      hash: hashOfKey(key),
    },
  });
  return { apiKey: shapeApiKey(row), key };
}

/** Null for a key that is unknown or revoked; a mistyped one costs no query. */
export async function authenticate(db: Database, key: string): Promise<Caller | null> {
  if (!isWellFormedKey(key)) return null;
  const row = await db.prisma.apiKey.findUnique({ where: { hash: hashOfKey(key) } });
  if (!row || row.revokedAt) return null;
  await noteUse(db, row);
  return { organisationId: row.organisationId, apiKeyId: row.id };
}

/** Once a minute is precise enough, and saves a write per request. */
async function noteUse(db: Database, row: ApiKeyRow): Promise<void> {
  const now = new Date();
  if (row.lastUsedAt && now.getTime() - row.lastUsedAt.getTime() < lastUsedPrecisionMs) return;
  await db.prisma.apiKey.updateMany({
    where: { id: row.id, lastUsedAt: row.lastUsedAt },
    data: { lastUsedAt: now },
  });
}

export function listApiKeys(db: Database, organisationId: string, query: PageQuery): Promise<Page<ApiKey>> {
  return readPage(
    { list: 'api-keys', organisationId },
    query,
    ({ where, ...slice }) => db.prisma.apiKey.findMany({ where: { ...where, organisationId }, ...slice }),
    shapeApiKey,
  );
}

/** The key as it is after; null if there is no such key. Repeating is harmless. */
export async function revokeApiKey(session: Session, organisationId: string, id: string): Promise<ApiKey | null> {
  const client = clientOf(session);
  await client.apiKey.updateMany({ where: { id, organisationId, revokedAt: null }, data: { revokedAt: new Date() } });
  const row = await client.apiKey.findFirst({ where: { id, organisationId } });
  return row && shapeApiKey(row);
}

function shapeApiKey(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    hint: row.hint,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: timeOrNull(row.lastUsedAt),
    revokedAt: timeOrNull(row.revokedAt),
  };
}
