import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Master, MasterReport, RenditionReport } from '@lathe/contracts';
import { cancelMaster, getMaster, getMix, getRendition, inTransaction, listEvents } from '@lathe/database';
import { type MadePreview, MasteringError, type Task, type TaskResult } from '@lathe/mastering';
import { beginningOf } from '@lathe/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Deps } from '../src/deps.ts';
import { createHandlers } from '../src/handlers.ts';
import { fileStem } from '../src/render-master.ts';
import { sweep } from '../src/sweep.ts';
import { type Bench, createBench, insertMix, insertOrder } from './bench.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await createBench();
});
afterEach(() => bench.close());

type Options = Parameters<Deps['runTask']>[1];
type Mastering = (task: Task, options: Options) => Promise<unknown>;
const never = new AbortController().signal;
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** The handlers over a mastering of the test's own. */
function handlersWith(mastering: Mastering, stopping = never) {
  const runTask = (task: Task, options?: Options) => mastering(task, options) as Promise<TaskResult<Task>>;
  return createHandlers({ ...bench.deps, runTask: runTask as Deps['runTask'] }, stopping);
}

/** Hears nothing but the bytes; masters by copying them. */
const copying: Mastering = async (task, options) => {
  const bytes = await readFile(task.sourcePath);
  const sha256 = sha256Of(bytes);
  if (task.kind !== 'master') return { analysis: { advice: [] }, peaks: { min: [], max: [] }, sha256 };
  options?.onProgress?.({ stage: 'rendering', fraction: 0.4 });
  options?.onProgress?.({ stage: 'verifying', fraction: 0.9 });
  const filename = `${task.name}-spotify.wav`;
  await writeFile(join(task.outputFolder, filename), bytes);
  const rendition = { filename, format: 'wav24', sizeBytes: bytes.length, sha256 } as RenditionReport;
  return { plan: { version: 1, summary: 'copied', stages: [] }, renditions: [rendition] } as unknown as MasterReport;
};

async function previewIn(folder: string): Promise<MadePreview> {
  const both = { mix: -18, master: -18 };
  const told = { target: 'spotify', format: 'wav16', startSeconds: 0, durationSeconds: 30 } as const;
  const paths = { mix: join(folder, '..', 'a.wav'), master: join(folder, '..', 'b.wav') };
  for (const path of Object.values(paths)) await writeFile(path, 'RIFF');
  return { preview: { ...told, gainDb: both, integratedLufs: both }, paths };
}

/** Waits until it is cut off. */
const endless =
  (begun: () => void): Mastering =>
  (_task, options) =>
    new Promise((_resolve, reject) => {
      options?.signal?.addEventListener('abort', () => reject(options.signal?.reason));
      begun();
    });

const crashing: Mastering = () =>
  Promise.reject(new MasteringError({ code: 'mastering_crashed', detail: 'It ended unexpectedly.' }, true));

async function readyMix(): Promise<{ mixId: string; bytes: Uint8Array }> {
  const bytes = randomBytes(1_000);
  const { mixId } = await insertMix(bench, bytes);
  await handlersWith(copying)['analyse-mix']({ mixId }, never);
  return { mixId, bytes };
}

const order = async () => {
  const { mixId, bytes } = await readyMix();
  const { id } = await insertOrder(bench, mixId);
  return { id, bytes };
};
const mixState = async (id: string) => getMix(bench.db, bench.organisationId, id);
const masterState = async (id: string) => getMaster(bench.db, bench.organisationId, id);

async function eventsOf(id: string): Promise<string[]> {
  const { data } = await listEvents(bench.db, bench.organisationId, { limit: 100 });
  return data.filter((event) => event.data.id === id).map(({ type }) => type);
}

async function storedKeys(prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of bench.storage.list(prefix)) keys.push(key);
  return keys;
}

describe('analysing a mix', () => {
  it('hears the bytes that were uploaded, and leaves nothing behind', async () => {
    const { mixId, bytes } = await readyMix();
    expect(await mixState(mixId)).toMatchObject({ state: 'ready', sha256: sha256Of(bytes), error: null });
    expect(await readdir(bench.deps.workFolder)).toEqual([]);
  });

  it('refuses bytes that are not those announced', async () => {
    const { mixId } = await insertMix(bench, randomBytes(100), sha256Of(randomBytes(100)));
    await handlersWith(copying)['analyse-mix']({ mixId }, never);
    expect(await mixState(mixId)).toMatchObject({ state: 'failed', error: { code: 'checksum_mismatch' } });
  });

  it('tells that the file is gone', async () => {
    const { mixId, storageKey } = await insertMix(bench, randomBytes(100));
    await bench.storage.remove(storageKey);
    await handlersWith(copying)['analyse-mix']({ mixId }, never);
    expect(await mixState(mixId)).toMatchObject({ state: 'failed', error: { code: 'source_missing' } });
  });

  it('passes on why a file was refused', async () => {
    const { mixId } = await insertMix(bench, randomBytes(100));
    const failure = { code: 'not_audio', detail: 'This is a picture.' } as const;
    await handlersWith(() => Promise.reject(new MasteringError(failure, false)))['analyse-mix']({ mixId }, never);
    expect(await mixState(mixId)).toMatchObject({ state: 'failed', error: failure });
  });

  it('sets a file aside that crashes three times', async () => {
    const { mixId } = await insertMix(bench, randomBytes(100));
    const handlers = handlersWith(crashing);
    await handlers['analyse-mix']({ mixId }, never);
    await handlers['analyse-mix']({ mixId }, never);
    expect(await mixState(mixId)).toMatchObject({ state: 'probing' });
    await handlers['analyse-mix']({ mixId }, never);
    expect(await mixState(mixId)).toMatchObject({ state: 'failed', error: { code: 'quarantined' } });
  });

  it('does not blame the file when the storage fails', async () => {
    const { mixId } = await insertMix(bench, randomBytes(100));
    const broken = { ...bench.deps.storage, read: () => Promise.reject(new Error('no route to host')) };
    const handlers = createHandlers({ ...bench.deps, storage: broken }, never);
    for (let run = 0; run < 4; run++) await handlers['analyse-mix']({ mixId }, never);
    expect(await mixState(mixId)).toMatchObject({ state: 'probing', error: null });
  });
});

describe('making a master', () => {
  it('goes through every state once and stores what was made', async () => {
    const { id, bytes } = await order();
    await handlersWith(copying)['render-master']({ masterId: id }, never);
    const master = await masterState(id);
    expect(master).toMatchObject({ state: 'ready', progress: 1, renditions: [{ sha256: sha256Of(bytes) }] });
    const states = ['queued', 'analysing', 'rendering', 'verifying', 'ready'];
    expect(await eventsOf(id)).toEqual(states.map((state) => `master.${state}`));
    const address = {
      organisationId: bench.organisationId,
      masterId: id,
      renditionId: master?.renditions[0]?.id ?? '',
    };
    const { storageKey = '' } = (await getRendition(bench.db, address)) ?? {};
    expect(storageKey).toBe(`masters/${id}/1/mein-lied-spotify.wav`);
    expect(Buffer.from(await text((await bench.storage.read(storageKey)).setEncoding('latin1')), 'latin1')).toEqual(
      bytes,
    );
    expect(await readdir(bench.deps.workFolder)).toEqual([]);
  });

  it('can be heard while it is made, which is told once; then what was heard is swept', async () => {
    const { id } = await order();
    const heard = Promise.withResolvers<Master | null>();
    const previewing: Mastering = async (task, options) => {
      options?.onPreview?.(await previewIn(bench.deps.workFolder));
      await vi.waitUntil(async () => (await masterState(id))?.preview);
      heard.resolve(await masterState(id));
      return copying(task, options);
    };
    await handlersWith(previewing)['render-master']({ masterId: id }, never);
    expect(await heard.promise).toMatchObject({ state: 'analysing', preview: { durationSeconds: 30 } });
    expect(await masterState(id)).toMatchObject({ state: 'ready', preview: null });
    expect((await eventsOf(id)).filter((type) => type === 'master.preview')).toHaveLength(1);
    expect(await storedKeys(`masters/${id}/1/preview-`)).toHaveLength(2);
    await sweep(bench.deps, new Date(Date.now() + 2 * 3_600_000));
    expect(await storedKeys('masters/')).toEqual([`masters/${id}/1/mein-lied-spotify.wav`]);
  });

  it('does not fail by a preview that cannot be kept', async () => {
    const { id } = await order();
    const previewing: Mastering = async (task, options) => {
      const made = await previewIn(bench.deps.workFolder);
      options?.onPreview?.({ ...made, paths: { mix: '/gone.wav', master: '/gone.wav' } });
      return copying(task, options);
    };
    await handlersWith(previewing)['render-master']({ masterId: id }, never);
    expect(await masterState(id)).toMatchObject({ state: 'ready', preview: null });
  });

  it('is made once, however often its job comes', async () => {
    const { id } = await order();
    let runs = 0;
    const handlers = handlersWith((task, options) => {
      runs += 1;
      return copying(task, options);
    });
    await Promise.all([1, 2, 3].map(() => handlers['render-master']({ masterId: id }, never)));
    await handlers['render-master']({ masterId: id }, never);
    expect(runs).toBe(1);
    expect(await masterState(id)).toMatchObject({ state: 'ready', renditions: [{}] });
  });

  it('ends when it is cancelled, and stays cancelled', async () => {
    const { id } = await order();
    const begun = Promise.withResolvers<void>();
    const work = handlersWith(endless(begun.resolve))['render-master']({ masterId: id }, never);
    await begun.promise;
    await inTransaction(bench.db, (tx) => cancelMaster(tx, bench.organisationId, id));
    await work;
    expect(await masterState(id)).toMatchObject({ state: 'cancelled' });
    expect(await storedKeys('masters/')).toEqual([]);
    expect(await readdir(bench.deps.workFolder)).toEqual([]);
  });

  it('removes what it stored when it is cancelled at the last moment', async () => {
    const { id } = await order();
    const late: Mastering = async (task, options) => {
      const report = await copying(task, undefined);
      await inTransaction(bench.db, (tx) => cancelMaster(tx, bench.organisationId, id));
      return options && report;
    };
    await handlersWith(late)['render-master']({ masterId: id }, never);
    expect(await masterState(id)).toMatchObject({ state: 'cancelled', renditions: [] });
    expect(await storedKeys('masters/')).toEqual([]);
  });

  it('commits nothing once another worker has it', async () => {
    const { id } = await order();
    const robbed: Mastering = async (task, options) => {
      await bench.db.prisma.master.update({ where: { id }, data: { leaseUntil: new Date(0) } });
      await handlersWith(copying)['render-master']({ masterId: id }, never);
      return copying(task, options);
    };
    await handlersWith(robbed)['render-master']({ masterId: id }, never);
    expect(await masterState(id)).toMatchObject({ state: 'ready', renditions: [{}] });
    expect(await storedKeys('masters/')).toEqual([`masters/${id}/2/mein-lied-spotify.wav`]);
  });

  it('is given back when the worker stops, with no blame, and then made', async () => {
    const { id } = await order();
    const stopping = new AbortController();
    const handlers = handlersWith(
      endless(() => stopping.abort()),
      stopping.signal,
    );
    for (let run = 0; run < 4; run++) await handlers['render-master']({ masterId: id }, never);
    expect(await masterState(id)).toMatchObject({ state: 'analysing', error: null });
    await handlersWith(copying)['render-master']({ masterId: id }, never);
    expect(await masterState(id)).toMatchObject({ state: 'ready' });
  });

  it('is tried again, however often a disk has no room for it', async () => {
    const { id } = await order();
    const withoutRoom: Mastering = () => Promise.reject(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
    for (let run = 0; run < 5; run++) await handlersWith(withoutRoom)['render-master']({ masterId: id }, never);
    await handlersWith(copying)['render-master']({ masterId: id }, never);
    expect(await masterState(id)).toMatchObject({ state: 'ready' });
  });

  it('is set aside when it crashes three times', async () => {
    const { id } = await order();
    for (let run = 0; run < 3; run++) await handlersWith(crashing)['render-master']({ masterId: id }, never);
    expect(await masterState(id)).toMatchObject({ state: 'failed', error: { code: 'quarantined' } });
  });
});

describe('file names of masters', () => {
  it.each([
    ['Köln (Mix 2).wav', 'koln-mix-2'],
    ['../../etc/passwd', 'etc-passwd'],
    ['日本.wav', 'master'],
    ['.wav', 'master'],
    [`${'a'.repeat(59)} b.wav`, 'a'.repeat(59)],
  ])('%s becomes %s', (filename, stem) => {
    expect(fileStem(filename)).toBe(stem);
  });
});

it('finds and removes the work folders of workers that were killed, also of one that had the same process number', async () => {
  const { removeLeftFolders } = await import('../src/work-folder.ts');
  const { workFolder } = bench.deps;
  const ours = `lathe-work-${process.pid}-${await beginningOf(process.pid)}-x`;
  const predecessors = `lathe-work-${process.pid}-1-x`;
  for (const name of ['lathe-work-4194304999-1-x', predecessors, ours, 'somebody-else']) {
    await mkdir(join(workFolder, name), { recursive: true });
  }
  expect(await removeLeftFolders(workFolder)).toBe(2);
  expect((await readdir(workFolder)).sort()).toEqual([ours, 'somebody-else'].sort());
});
