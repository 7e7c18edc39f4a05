import type { EventType, Page, PageQuery } from '@lathe/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  createApiKey,
  type Database,
  insertEvent,
  inTransaction,
  listApiKeys,
  listDeliveries,
  listEvents,
  listMasters,
  listMixes,
  listWebhookEndpoints,
  newId,
} from '../src/index.ts';
import { type Bench, createBench, createTenant, listener, order, readyMix, refusal, type Tenant } from './harness.ts';

const count = 57;

let bench: Bench;
let db: Database;
beforeAll(async () => {
  bench = await createBench();
  db = bench.db;
});
afterAll(() => bench.close());

type Item = { id: string };
type List = {
  /** What the rows belong to besides the organisation. */
  parent(tenant: Tenant): Promise<string>;
  /** Writes rows; returns their ids in the order they were made. */
  insert(tenant: Tenant, parentId: string, count: number): Promise<string[]>;
  read(tenant: Tenant, parentId: string, query: PageQuery): Promise<Page<Item> | null>;
};
const none = async () => '';
const ids = (kind: Parameters<typeof newId>[0], n: number) => Array.from({ length: n }, () => newId(kind));

const lists: Record<string, List> = {
  mixes: {
    parent: none,
    insert: async ({ organisationId }, _parent, n) => {
      const rows = ids('mix', n).map((id) => ({ id, organisationId, uploadId: newId('upload') }));
      const file = { filename: 'a.wav', sizeBytes: 8, contentType: 'audio/wav', partSizeBytes: 8, partCount: 1 };
      const uploads = rows.map(({ uploadId: id }) => ({ id, organisationId, storageKey: id, ...file }));
      await db.prisma.upload.createMany({
        data: uploads.map((upload) => ({ ...upload, multipartId: 'm', expiresAt: new Date() })),
      });
      await db.prisma.mix.createMany({ data: rows });
      return rows.map(({ id }) => id);
    },
    read: ({ organisationId }, _parent, query) => listMixes(db, organisationId, query),
  },
  masters: {
    parent: readyMix,
    insert: async ({ organisationId }, mixId, n) => {
      const rows = ids('master', n).map((id) => ({ id, organisationId, mixId, order }));
      await db.prisma.master.createMany({ data: rows });
      return rows.map(({ id }) => id);
    },
    read: ({ organisationId }, _parent, query) => listMasters(db, organisationId, query),
  },
  'API keys': {
    parent: none,
    insert: async ({ organisationId }, _parent, n) => {
      const made: string[] = [];
      for (let i = 0; i < n; i++) made.push((await createApiKey(db, { organisationId, name: 'key' })).apiKey.id);
      return made;
    },
    read: ({ organisationId }, _parent, query) => listApiKeys(db, organisationId, query),
  },
  'webhook endpoints': {
    parent: none,
    insert: async ({ organisationId }, _parent, n) => {
      const rows = ids('webhookEndpoint', n).map((id) => ({
        id,
        organisationId,
        url: 'https://a.example',
        secret: 's',
      }));
      await db.prisma.webhookEndpoint.createMany({ data: rows });
      return rows.map(({ id }) => id);
    },
    read: ({ organisationId }, _parent, query) => listWebhookEndpoints(db, organisationId, query),
  },
  deliveries: {
    parent: async (tenant) => (await listener(tenant)).id,
    insert: async ({ organisationId }, endpointId, n) => {
      const rows = ids('delivery', n).map((id) => ({ id, organisationId, endpointId, eventId: newId('event') }));
      const type: EventType = 'webhook.test';
      const events = rows.map(({ eventId: id }) => ({ id, organisationId, type, data: { id } }));
      await db.prisma.event.createMany({ data: events });
      await db.prisma.delivery.createMany({ data: rows });
      return rows.map(({ id }) => id);
    },
    read: ({ organisationId }, endpointId, query) => listDeliveries(db, organisationId, endpointId, query),
  },
};

/** Reads a list to its end; `between` runs after every page. */
async function readAll(read: (query: PageQuery) => Promise<Page<Item> | null>, limit: number, between = none) {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await read({ limit, cursor });
    if (!page) throw new Error('there is no such list');
    expect(page.data.length).toBeLessThanOrEqual(limit);
    seen.push(...page.data.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
    await between();
  } while (cursor !== undefined);
  return seen;
}

describe.each(Object.entries(lists))('the list of %s', (name, { parent, insert, read }) => {
  let tenant: Tenant;
  let parentId: string;
  let newestFirst: string[];
  beforeEach(async () => {
    tenant = await createTenant(db);
    parentId = await parent(tenant);
    newestFirst = (await insert(tenant, parentId, count)).reverse();
  });

  test.each([1, 10, 50, count])('gives each row once, newest first, %i at a time', async (limit) => {
    expect(await readAll((query) => read(tenant, parentId, query), limit)).toEqual(newestFirst);
  });

  test('stays the same for a reader while rows are added', async () => {
    const adding = async () => {
      await insert(tenant, parentId, 3);
      return '';
    };
    expect(await readAll((query) => read(tenant, parentId, query), 10, adding)).toEqual(newestFirst);
  });

  test('refuses the cursor of another list, of another organisation, and one it never gave', async () => {
    const stranger = await createTenant(db);
    const strangersParent = await parent(stranger);
    await insert(stranger, strangersParent, 2);
    const theirs = (await read(stranger, strangersParent, { limit: 1 }))?.nextCursor;
    const [otherName, other] = name === 'mixes' ? ['masters', lists.masters] : ['mixes', lists.mixes];
    if (!other) throw new Error(`there is no list of ${otherName}`);
    const otherParent = await other.parent(tenant);
    await other.insert(tenant, otherParent, 2);
    const ofOther = (await other.read(tenant, otherParent, { limit: 1 }))?.nextCursor;
    const mine = (await read(tenant, parentId, { limit: 1 }))?.nextCursor ?? '';
    for (const cursor of [theirs, ofOther, `x${mine}`, 'nonsense', '', newestFirst[3]]) {
      if (cursor === undefined || cursor === null) throw new Error('a list of two gave no cursor');
      await expect(read(tenant, parentId, { limit: 1, cursor })).rejects.toEqual(refusal('invalid_cursor'));
    }
  });
});

describe('the list of events', () => {
  test.each([1, 10, 50])(
    'gives each once, oldest first, %i at a time, those told meanwhile at its end',
    async (limit) => {
      const tenant = await createTenant(db);
      const { organisationId } = tenant;
      const tell = (id: string) =>
        inTransaction(db, (tx) => insertEvent(tx, { organisationId, type: 'webhook.test', data: { id } }));
      const told = Array.from({ length: count }, (_, i) => `${i}`);
      for (const id of told) await tell(id);
      const seen: string[] = [];
      let after: string | undefined;
      for (;;) {
        const { data, nextCursor } = await listEvents(db, organisationId, { after, limit });
        seen.push(...data.map((event) => event.data.id));
        if (after === undefined) await tell('meanwhile');
        if (nextCursor === null) break;
        after = nextCursor;
      }
      expect(seen).toEqual([...told, 'meanwhile']);
    },
  );

  test('misses nothing when many write at once and a reader goes on from the last it saw', async () => {
    const { organisationId } = await createTenant(db);
    const seen: string[] = [];
    let writing = true;
    const reading = (async () => {
      for (let last = false, after: string | undefined; !last; ) {
        last = !writing;
        const { data } = await listEvents(db, organisationId, { after, limit: 100 });
        seen.push(...data.map(({ id }) => id));
        after = data.at(-1)?.id ?? after;
      }
    })();
    const tell = () =>
      inTransaction(db, (tx) => insertEvent(tx, { organisationId, type: 'webhook.test', data: { id: '' } }));
    const told = await Promise.all(Array.from({ length: 30 }, tell));
    writing = false;
    await reading;
    expect([...seen].sort()).toEqual(told.map(({ id }) => id).sort());
  });
});
