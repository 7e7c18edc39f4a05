import { limits } from '@lathe/contracts';
import { describe, expect, test } from 'vitest';
import {
  abortUpload,
  completeUpload,
  type Database,
  deleteMix,
  expireUploads,
  getMaster,
  getMix,
  getMixSource,
  getUpload,
  inTransaction,
  newId,
  storageKeysInUse,
} from '../src/index.ts';
import {
  drainOutbox,
  eachTenant,
  eventsOf,
  finish,
  oneHourMs,
  openUpload,
  probingMix,
  queuedMaster,
  readyMix,
  refusal,
  storageKeyOf,
  type Tenant,
} from './harness.ts';

let db: Database;
let tenant: Tenant;
let organisationId: string;
eachTenant((own) => {
  tenant = own;
  db = own.db;
  organisationId = tenant.organisationId;
});

const complete = (id: string) => inTransaction(db, (tx) => completeUpload(tx, organisationId, id));
const abort = (id: string) => inTransaction(db, (tx) => abortUpload(tx, organisationId, id));
const stateOf = async (id: string) => (await getUpload(db, organisationId, id))?.upload.state;
const sourceKeyOf = async (mixId: string) => (await getMixSource(db, organisationId, mixId))?.storageKey ?? '';
const lifetimeMs = limits.uploadLifetimeSeconds * 1000;
const afterLifetime = () => new Date(Date.now() + lifetimeMs + oneHourMs);

describe('an upload', () => {
  test('completed many times at once makes one mix, one event and one job', async () => {
    await drainOutbox(db);
    const id = await openUpload(tenant);
    const mixes = await Promise.all([complete(id), complete(id), complete(id)]);
    const mix = await complete(id);
    for (const other of mixes) expect(other).toEqual(mix);
    expect(mix).toMatchObject({ uploadId: id, state: 'probing', sizeBytes: 5_000_000_000 });
    expect(await eventsOf(tenant, mix?.id ?? '')).toEqual(['mix.probing']);
    expect(await drainOutbox(db)).toEqual([mix?.id]);
    expect((await getUpload(db, organisationId, id))?.upload).toMatchObject({ state: 'complete', mixId: mix?.id });
  });

  test('that was aborted cannot be completed, nor the other way round', async () => {
    const [aborted, completed] = [await openUpload(tenant), await openUpload(tenant)];
    await abort(aborted);
    expect(await abort(aborted)).toMatchObject({ upload: { state: 'aborted' }, storageKey: storageKeyOf(aborted) });
    await expect(complete(aborted)).rejects.toEqual(refusal('wrong_state'));
    await complete(completed);
    await expect(abort(completed)).rejects.toEqual(refusal('wrong_state'));
    expect([await stateOf(aborted), await stateOf(completed)]).toEqual(['aborted', 'complete']);
  });

  test('ends when its time is over, and is named once for removal; what is complete stays', async () => {
    const [open, completed] = [await openUpload(tenant), await openUpload(tenant)];
    await complete(completed);
    const mine = async (now: Date) => (await expireUploads(db, now)).filter(({ id }) => [open, completed].includes(id));
    expect(await mine(new Date(Date.now() + lifetimeMs - oneHourMs))).toEqual([]);
    expect(await mine(afterLifetime())).toEqual([{ id: open, storageKey: storageKeyOf(open), multipartId: 'm' }]);
    expect(await mine(afterLifetime())).toEqual([]);
    expect([await stateOf(open), await stateOf(completed)]).toEqual(['expired', 'complete']);
    await expect(complete(open)).rejects.toEqual(refusal('wrong_state'));
  });

  test('is either completed or expired, never both, when both come at once', async () => {
    for (let i = 0; i < 5; i++) {
      const id = await openUpload(tenant);
      const [completion, expired] = await Promise.allSettled([complete(id), expireUploads(db, afterLifetime())]);
      const wasExpired = expired.status === 'fulfilled' && expired.value.some((upload) => upload.id === id);
      expect(completion.status).toBe(wasExpired ? 'rejected' : 'fulfilled');
      expect(await stateOf(id)).toBe(wasExpired ? 'expired' : 'complete');
    }
  });
});

describe('a mix that is deleted', () => {
  const remove = (id: string) => inTransaction(db, (tx) => deleteMix(tx, organisationId, id));

  test('is gone with its upload and its masters; their files are named, what was under way is cancelled', async () => {
    const mixId = await readyMix(tenant);
    const [ready, queued] = [await queuedMaster(tenant, mixId), await queuedMaster(tenant, mixId)];
    const storageKeys = [await sourceKeyOf(mixId), await finish(db, ready)];
    const uploadId = (await getMix(db, organisationId, mixId))?.uploadId ?? '';
    expect(await remove(mixId)).toEqual({ storageKeys });
    expect(await getMix(db, organisationId, mixId)).toBeNull();
    expect(await getUpload(db, organisationId, uploadId)).toBeNull();
    for (const id of [ready, queued]) expect(await getMaster(db, organisationId, id)).toBeNull();
    expect(await eventsOf(tenant, queued)).toEqual(['master.queued', 'master.cancelled']);
    expect(await eventsOf(tenant, ready)).toEqual(['master.queued', 'master.ready']);
    expect(await remove(mixId)).toBeNull();
  });

  test('names also the files of a master that is finished at the same moment', async () => {
    const mixId = await readyMix(tenant);
    const masterId = await queuedMaster(tenant, mixId);
    const storageKey = `masters/${masterId}/1/song.wav`;
    let removing: ReturnType<typeof remove> | undefined;
    await inTransaction(db, async (tx) => {
      await tx.master.update({ where: { id: masterId }, data: { state: 'ready' } });
      removing = remove(mixId);
      await expect.poll(waitsForALock, { timeout: 10_000 }).toBe(true);
      const of = { masterId, position: 0, format: 'wav24', storageKey };
      await tx.rendition.create({ data: { id: newId('rendition'), ...of, report: {} } });
    });
    expect((await removing)?.storageKeys).toContain(storageKey);
  });

  async function waitsForALock(): Promise<boolean> {
    const [row] = await db.prisma.$queryRaw<{ waiting: boolean }[]>`
      SELECT count(*) > 0 AS waiting FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return row?.waiting ?? false;
  }
});

test('storage keys in use: of uploads that are open or a mix, of renditions, of masters under way; no others', async () => {
  const mixId = await readyMix(tenant);
  const [ready, queued, aborted] = [
    await queuedMaster(tenant, mixId),
    await queuedMaster(tenant, mixId),
    await openUpload(tenant),
  ];
  await abort(aborted);
  const rendition = await finish(db, ready);
  const inUse = [
    storageKeyOf(await openUpload(tenant)),
    await sourceKeyOf(await probingMix(tenant)),
    await sourceKeyOf(mixId),
    rendition,
    `masters/${queued}/1/unfinished.wav`,
  ];
  const unused = [
    storageKeyOf(aborted),
    `masters/${ready}/0/of-a-lost-run.wav`,
    `masters/${newId('master')}/1/a.wav`,
    'uploads/none/source',
    'elsewhere',
  ];
  expect(await storageKeysInUse(db, [...unused, ...inUse], new Date())).toEqual(new Set(inUse));
  expect(await storageKeysInUse(db, [], new Date())).toEqual(new Set());
});
