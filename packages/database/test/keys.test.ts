import { createHash } from 'node:crypto';
import { apiKeySchema } from '@lathe/contracts';
import { describe, expect, test } from 'vitest';
import {
  authenticate,
  createApiKey,
  type Database,
  isWellFormedKey,
  listApiKeys,
  newApiKey,
  newId,
  revokeApiKey,
} from '../src/index.ts';
import { createTenant, eachTenant, everything, type Tenant } from './harness.ts';

let db: Database;
let tenant: Tenant;
eachTenant((own) => {
  tenant = own;
  db = own.db;
});

/** A database that fails the test when it is asked anything. */
const untouchable = {
  get prisma(): never {
    throw new Error('the database was asked');
  },
} as unknown as Database;

describe('a mistyped key', () => {
  const key = newApiKey();
  const prefixLength = 'lathe_live_'.length;
  const others = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  const at = (i: number, character: string) => key.slice(0, i) + character + key.slice(i + 1);
  const places = Array.from({ length: key.length - prefixLength }, (_, i) => prefixLength + i);
  const wrong = places
    .flatMap((i) => [...others].map((character) => at(i, character)))
    .filter((typed) => typed !== key);
  const swapped = places
    .slice(1)
    .map((i) => key.slice(0, i - 1) + key.charAt(i) + key.charAt(i - 1) + key.slice(i + 1))
    .filter((typed) => typed !== key);

  test('is noticed: every single wrong character, every two swapped, one too few or too many, the other mode', () => {
    const rest = [key.slice(0, -1), `${key}0`, ` ${key}`, key.replace('live', 'test'), key.toLowerCase(), ''];
    expect([...wrong, ...swapped, ...rest].filter(isWellFormedKey)).toEqual([]);
    expect(wrong).toHaveLength(38 * 61);
    expect(isWellFormedKey(key)).toBe(true);
    expect(isWellFormedKey(newApiKey('test'))).toBe(true);
  });

  test('costs no query', async () => {
    for (const typed of [...swapped, wrong[0] ?? '', '', 'Bearer']) {
      expect(await authenticate(untouchable, typed)).toBeNull();
    }
    await expect(authenticate(untouchable, key)).rejects.toThrow('the database was asked');
  });
});

describe('an API key', () => {
  test('tells who is asking until it is revoked', async () => {
    const { organisationId } = tenant;
    const { key, apiKey } = await createApiKey(db, { organisationId, name: 'laptop' });
    expect(await authenticate(db, key)).toEqual({ organisationId, apiKeyId: apiKey.id });
    expect((await revokeApiKey(db, organisationId, apiKey.id))?.revokedAt).not.toBeNull();
    expect(await authenticate(db, key)).toBeNull();
    expect(await authenticate(db, newApiKey())).toBeNull();
  });

  test('revoked twice keeps the time of the first', async () => {
    const { apiKey } = await createApiKey(db, { organisationId: tenant.organisationId, name: 'laptop' });
    const first = await revokeApiKey(db, tenant.organisationId, apiKey.id);
    expect(await revokeApiKey(db, tenant.organisationId, apiKey.id)).toEqual(first);
    expect(await revokeApiKey(db, tenant.organisationId, newId('apiKey'))).toBeNull();
  });

  test('is stored as its SHA-256 and its last four characters, nothing more', async () => {
    const { key, apiKey } = await createApiKey(db, { organisationId: tenant.organisationId, name: 'laptop' });
    const record = JSON.stringify(await everything(db));
    expect(record).toContain(createHash('sha256').update(key).digest('hex'));
    expect(record).not.toContain(key.slice('lathe_live_'.length, -6));
    expect(apiKey).toEqual(apiKeySchema.parse(apiKey));
    expect(apiKey).toMatchObject({ name: 'laptop', hint: key.slice(-4), lastUsedAt: null, revokedAt: null });
  });

  test('is new each time, so no organisation is given the key of another', async () => {
    const make = async ({ organisationId }: Tenant) => createApiKey(db, { organisationId, name: 'same name' });
    const [mine, theirs] = [await make(tenant), await make(await createTenant(db))];
    expect(mine.key).not.toBe(theirs.key);
    const { data } = await listApiKeys(db, tenant.organisationId, { limit: 10 });
    expect(data.map(({ id }) => id)).toEqual([mine.apiKey.id]);
  });

  test('notes when it was used, at most once a minute', async () => {
    const { organisationId } = tenant;
    const { key, apiKey } = await createApiKey(db, { organisationId, name: 'laptop' });
    const used = async () => {
      await authenticate(db, key);
      return (await db.prisma.apiKey.findUniqueOrThrow({ where: { id: apiKey.id } })).lastUsedAt;
    };
    const first = await used();
    expect(first).not.toBeNull();
    expect(await used()).toEqual(first);
    const longAgo = new Date(Date.now() - 61_000);
    await db.prisma.apiKey.update({ where: { id: apiKey.id }, data: { lastUsedAt: longAgo } });
    expect((await used())?.getTime()).toBeGreaterThan(longAgo.getTime());
  });
});

test('ids sort in the order they were made, also within a millisecond and when the clock steps back', () => {
  const made = Array.from({ length: 2_000 }, (_, i) => newId('master', 1_800_000_000_000 - i));
  expect([...made].sort()).toEqual(made);
  expect(new Set(made).size).toBe(made.length);
  for (const id of made) expect(id).toMatch(/^mst_[0-9a-hjkmnp-tv-z]{26}$/);
});
