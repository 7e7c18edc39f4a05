/** A database of its own for a test file, and the states its tests begin in. */
import { randomUUID } from 'node:crypto';
import type { Analysis, MasterOrder, MasterReport, RenditionReport } from '@lathe/contracts';
import { afterAll, beforeAll, beforeEach, expect } from 'vitest';
import { createTestDatabase } from '../../../test/support/postgres.ts';
import {
  claim,
  commitMasterReady,
  commitMixReady,
  completeUpload,
  connectDatabase,
  type Database,
  ensureOrganisation,
  insertMaster,
  insertUpload,
  insertWebhookEndpoint,
  inTransaction,
  listEvents,
  newId,
  type RefusalCode,
  type Run,
  takeOutbox,
  type WorkKind,
} from '../src/index.ts';

export type Bench = { db: Database; url: string; close(): Promise<void> };

export async function createBench(): Promise<Bench> {
  const database = await createTestDatabase();
  const db = connectDatabase({ url: database.url });
  const close = async () => {
    await db.close();
    await database.drop();
  };
  return { db, url: database.url, close };
}

/** An organisation that nobody else knows. */
export type Tenant = { db: Database; organisationId: string };

export async function createTenant(db: Database): Promise<Tenant> {
  const { id: organisationId } = await ensureOrganisation(db, randomUUID());
  return { db, organisationId };
}

/** A database for the tests of a file, and an organisation of its own for each of them, handed to `use` before it runs. */
export function eachTenant(use: (tenant: Tenant, bench: Bench) => void | Promise<void>): void {
  let bench: Bench;
  beforeAll(async () => {
    bench = await createBench();
  });
  afterAll(() => bench.close());
  beforeEach(async () => use(await createTenant(bench.db), bench));
}

export const storageKeyOf = (uploadId: string): string => `uploads/${uploadId}/source`;

export async function openUpload({ db, organisationId }: Tenant): Promise<string> {
  const id = newId('upload');
  const request = { filename: 'song.wav', sizeBytes: 5_000_000_000, contentType: 'audio/wav' };
  const where = { storageKey: storageKeyOf(id), multipartId: 'm', partSizeBytes: 16 * 1024 ** 2, partCount: 299 };
  await inTransaction(db, (tx) => insertUpload(tx, { id, organisationId, request, ...where }));
  return id;
}

/** A mix that waits for its analysis. */
export async function probingMix(tenant: Tenant): Promise<string> {
  const uploadId = await openUpload(tenant);
  const mix = await inTransaction(tenant.db, (tx) => completeUpload(tx, tenant.organisationId, uploadId));
  if (!mix) throw new Error('the mix was not made');
  return mix.id;
}

/** Claims work that is free; a negative lease has ended already. */
export async function take(db: Database, kind: WorkKind, id: string, leaseSeconds = 60): Promise<Run> {
  const claimed = await claim(db, { kind, id, workerId: 'test', leaseSeconds });
  if (!claimed) throw new Error(`${kind} ${id} cannot be claimed`);
  return { id, epoch: claimed.epoch };
}

export const heard = {
  analysis: { advice: [] } as unknown as Analysis,
  peaks: { durationSeconds: 1, min: [], max: [] },
};

export async function readyMix(tenant: Tenant): Promise<string> {
  const id = await probingMix(tenant);
  const run = await take(tenant.db, 'mix', id);
  expect(await commitMixReady(tenant.db, { ...run, ...heard, sha256: 'a'.repeat(64) })).toBe(true);
  return id;
}

export const order: MasterOrder = {
  targets: ['spotify'],
  style: 'natural',
  intensity: 50,
  loudness: 'platform',
  formats: ['wav24'],
  sampleRateHz: 'source',
  dither: 'tpdf',
  amounts: { repair: 100, tone: 100, compression: 100, width: 100 },
  phase: 'minimum',
  references: [],
  metadata: {},
  tags: 'all',
  proofs: 'all',
};

/** A master that waits for a worker. */
export async function queuedMaster({ db, organisationId }: Tenant, mixId?: string): Promise<string> {
  const ofMix = mixId ?? (await readyMix({ db, organisationId }));
  const { id } = await inTransaction(db, (tx) => insertMaster(tx, { organisationId, mixId: ofMix, order }));
  return id;
}

/** What a worker hands over with a finished master of one file. */
export function finished(run: Run) {
  const filename = 'song.spotify.wav';
  const rendition = { filename, target: 'spotify', format: 'wav24' } as RenditionReport;
  const report = {
    plan: { version: 1, summary: 'level', stages: [] },
    renditions: [rendition],
  } as unknown as MasterReport;
  return { report, renditions: [{ ...rendition, storageKey: `masters/${run.id}/${run.epoch}/${filename}` }] };
}

/** Finishes a queued master; returns the storage key of its file. */
export async function finish(db: Database, id: string): Promise<string> {
  const run = await take(db, 'master', id);
  const files = finished(run);
  expect(await commitMasterReady(db, { ...run, ...files })).toBe(true);
  return files.renditions.map(({ storageKey }) => storageKey).join();
}

/** An endpoint that is told of every test event. */
export function listener({ db, organisationId }: Tenant) {
  const endpoint = { organisationId, url: 'https://example.com/hook', events: ['webhook.test' as const] };
  return inTransaction(db, (tx) => insertWebhookEndpoint(tx, endpoint));
}

/** The types of the events about `id`, oldest first. */
export async function eventsOf({ db, organisationId }: Tenant, id: string): Promise<string[]> {
  const { data } = await listEvents(db, organisationId, { limit: 1_000 });
  return data.filter((event) => event.data.id === id).map(({ type }) => type);
}

/** Takes every job that is due out of the outbox; returns what each is about. */
export async function drainOutbox(db: Database): Promise<string[]> {
  const subjects: string[] = [];
  await takeOutbox(db, 10_000, async (rows) => {
    for (const { payload } of rows) subjects.push(...Object.values(payload));
  });
  return subjects;
}

/** Every row of every table, to show that nothing has changed. */
export async function everything(db: Database): Promise<Record<string, unknown[]>> {
  const tables = await db.prisma.$queryRaw<{ name: string }[]>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`;
  const rowsOf = ({ name }: { name: string }) =>
    db.prisma.$queryRawUnsafe<unknown[]>(`SELECT to_json(t) AS row FROM "${name}" AS t ORDER BY t::text`);
  return Object.fromEntries(await Promise.all(tables.map(async (table) => [table.name, await rowsOf(table)])));
}

export const refusal = (code: RefusalCode): unknown => expect.objectContaining({ name: 'Refusal', code });

export const oneHourMs = 3_600_000;
