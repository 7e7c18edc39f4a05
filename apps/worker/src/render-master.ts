import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { coverKey, formats, jobCatalogue, type MasterReport } from '@lathe/contracts';
import { advanceMaster, type ClaimedMaster, commitMasterReady, type StoredRendition } from '@lathe/database';
import { type MadePreview, plainWords } from '@lathe/mastering';
import type { Deps } from './deps.ts';
import { type HeldWork, holdWork, sourceMissing } from './held-work.ts';
import { keepPreview } from './keep-preview.ts';
import { createProgressTeller } from './progress.ts';

/** The mastering ends by itself before the queue would end the job. */
const wallClockSeconds = jobCatalogue['render-master'].timeoutSeconds - 60;
/** Of which two threads that encode take half. */
const memoryMegabytes = 768;

/** Makes every master of one order, stores them under a folder of this run's own, and commits them all at once. */
export function renderMaster(deps: Deps, masterId: string, stopping: AbortSignal): Promise<void> {
  return holdWork(deps, { kind: 'master', id: masterId }, stopping, async (held) => {
    const outputFolder = join(held.folder, 'masters');
    await mkdir(outputFolder);
    const report = await master(deps, held, outputFolder);
    const renditions = await store(deps, held, report, outputFolder);
    const { id, epoch } = held.claimed;
    if (await commitMasterReady(deps.db, { id, epoch, report, renditions })) return;
    // Cancelled at the last moment: nobody will ask for these.
    for (const { storageKey } of renditions) await deps.storage.remove(storageKey);
  });
}

async function master(deps: Deps, held: HeldWork<'master'>, outputFolder: string): Promise<MasterReport> {
  const { claimed, folder, sourcePath, lease, signal } = held;
  const { id, epoch, order, analysis, references } = claimed;
  const progress = createProgressTeller(deps.log, async ({ stage, fraction }) => {
    const stillOurs = await advanceMaster(deps.db, { id, epoch, state: stage, progress: fraction });
    if (!stillOurs) lease.lose();
  });
  progress.tell({ stage: 'analysing', fraction: 0 });
  let previewed = Promise.resolve();
  const onPreview = (made: MadePreview) => {
    previewed = keepPreview(deps, claimed, made);
  };
  const { filename } = claimed.source;
  const [name, title] = [fileStem(filename), filename.replace(/\.[^./]*$/, '')];
  const report = await deps.runTask(
    {
      kind: 'master',
      sourcePath,
      order,
      references,
      ...(analysis && { analysis }),
      preview: true,
      outputFolder,
      name,
      title,
      ...(await fetchCover(deps, held)),
    },
    { onProgress: progress.tell, onPreview, signal, limits: { memoryMegabytes, wallClockSeconds }, workFolder: folder },
  );
  await progress.told();
  await previewed;
  return report;
}

/** The cover that an order names, as a file. */
async function fetchCover({ storage }: Deps, held: HeldWork<'master'>): Promise<{ coverPath?: string }> {
  const { claimed, folder, signal } = held;
  const { coverSha256 } = claimed.order;
  if (coverSha256 === undefined) return {};
  const coverPath = join(folder, 'cover');
  const key = coverKey(claimed.organisationId, coverSha256);
  const detail = 'The cover is no longer there: send it again, and order again.';
  const cover = await storage.read(key).catch(sourceMissing(detail));
  await pipeline(cover, createWriteStream(coverPath), { signal });
  return { coverPath };
}

async function store(
  { storage }: Deps,
  { claimed, signal }: HeldWork<'master'>,
  report: MasterReport,
  outputFolder: string,
): Promise<StoredRendition[]> {
  const renditions: StoredRendition[] = [];
  for (const rendition of report.renditions) {
    signal.throwIfAborted();
    const storageKey = keyOf(claimed, rendition.filename);
    await storage.putFile(storageKey, join(outputFolder, rendition.filename), formats[rendition.format].contentType);
    renditions.push({ ...rendition, storageKey });
  }
  return renditions;
}

const keyOf = ({ id, epoch }: ClaimedMaster, filename: string) => `masters/${id}/${epoch}/${filename}`;

/** The name of a file in plain letters, without its ending: `Köln (Mix 2).wav` gives `koln-mix-2`. */
export const fileStem = (filename: string): string => plainWords(filename.replace(/\.[^./]*$/, '')) || 'master';
