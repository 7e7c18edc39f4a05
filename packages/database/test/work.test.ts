import { describe, expect, test } from 'vitest';
import {
  advanceMaster,
  cancelMaster,
  claim,
  commitMasterFailed,
  commitMasterReady,
  commitMixFailed,
  commitMixReady,
  type Database,
  deleteMix,
  getMaster,
  getMix,
  heartbeat,
  insertMaster,
  inTransaction,
  type Run,
  release,
  type WorkKind,
} from '../src/index.ts';
import {
  drainOutbox,
  eachTenant,
  eventsOf,
  everything,
  finish,
  finished,
  heard,
  order,
  probingMix,
  queuedMaster,
  readyMix,
  refusal,
  type Tenant,
  take,
} from './harness.ts';

let db: Database;
let tenant: Tenant;
eachTenant((own) => {
  tenant = own;
  db = own.db;
});

const waiting: Record<WorkKind, () => Promise<string>> = {
  mix: () => probingMix(tenant),
  master: () => queuedMaster(tenant),
};
const error = { code: 'not_audio', detail: 'No audio.' } as const;
const masterNow = (id: string) => getMaster(db, tenant.organisationId, id);
const mixNow = (id: string) => getMix(db, tenant.organisationId, id);
const tryToClaim = (kind: WorkKind, id: string, leaseSeconds = 60) =>
  claim(db, { kind, id, workerId: 'test', leaseSeconds });

describe('claims', () => {
  test('eight claimers of fifty masters get each exactly once', async () => {
    const mixId = await readyMix(tenant);
    const ids: string[] = [];
    for (let i = 0; i < 50; i++) ids.push(await queuedMaster(tenant, mixId));
    const claimer = async (): Promise<Run[]> => {
      const claims: Run[] = [];
      for (const id of ids) claims.push(...[await tryToClaim('master', id)].filter((claimed) => claimed !== null));
      return claims;
    };
    const claims = (await Promise.all(Array.from({ length: 8 }, claimer))).flat();
    expect(claims.map(({ id }) => id).sort()).toEqual(ids.sort());
    expect(new Set(claims.map(({ epoch }) => epoch))).toEqual(new Set([1]));
  });

  test.each(['mix', 'master'] as const)(
    'a %s that is held is claimed again only when its lease has ended, one epoch on',
    async (kind) => {
      const id = await waiting[kind]();
      expect(await tryToClaim(kind, id)).toMatchObject({ epoch: 1 });
      expect(await tryToClaim(kind, id)).toBeNull();
      expect(await heartbeat(db, { kind, id, epoch: 1, leaseSeconds: -1 })).toBe(true);
      expect(await tryToClaim(kind, id)).toMatchObject({ epoch: 2 });
    },
  );

  test('a claim carries all that the work needs', async () => {
    const mixId = await probingMix(tenant);
    const source = { filename: 'song.wav', sizeBytes: 5_000_000_000, storageKey: expect.stringMatching(/^uploads\//) };
    const { organisationId } = tenant;
    expect(await tryToClaim('mix', mixId, -1)).toMatchObject({ kind: 'mix', organisationId, source });
    await commitMixReady(db, { id: mixId, epoch: 1, ...heard, sha256: 'c'.repeat(64) });
    const id = await queuedMaster(tenant, mixId);
    const measured = { ...source, sha256: 'c'.repeat(64) };
    const expected = { kind: 'master', organisationId, mixId, order, source: measured, analysis: heard.analysis };
    expect(await tryToClaim('master', id)).toMatchObject(expected);
  });

  test('a claim carries what was heard of the references, and forgets one that was deleted', async () => {
    const [mixId, kept, deleted] = [await readyMix(tenant), await readyMix(tenant), await readyMix(tenant)];
    const references = [kept, deleted].map((reference, i) => ({ mixId: reference, weight: i + 1 }));
    const { organisationId } = tenant;
    const { id } = await inTransaction(db, (tx) =>
      insertMaster(tx, { organisationId, mixId, order: { ...order, references } }),
    );
    await inTransaction(db, (tx) => deleteMix(tx, organisationId, deleted));
    const { analysis } = heard;
    expect(await tryToClaim('master', id)).toMatchObject({ references: [{ analysis, weight: 1 }] });
  });

  test('a reference must be a mix of one’s own that is ready', async () => {
    const mixId = await readyMix(tenant);
    const { organisationId } = tenant;
    const orderWith = (reference: string) =>
      inTransaction(db, (tx) =>
        insertMaster(tx, {
          ...{ organisationId, mixId },
          order: { ...order, references: [{ mixId: reference, weight: 1 }] },
        }),
      );
    await expect(orderWith(await probingMix(tenant))).rejects.toEqual(refusal('mix_not_ready'));
    await expect(orderWith('mix_00000000000000000000000000')).rejects.toEqual(refusal('not_found'));
  });

  test('what has ended, is cancelled, or is not there cannot be claimed', async () => {
    const mixId = await readyMix(tenant);
    const [ready, failed, cancelled] = [
      await queuedMaster(tenant, mixId),
      await queuedMaster(tenant, mixId),
      await queuedMaster(tenant, mixId),
    ];
    await finish(db, ready);
    await commitMasterFailed(db, { ...(await take(db, 'master', failed)), error });
    await inTransaction(db, (tx) => cancelMaster(tx, tenant.organisationId, cancelled));
    for (const id of [ready, failed, cancelled, 'mst_none']) expect(await tryToClaim('master', id, 60)).toBeNull();
    expect(await tryToClaim('mix', mixId)).toBeNull();
  });
});

type Commit = [name: string, kind: WorkKind, commit: (run: Run) => Promise<boolean>];
const releasing = (kind: WorkKind) => async (run: Run) =>
  (await release(db, { ...run, kind, crashed: true, retryInSeconds: 0 })) !== 'lost';
const commits: Commit[] = [
  ['heartbeat', 'mix', (run) => heartbeat(db, { ...run, kind: 'mix', leaseSeconds: 60 })],
  ['commitMixReady', 'mix', (run) => commitMixReady(db, { ...run, ...heard, sha256: 'b'.repeat(64) })],
  ['commitMixFailed', 'mix', (run) => commitMixFailed(db, { ...run, error })],
  ['release', 'mix', releasing('mix')],
  ['heartbeat', 'master', (run) => heartbeat(db, { ...run, kind: 'master', leaseSeconds: 60 })],
  ['advanceMaster', 'master', (run) => advanceMaster(db, { ...run, state: 'rendering', progress: 0.5 })],
  ['commitMasterReady', 'master', (run) => commitMasterReady(db, { ...run, ...finished(run) })],
  ['commitMasterFailed', 'master', (run) => commitMasterFailed(db, { ...run, error })],
  ['release', 'master', releasing('master')],
];

async function changesNothing(commit: (run: Run) => Promise<boolean>, run: Run): Promise<void> {
  const before = await everything(db);
  expect(await commit(run)).toBe(false);
  expect(await everything(db)).toEqual(before);
}

describe.each(commits)('%s of a %s', (_name, kind, commit) => {
  test('is done for the run that holds it, and changes nothing for the one that lost it', async () => {
    const id = await waiting[kind]();
    const lost = await take(db, kind, id, -1);
    const held = await take(db, kind, id);
    await changesNothing(commit, lost);
    expect(await commit(held)).toBe(true);
    await changesNothing(commit, lost);
  });

  test('changes nothing once the work has gone', async () => {
    const id = await waiting[kind]();
    const run = await take(db, kind, id);
    const mixId = kind === 'mix' ? id : (await masterNow(id))?.mixId;
    await inTransaction(db, (tx) => deleteMix(tx, tenant.organisationId, mixId ?? ''));
    await changesNothing(commit, run);
  });
});

test.each(commits.filter(([, kind]) => kind === 'master'))(
  '%s of a %s changes nothing once it is cancelled',
  async (...row) => {
    const id = await queuedMaster(tenant);
    const run = await take(db, 'master', id);
    await inTransaction(db, (tx) => cancelMaster(tx, tenant.organisationId, id));
    await changesNothing(row[2], run);
  },
);

describe('the way of a master', () => {
  test('is told by one event for each state, also when stages are reported late, twice or backwards', async () => {
    const id = await queuedMaster(tenant);
    const run = await take(db, 'master', id);
    const reports = [
      ['analysing', 0.1],
      ['rendering', 0.5],
      ['analysing', 0.2],
      ['rendering', 0.4],
      ['verifying', 7],
    ] as const;
    const seen: number[] = [];
    for (const [state, progress] of reports) {
      await advanceMaster(db, { ...run, state, progress });
      seen.push((await masterNow(id))?.progress ?? Number.NaN);
    }
    expect(seen).toEqual([0.1, 0.5, 0.5, 0.5, 1]);
    await commitMasterReady(db, { ...run, ...finished(run) });
    const states = ['queued', 'analysing', 'rendering', 'verifying', 'ready'];
    expect(await eventsOf(tenant, id)).toEqual(states.map((state) => `master.${state}`));
  });

  test('ends with its plan and its files', async () => {
    const id = await queuedMaster(tenant);
    await finish(db, id);
    const ready = { state: 'ready', progress: 1, error: null, plan: { summary: 'level' } };
    expect(await masterNow(id)).toMatchObject({ ...ready, renditions: [{ filename: 'song.spotify.wav' }] });
    expect((await masterNow(id))?.finishedAt).not.toBeNull();
  });

  test('cancelling twice tells it once; a master that is ready cannot be cancelled', async () => {
    const mixId = await readyMix(tenant);
    const cancel = (id: string) => inTransaction(db, (tx) => cancelMaster(tx, tenant.organisationId, id));
    const id = await queuedMaster(tenant, mixId);
    await Promise.all([cancel(id), cancel(id)]);
    expect(await cancel(id)).toMatchObject({ state: 'cancelled' });
    expect(await eventsOf(tenant, id)).toEqual(['master.queued', 'master.cancelled']);
    const ready = await queuedMaster(tenant, mixId);
    await finish(db, ready);
    await expect(cancel(ready)).rejects.toEqual(refusal('wrong_state'));
  });

  test('begins only with a mix that is ready', async () => {
    const { organisationId } = tenant;
    const ask = (mixId: string) => inTransaction(db, (tx) => insertMaster(tx, { organisationId, mixId, order }));
    const mixId = await probingMix(tenant);
    await expect(ask('mix_none')).rejects.toEqual(refusal('not_found'));
    await expect(ask(mixId)).rejects.toEqual(refusal('mix_not_ready'));
    await commitMixFailed(db, { ...(await take(db, 'mix', mixId)), error });
    await expect(ask(mixId)).rejects.toEqual(refusal('wrong_state'));
    expect(await mixNow(mixId)).toMatchObject({ state: 'failed', error });
  });
});

describe.each(['mix', 'master'] as const)('a %s that is given back', (kind) => {
  const giveBack = async (id: string, crashed: boolean, retryInSeconds = 0) =>
    release(db, { ...(await take(db, kind, id)), kind, crashed, retryInSeconds });
  const now = (id: string) => (kind === 'mix' ? mixNow(id) : masterNow(id));

  test('is set aside after its third crash, and told so once', async () => {
    const id = await waiting[kind]();
    const ends = [await giveBack(id, true), await giveBack(id, true), await giveBack(id, true)];
    expect(ends).toEqual(['retrying', 'retrying', 'quarantined']);
    expect(await now(id)).toMatchObject({ state: 'failed', error: { code: 'quarantined' } });
    expect((await eventsOf(tenant, id)).filter((type) => type === `${kind}.failed`)).toHaveLength(1);
    expect(await tryToClaim(kind, id)).toBeNull();
  });

  test('without blame is not counted', async () => {
    const id = await waiting[kind]();
    await giveBack(id, true);
    for (let i = 0; i < 5; i++) expect(await giveBack(id, false)).toBe('retrying');
    expect(await giveBack(id, true)).toBe('retrying');
    expect(await giveBack(id, true)).toBe('quarantined');
  });

  test('is sent again, after the pause asked for', async () => {
    const id = await waiting[kind]();
    await drainOutbox(db);
    await giveBack(id, false);
    expect(await drainOutbox(db)).toEqual([id]);
    await giveBack(id, false, 3_600);
    expect(await drainOutbox(db)).toEqual([]);
    expect(await db.prisma.outboxRow.count({ where: { subjectId: id, dispatchedAt: null } })).toBe(1);
  });
});
