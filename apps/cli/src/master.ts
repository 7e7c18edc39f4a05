import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
  type Deliverable,
  deliverablesOf,
  formats,
  type MasterOrder,
  type MasterReport,
  type RenditionReport,
} from '@lathe/contracts';
import { runTask } from '@lathe/mastering';
import { type Command, exitCodes, parse, UsageError } from './command.ts';
import { makeFolder } from './folder.ts';
import { orderOf, orderOptions, referencesOf } from './order.ts';
import { isSameFile } from './same-file.ts';
import { masterText } from './tables.ts';

/** Where the masters go: into a folder, into one file, or all into one archive. */
type Destination = { folder: string; file: string | null; zip: string | null };

const audioEndings = ['.wav', '.flac', '.mp3', '.aac', '.m4a', '.ogg', '.opus', '.aif', '.aiff'];

/** `lathe master FILE`: the masters of an order, beside the mix unless told otherwise. */
export const masterCommand: Command = async (args, watch) => {
  const where = { out: { type: 'string', short: 'o' }, zip: { type: 'string' }, report: { type: 'string' } } as const;
  const { file, values } = parse(args, { ...orderOptions, ...where });
  const order = orderOf(values);
  const references = referencesOf(values);
  const destination = destinationOf(file, values, order);
  if (values.report !== undefined) refuseReport(values.report, file);
  const folderIsNew = !existsSync(destination.folder);
  makeFolder(destination.folder);
  // Beside the destination, so that a finished file moves there in one step; removed whatever happens.
  const outputFolder = mkdtempSync(join(destination.folder, '.lathe-'));
  try {
    const name = basename(file, extname(file));
    const task = {
      kind: 'master',
      sourcePath: file,
      order,
      references,
      outputFolder,
      name,
      ...(values.cover !== undefined && { coverPath: values.cover }),
    } as const;
    const report = await runTask(task, { ...watch, workFolder: outputFolder });
    const paths = await moveOut(report, outputFolder, destination, file);
    if (values.report !== undefined) writeWhole(values.report, await reportAs(values.report, report));
    const renditions = report.renditions.map((rendition, i) => ({ path: paths[i] ?? '', ...rendition }));
    const exitCode = renditions.some(isUseless) ? exitCodes.failed : exitCodes.done;
    return { object: { ...report, renditions }, text: masterText({ ...report, renditions }), exitCode };
  } finally {
    rmSync(outputFolder, { recursive: true, force: true });
    if (folderIsNew) removeIfEmpty(destination.folder);
  }
};

/** The name says the form. What draws is loaded only when something is to be drawn. */
async function reportAs(path: string, report: MasterReport): Promise<Uint8Array | string> {
  const form = extname(path).toLowerCase();
  const [isPage, isPdf] = [form === '.html' || form === '.htm', form === '.pdf'];
  if (!isPage && !isPdf) return `${JSON.stringify(report, null, 2)}\n`;
  const { htmlOf, pdfOf } = await import('@lathe/report');
  return isPage ? htmlOf(report) : pdfOf(report);
}

const isUseless = ({ verdict }: RenditionReport) => verdict === 'failed' || verdict === 'refused';

/** Before the work, not after it. */
function refuseReport(report: string, mix: string): void {
  if (isSameFile(report, mix)) throw new UsageError('--report names the mix itself; it is never written over.');
  const folder = dirname(report);
  if (!existsSync(folder)) throw new UsageError(`--report ${report}: there is no folder ${folder}.`);
}

function destinationOf(file: string, { out, zip }: { out?: string; zip?: string }, order: MasterOrder): Destination {
  if (zip !== undefined) return archiveDestination(file, zip, out);
  if (out === undefined) return { folder: dirname(file), file: null, zip: null };
  const [{ format }, ...more] = deliverablesOf(order) as [Deliverable, ...Deliverable[]];
  const ending = extname(out).toLowerCase();
  const isFolder = statSync(out, { throwIfNoEntry: false })?.isDirectory() ?? !audioEndings.includes(ending);
  if (isFolder) return { folder: out, file: null, zip: null };
  if (more.length > 0) {
    throw new UsageError(`--out names one file, but ${more.length + 1} are asked for: give a folder.`);
  }
  const { extension, name } = formats[format];
  if (ending !== `.${extension}`) {
    throw new UsageError(
      `--out ${basename(out)} would be a ${name} file: let it end in .${extension}, or give --format.`,
    );
  }
  if (isSameFile(out, file)) throw new UsageError('--out is the mix itself; it is never written over.');
  return { folder: dirname(out), file: out, zip: null };
}

function archiveDestination(file: string, zip: string, out: string | undefined): Destination {
  if (out !== undefined) throw new UsageError('--zip takes the place of --out: give one of them.');
  if (extname(zip).toLowerCase() !== '.zip') throw new UsageError(`--zip ${basename(zip)}: let it end in .zip.`);
  if (isSameFile(zip, file)) throw new UsageError('--zip is the mix itself; it is never written over.');
  return { folder: dirname(zip), file: null, zip };
}

async function moveOut(
  report: MasterReport,
  from: string,
  { folder, file, zip }: Destination,
  mix: string,
): Promise<string[]> {
  const { renditions } = report;
  if (zip !== null) {
    await pack(report, from, zip);
    return renditions.map(({ filename }) => join(zip, filename));
  }
  const paths = renditions.map(({ filename }) => file ?? join(folder, filename));
  const overMix = paths.find((path) => isSameFile(path, mix));
  if (overMix) throw new UsageError(`${overMix} is the mix itself; it is never written over. Give --out.`);
  for (const [i, { filename }] of renditions.entries()) renameSync(join(from, filename), paths[i] ?? filename);
  return paths;
}

/** The archive that the service gives; it is there whole or not at all. */
async function pack(report: MasterReport, from: string, zip: string): Promise<void> {
  const { archiveOf } = await import('@lathe/report');
  const masters = report.renditions.map(({ filename: name, sizeBytes }) => ({
    ...{ name, sizeBytes },
    open: async () => createReadStream(join(from, name)),
  }));
  const unfinished = join(from, 'masters.zip');
  const { stream } = await archiveOf(report, masters);
  await pipeline(stream, createWriteStream(unfinished));
  renameSync(unfinished, zip);
}

/** The file is there whole or not at all. */
function writeWhole(path: string, content: string | Uint8Array): void {
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, path);
}

function removeIfEmpty(folder: string): void {
  if (readdirSync(folder).length === 0) rmdirSync(folder);
}
