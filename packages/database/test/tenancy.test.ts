import { createProfileSchema } from '@lathe/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as database from '../src/index.ts';
import {
  type Bench,
  createBench,
  createTenant,
  everything,
  finish,
  listener,
  openUpload,
  order,
  probingMix,
  queuedMaster,
  readyMix,
  refusal,
  type Tenant,
} from './harness.ts';

const { createApiKey, inTransaction, listEvents, sendTestEvent } = database;

let bench: Bench;
let owned: Awaited<ReturnType<typeof ownOneOfEach>>;
let stranger: Tenant;
beforeAll(async () => {
  bench = await createBench();
  owned = await ownOneOfEach(await createTenant(bench.db));
  stranger = await createTenant(bench.db);
});
afterAll(() => bench.close());

/** One thing of every kind. */
async function ownOneOfEach(tenant: Tenant) {
  const { db, organisationId } = tenant;
  const mixId = await readyMix(tenant);
  const readyMaster = await queuedMaster(tenant, mixId);
  await finish(db, readyMaster);
  const rendition = await db.prisma.rendition.findFirstOrThrow({ where: { masterId: readyMaster } });
  const { id: endpointId } = await listener(tenant);
  await inTransaction(db, (tx) => sendTestEvent(tx, organisationId, endpointId));
  const { apiKey } = await createApiKey(db, { organisationId, name: 'theirs' });
  const rules = createProfileSchema.parse({ name: 'Acme', targetLufs: -12 });
  const profile = await inTransaction(db, (tx) => database.insertProfile(tx, { organisationId, rules }));
  const { data: events } = await listEvents(db, organisationId, { limit: 1 });
  return {
    openUpload: await openUpload(tenant),
    completeUpload: (await database.getMix(db, organisationId, await probingMix(tenant)))?.uploadId ?? '',
    mix: mixId,
    queuedMaster: await queuedMaster(tenant, mixId),
    readyMaster,
    rendition: rendition.id,
    endpoint: endpointId,
    apiKey: apiKey.id,
    profile: profile.id,
    event: events[0]?.id ?? '',
  };
}

type Own = typeof owned;
type Ask = (tx: database.Tx, organisationId: string, own: Own) => Promise<unknown>;
const empty = { data: [], nextCursor: null };
const page = { limit: 10 };

/** Every function that takes an organisation's id: what it answers about things of another. */
const asked: Record<string, { ask: Ask; answer: unknown }> = {
  getUpload: { ask: (tx, org, own) => database.getUpload(tx, org, own.openUpload), answer: null },
  completeUpload: { ask: (tx, org, own) => database.completeUpload(tx, org, own.openUpload), answer: null },
  abortUpload: { ask: (tx, org, own) => database.abortUpload(tx, org, own.openUpload), answer: null },
  getMix: { ask: (tx, org, own) => database.getMix(tx, org, own.mix), answer: null },
  getMixPeaks: { ask: (_tx, org, own) => database.getMixPeaks(bench.db, org, own.mix), answer: null },
  getMixSource: { ask: (_tx, org, own) => database.getMixSource(bench.db, org, own.mix), answer: null },
  deleteMix: { ask: (tx, org, own) => database.deleteMix(tx, org, own.mix), answer: null },
  listMixes: { ask: (_tx, org) => database.listMixes(bench.db, org, page), answer: empty },
  getMaster: { ask: (tx, org, own) => database.getMaster(tx, org, own.readyMaster), answer: null },
  getMasterReport: { ask: (_tx, org, own) => database.getMasterReport(bench.db, org, own.readyMaster), answer: null },
  getPreview: { ask: (_tx, org, own) => database.getPreview(bench.db, org, own.queuedMaster), answer: null },
  cancelMaster: { ask: (tx, org, own) => database.cancelMaster(tx, org, own.queuedMaster), answer: null },
  listMasters: { ask: (_tx, org) => database.listMasters(bench.db, org, page), answer: empty },
  listEvents: { ask: (tx, org, own) => listEvents(tx, org, { ...page, after: own.event }), answer: empty },
  getWebhookEndpoint: { ask: (tx, org, own) => database.getWebhookEndpoint(tx, org, own.endpoint), answer: null },
  listWebhookEndpoints: { ask: (_tx, org) => database.listWebhookEndpoints(bench.db, org, page), answer: empty },
  updateWebhookEndpoint: {
    ask: (tx, org, own) => database.updateWebhookEndpoint(tx, org, own.endpoint, { enabled: false }),
    answer: null,
  },
  deleteWebhookEndpoint: {
    ask: (tx, org, own) => database.deleteWebhookEndpoint(tx, org, own.endpoint),
    answer: false,
  },
  sendTestEvent: { ask: (tx, org, own) => sendTestEvent(tx, org, own.endpoint), answer: null },
  listDeliveries: { ask: (_tx, org, own) => database.listDeliveries(bench.db, org, own.endpoint, page), answer: null },
  getProfile: { ask: (tx, org, own) => database.getProfile(tx, org, own.profile), answer: null },
  listProfiles: { ask: (_tx, org) => database.listProfiles(bench.db, org, page), answer: empty },
  updateProfile: {
    ask: (tx, org, own) => database.updateProfile(tx, org, own.profile, { name: 'Mine' }),
    answer: null,
  },
  deleteProfile: { ask: (tx, org, own) => database.deleteProfile(tx, org, own.profile), answer: false },
  listApiKeys: { ask: (_tx, org) => database.listApiKeys(bench.db, org, page), answer: empty },
  revokeApiKey: { ask: (tx, org, own) => database.revokeApiKey(tx, org, own.apiKey), answer: null },
};

test('the table names every exported function that takes an organisationId', () => {
  const takes = (value: unknown) => /^(async )?function \w+\([^)]*\borganisationId\b/.test(String(value));
  const names = Object.entries(database).filter(([, value]) => takes(value));
  expect(Object.keys(asked).sort()).toEqual(names.map(([name]) => name).sort());
});

test.each(Object.entries(asked))(
  '%s: another organisation sees nothing and changes nothing',
  async (_name, { ask, answer }) => {
    const before = await everything(bench.db);
    const { organisationId } = stranger;
    expect(await inTransaction(bench.db, (tx) => ask(tx, organisationId, owned))).toEqual(answer);
    expect(await everything(bench.db)).toEqual(before);
  },
);

test('listEvents from the beginning holds nothing of another organisation', async () => {
  expect(await listEvents(bench.db, stranger.organisationId, { limit: 10 })).toEqual(empty);
});

test('an upload that is complete is not there either', async () => {
  const { organisationId } = stranger;
  const { completeUpload: id } = owned;
  expect(await inTransaction(bench.db, (tx) => database.completeUpload(tx, organisationId, id))).toBeNull();
  expect(await inTransaction(bench.db, (tx) => database.abortUpload(tx, organisationId, id))).toBeNull();
});

test('getRendition: not of another organisation, nor under another master', async () => {
  const { rendition: renditionId, readyMaster: masterId, queuedMaster: otherMaster } = owned;
  const { organisationId } = stranger;
  expect(await database.getRendition(bench.db, { organisationId, masterId, renditionId })).toBeNull();
  const { organisationId: owner } = await bench.db.prisma.master.findUniqueOrThrow({ where: { id: masterId } });
  const address = { organisationId: owner, masterId, renditionId };
  expect(await database.getRendition(bench.db, { ...address, masterId: otherMaster })).toBeNull();
  expect(await database.getRendition(bench.db, address)).toMatchObject({ rendition: { id: renditionId } });
});

test('insertMaster: a mix of another organisation cannot be ordered', async () => {
  const before = await everything(bench.db);
  const request = { ...stranger, mixId: owned.mix, order };
  const ordering = inTransaction(bench.db, (tx) => database.insertMaster(tx, request));
  await expect(ordering).rejects.toEqual(refusal('not_found'));
  expect(await everything(bench.db)).toEqual(before);
});

test('insertMaster: a profile of another organisation cannot be ordered by', async () => {
  const mixId = await readyMix(stranger);
  const before = await everything(bench.db);
  const request = { ...stranger, mixId, order: { ...order, targets: [{ profile: owned.profile }] } };
  const ordering = inTransaction(bench.db, (tx) => database.insertMaster(tx, request));
  await expect(ordering).rejects.toEqual(refusal('not_found'));
  expect(await everything(bench.db)).toEqual(before);
});
