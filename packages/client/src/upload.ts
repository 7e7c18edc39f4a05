import type { CompletedPart, CreatedUpload, Mix, UploadPart } from '@lathe/contracts';
import type { LatheClient } from './client.ts';
import type { UploadHold } from './hold.ts';
import { pause } from './http.ts';
import { ProblemError } from './problem.ts';
import { putPart } from './put.ts';

export type UploadProgress = { sentBytes: number; totalBytes: number };
export type UploadFileOptions = {
  /** Default: the name of the file. */
  filename?: string;
  /** SHA-256 of the bytes in hex, if known: the service checks it. */
  sha256?: string;
  onProgress?: (progress: UploadProgress) => void;
  signal?: AbortSignal;
  /** Lets the upload be paused and resumed; see `createUploadHold`. */
  hold?: UploadHold;
  /** Parts on their way at once; default 3. */
  parallel?: number;
};

const attemptsPerPart = 5;
const defaultParallel = 3;

type Uploads = LatheClient['uploads'];
type Job = { uploads: Uploads; baseUrl: string; file: Blob; created: CreatedUpload; options: UploadFileOptions };

/** Announces a file, sends it in parts and completes it. If that fails or is aborted, nothing is left at the service. */
export async function uploadFile(
  uploads: Uploads,
  baseUrl: string,
  file: Blob & { name?: string },
  options: UploadFileOptions,
): Promise<Mix> {
  const call = options.signal ? { signal: options.signal } : {};
  const announced = {
    filename: options.filename ?? file.name ?? 'mix.wav',
    sizeBytes: file.size,
    // What the system says of a file may be nothing, or no media type at all.
    contentType: /^[^\s/]+\/[^\s/]+$/.test(file.type) ? file.type : 'application/octet-stream',
    ...(options.sha256 === undefined ? {} : { sha256: options.sha256 }),
  };
  const created = await uploads.create(announced, call);
  try {
    const parts = await sendParts({ uploads, baseUrl, file, created, options });
    return await uploads.complete(created.id, parts, call);
  } catch (error) {
    await uploads.abort(created.id).catch(() => undefined);
    throw error;
  }
}

/** As many lanes as asked for take the next part until there is none; the first failure stops them all. */
async function sendParts(job: Job): Promise<CompletedPart[]> {
  const { created, options } = job;
  const failure = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, failure.signal]) : failure.signal;
  const report = progressReporter(job);
  const addresses = signedParts(job, signal);
  const completed: CompletedPart[] = [];
  let next = 1;
  const lane = async () => {
    while (next <= created.partCount) {
      const partNumber = next++;
      const etag = await sendPart(job, { partNumber, address: addresses, report, signal });
      completed.push({ partNumber, etag });
    }
  };
  const lanes = Array.from({ length: Math.min(options.parallel ?? defaultParallel, created.partCount) }, lane);
  try {
    await Promise.all(lanes);
  } catch (error) {
    failure.abort(error);
    await Promise.allSettled(lanes);
    throw error;
  }
  return completed.sort((a, b) => a.partNumber - b.partNumber);
}

type Part = {
  partNumber: number;
  address: (partNumber: number, again: boolean) => Promise<UploadPart>;
  report: (partNumber: number, sentBytes: number) => void;
  signal: AbortSignal;
};

async function sendPart(job: Job, part: Part): Promise<string> {
  const { partSizeBytes } = job.created;
  const start = (part.partNumber - 1) * partSizeBytes;
  const bytes = job.file.slice(start, start + partSizeBytes);
  const { hold } = job.options;
  let attempt = 1;
  for (let again = false; ; again = true) {
    await hold?.released(part.signal);
    part.signal.throwIfAborted();
    const signal = hold ? AbortSignal.any([part.signal, hold.signal]) : part.signal;
    try {
      const { url, headers } = await part.address(part.partNumber, again);
      const onSent = (sentBytes: number) => part.report(part.partNumber, sentBytes);
      return await putPart({ url: new URL(url, job.baseUrl).href, headers, bytes, onSent, signal });
    } catch (error) {
      if (part.signal.aborted) throw error;
      part.report(part.partNumber, 0);
      if (signal.aborted) continue;
      if (attempt++ === attemptsPerPart || !(error instanceof ProblemError)) throw error;
      await pause(250 * 2 ** attempt, part.signal);
    }
  }
}

/** Addresses live for 15 minutes, so they are asked for in batches as they are needed, and anew before a second try. */
function signedParts({ uploads, created }: Job, signal: AbortSignal): Part['address'] {
  const batchSize = Math.max(1, created.parts.length);
  const known = new Map(created.parts.map((part) => [part.partNumber, Promise.resolve(part)]));
  const ask = (first: number, count: number) => {
    const length = Math.min(count, created.partCount - first + 1);
    const numbers = Array.from({ length }, (_, i) => first + i);
    const asked = uploads.signParts(created.id, numbers, { signal });
    for (const number of numbers)
      known.set(
        number,
        asked.then((parts) => partOf(parts, number)),
      );
    // A lane that stopped leaves its batch unread; the error reaches the lanes that do read it.
    for (const number of numbers) known.get(number)?.catch(() => undefined);
  };
  return (partNumber, again) => {
    if (again) ask(partNumber, 1);
    else if (!known.has(partNumber)) ask(partNumber, batchSize);
    return known.get(partNumber) as Promise<UploadPart>;
  };
}

function partOf(parts: UploadPart[], partNumber: number): UploadPart {
  const part = parts.find((candidate) => candidate.partNumber === partNumber);
  if (!part) throw new Error(`The service did not sign part ${partNumber}.`);
  return part;
}

function progressReporter({ file, options }: Job): Part['report'] {
  const sent = new Map<number, number>();
  return (partNumber, sentBytes) => {
    sent.set(partNumber, sentBytes);
    const total = [...sent.values()].reduce((sum, bytes) => sum + bytes, 0);
    options.onProgress?.({ sentBytes: total, totalBytes: file.size });
  };
}
