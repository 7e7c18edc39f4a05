import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { coverKey } from '@lathe/contracts';
import { claim, commitMixFailed, deleteMix, insertUpload, inTransaction, newId } from '@lathe/database';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sweep } from '../src/sweep.ts';
import { type Bench, createBench, insertMix, insertOrder } from './bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

const inTwoHours = () => new Date(Date.now() + 2 * 3_600_000);
const inTwoDays = () => new Date(Date.now() + 48 * 3_600_000);

async function put(key: string): Promise<void> {
  const path = join(bench.deps.workFolder, '..', 'file');
  await writeFile(path, 'bytes');
  await bench.storage.putFile(key, path, 'audio/wav');
}

async function openUpload(): Promise<string> {
  const id = newId('upload');
  const storageKey = `uploads/${id}/source`;
  const { multipartId } = await bench.storage.createMultipart(storageKey, 'audio/wav');
  const request = { filename: 'a.wav', sizeBytes: 10, contentType: 'audio/wav' };
  const row = { id, organisationId: bench.organisationId, request, storageKey, multipartId };
  await inTransaction(bench.db, (tx) => insertUpload(tx, { ...row, partSizeBytes: 10, partCount: 1 }));
  return id;
}

it('removes objects that belong to nothing, and keeps those that do', async () => {
  const { storageKey } = await insertMix(bench, Buffer.from('a mix'));
  const orphans = [`masters/${newId('master')}/1/a.wav`, `uploads/${newId('upload')}/source`];
  for (const key of orphans) await put(key);
  expect(await sweep(bench.deps, inTwoHours())).toMatchObject({ objects: 2 });
  for (const key of orphans) expect(await bench.storage.head(key)).toBeNull();
  expect(await bench.storage.head(storageKey)).not.toBeNull();
});

it('leaves alone what may be on its way into the database', async () => {
  const key = `uploads/${newId('upload')}/source`;
  await put(key);
  await bench.storage.createMultipart(`uploads/${newId('upload')}/source`, 'audio/wav');
  expect(await sweep(bench.deps, new Date())).toMatchObject({ objects: 0, multiparts: 0 });
  expect(await bench.storage.head(key)).not.toBeNull();
});

it('aborts multiparts without an upload, and keeps those of open uploads', async () => {
  await openUpload();
  await bench.storage.createMultipart(`uploads/${newId('upload')}/source`, 'audio/wav');
  expect(await sweep(bench.deps, inTwoHours())).toMatchObject({ multiparts: 1, uploads: 0 });
  expect(await bench.storage.listMultiparts()).toHaveLength(1);
});

it('ends uploads whose time is over, with their parts', async () => {
  const id = await openUpload();
  expect(await sweep(bench.deps, inTwoDays())).toMatchObject({ uploads: 1 });
  expect(await bench.storage.listMultiparts()).toEqual([]);
  expect(await bench.db.prisma.upload.findUnique({ where: { id } })).toMatchObject({ state: 'expired' });
});

it('removes covers that no order has named for a day, and keeps those that one names until its mix goes', async () => {
  const { mixId } = await insertMix(bench, Buffer.from('a mix'));
  await bench.db.prisma.mix.update({ where: { id: mixId }, data: { state: 'ready' } });
  const [named, unnamed] = ['a', 'b'].map((digit) => digit.repeat(64)) as [string, string];
  const [namedKey, unnamedKey] = [named, unnamed].map((sha256) => coverKey(bench.organisationId, sha256));
  const ofOthers = coverKey(newId('organisation'), named);
  for (const key of [namedKey, unnamedKey, ofOthers]) await put(key ?? '');
  await insertOrder(bench, mixId, { coverSha256: named });
  expect(await sweep(bench.deps, inTwoHours())).toMatchObject({ objects: 0 });
  expect(await sweep(bench.deps, inTwoDays())).toMatchObject({ objects: 2 });
  expect(await bench.storage.head(namedKey ?? '')).not.toBeNull();
  await inTransaction(bench.db, (tx) => deleteMix(tx, bench.organisationId, mixId));
  await sweep(bench.deps, inTwoDays());
  expect(await bench.storage.head(namedKey ?? '')).toBeNull();
});

it('removes the file of a mix that was refused a day ago; why it was refused stays', async () => {
  const { mixId, storageKey } = await insertMix(bench, Buffer.from('a letter'));
  const run = await claim(bench.db, { kind: 'mix', id: mixId, workerId: 'test', leaseSeconds: 60 });
  const error = { code: 'not_audio', detail: 'This is not audio.' } as const;
  expect(run && (await commitMixFailed(bench.db, { id: mixId, epoch: run.epoch, error }))).toBe(true);
  expect(await sweep(bench.deps, inTwoHours())).toMatchObject({ objects: 0 });
  expect(await sweep(bench.deps, inTwoDays())).toMatchObject({ objects: 1 });
  expect(await bench.storage.head(storageKey)).toBeNull();
  const mix = await bench.db.prisma.mix.findUnique({ where: { id: mixId } });
  expect(mix).toMatchObject({ state: 'failed', error });
});
