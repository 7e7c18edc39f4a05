import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { attachment, requestedRange } from './download.ts';
import { isMissing } from './files.ts';
import { StorageError } from './port.ts';

/** An answer to a GET, for the api to pass on. */
export type Download = { status: 200 | 206 | 416; headers: Record<string, string>; body: Readable | null };

/** Rejects with `not_found`. Whoever opens must read the file to its end, or close it. */
export async function openObject(path: string) {
  try {
    const file = await open(path, 'r');
    return { file, info: await file.stat() };
  } catch (error) {
    if (isMissing(error)) throw new StorageError('not_found', 'There is no such file.', { cause: error });
    throw error;
  }
}

/** The object, or the range of it that is asked for. */
export async function openRange(path: string, rangeHeader: string | undefined): Promise<Download> {
  const { file, info } = await openObject(path);
  const range = requestedRange(rangeHeader, info.size);
  const common = {
    'accept-ranges': 'bytes',
    etag: `"${info.size.toString(16)}-${Math.round(info.mtimeMs).toString(16)}"`,
    'last-modified': info.mtime.toUTCString(),
  };
  if (range === 'whole') {
    const headers = { ...common, 'content-length': `${info.size}` };
    return { status: 200, headers, body: file.createReadStream() };
  }
  if (range === 'unsatisfiable') {
    await file.close();
    const headers = { ...common, 'content-length': '0', 'content-range': `bytes */${info.size}` };
    return { status: 416, headers, body: null };
  }
  const headers = {
    ...common,
    'content-length': `${range.end - range.start + 1}`,
    'content-range': `bytes ${range.start}-${range.end}/${info.size}`,
  };
  return { status: 206, headers, body: file.createReadStream(range) };
}

/** A file that came from outside must never run as a page of the api's origin. */
export const safeHeaders = (filename: string, contentType: string) => ({
  'content-type': contentType,
  'content-disposition': attachment(filename),
  'content-security-policy': "default-src 'none'; sandbox",
  'x-content-type-options': 'nosniff',
});
