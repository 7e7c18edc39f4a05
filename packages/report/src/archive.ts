import type { PassThrough, Readable } from 'node:stream';
import type { MasterReport } from '@lathe/contracts';
import { ZipFile } from 'yazl';
import { htmlOf } from './html.ts';
import { pdfOf } from './pdf.ts';

/** A master: where its bytes come from once it is its turn. */
export type ArchiveFile = { name: string; sizeBytes: number; open(): Promise<Readable> };
type ArchiveEntry = ArchiveFile | { name: string; bytes: Buffer };
/** `sizeBytes` is known before the first byte is read. */
type Archive = { stream: Readable; sizeBytes: number };

/** All files of an order and their report, in every form, as one ZIP: streamed, the same bytes for the same order. */
export async function archiveOf(report: MasterReport, masters: readonly ArchiveFile[]): Promise<Archive> {
  return zipOf([
    ...masters,
    { name: 'report.pdf', bytes: Buffer.from(await pdfOf(report)) },
    { name: 'report.html', bytes: Buffer.from(htmlOf(report)) },
    { name: 'report.json', bytes: Buffer.from(`${JSON.stringify(report, null, 2)}\n`) },
  ]);
}

/** The same files give the same bytes: every entry is of the first moment that a ZIP can tell, in any time zone. */
const entryOptions = { compress: false, forceDosTimestamp: true, mtime: new Date(1980, 0, 1) };

/**
 * A ZIP file as a stream, stored and not deflated (audio gains nothing), ZIP64 where it must be. One file after another
 * is opened and read as fast as the archive is; when the archive is destroyed, so is the file it is at. A file that
 * cannot be read, or has another size than announced, breaks it off.
 */
export function zipOf(entries: readonly ArchiveEntry[]): Archive {
  const zip = new ZipFile();
  const stream = zip.outputStream as PassThrough;
  const fail = (error: Error) => void stream.destroy(error);
  let current: Readable | undefined;
  zip.on('error', fail);
  stream.once('close', () => current?.destroy());
  for (const entry of entries) {
    if ('bytes' in entry) {
      zip.addBuffer(entry.bytes, entry.name, entryOptions);
      continue;
    }
    zip.addReadStreamLazy(entry.name, { ...entryOptions, size: entry.sizeBytes }, (give) => {
      entry.open().then((opened) => {
        current = opened.once('error', fail);
        if (stream.destroyed) opened.destroy();
        else give(null, opened);
      }, fail);
    });
  }
  let sizeBytes = -1;
  // Called at once, since every size is known. The types of yazl leave its argument out.
  const tell = (calculated: number) => {
    sizeBytes = calculated;
  };
  zip.end(undefined, tell as () => void);
  return { stream, sizeBytes };
}
