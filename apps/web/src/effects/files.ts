import { type LatheClient, ProblemError } from '@lathe/client';
import type { Master, Rendition } from '@lathe/contracts';

/** Hands one finished file to the browser's own download; the signed address names the file. */
export async function downloadRendition(client: LatheClient, master: Master, rendition: Rendition): Promise<void> {
  const { url } = await client.masters.download(master.id, rendition.id);
  save(new URL(url, location.origin).href, rendition.filename);
}

/** All files of a master and its report as one ZIP, by the browser's own download; the answer names the file. */
export async function downloadArchive(client: LatheClient, master: Master): Promise<void> {
  const { url } = await client.masters.archive(master.id);
  save(new URL(url, location.origin).href, `${master.id}.zip`);
}

type Report = { form: 'html' | 'pdf'; name: string };

/** The whole report to keep, to read, and to print. */
export async function downloadReport(client: LatheClient, master: Master, { form, name }: Report): Promise<void> {
  const url = URL.createObjectURL(await client.masters.reportFile(master.id, form));
  save(url, `${name} report.${form}`);
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function save(url: string, filename: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = filename;
  link.click();
}

/** The bytes behind a signed address; rejects with `ProblemError`, as the client does, or with the signal's reason. */
export async function fetchBytes(url: string, signal: AbortSignal): Promise<ArrayBuffer> {
  try {
    const response = await fetch(new URL(url, location.origin), { signal });
    if (!response.ok) throw unfetched(response.status);
    return await response.arrayBuffer();
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ProblemError ? error : unfetched(0);
  }
}

/** An address that has expired counts as passing: the next attempt asks for a new one. */
function unfetched(status: number): ProblemError {
  const code = status === 404 ? 'not_found' : 'unavailable';
  return new ProblemError({ type: 'about:blank', title: 'The audio is no longer there.', status, code, requestId: '' });
}
