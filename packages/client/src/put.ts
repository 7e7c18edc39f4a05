import { connectionProblem, ProblemError, problemOf } from './problem.ts';

export type Put = {
  url: string;
  headers: Record<string, string>;
  bytes: Blob;
  onSent: (sentBytes: number) => void;
  signal: AbortSignal;
};

/** Sends one part and resolves to its ETag. Browsers tell of upload progress through `XMLHttpRequest` only. */
export async function putPart(put: Put): Promise<string> {
  const { XMLHttpRequest } = globalThis as { XMLHttpRequest?: new () => Xhr };
  const etag = XMLHttpRequest ? await putByXhr(new XMLHttpRequest(), put) : await putByFetch(put);
  if (etag === null) throw connectionProblem(new Error('The storage answered without an ETag.'));
  put.onSent(put.bytes.size);
  return etag;
}

async function putByFetch({ url, headers, bytes, signal }: Put): Promise<string | null> {
  let response: Response;
  try {
    response = await fetch(url, { method: 'PUT', headers, body: bytes, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw connectionProblem(error);
  }
  if (!response.ok) throw await problemOf(response);
  await response.body?.cancel();
  return response.headers.get('etag');
}

/** What is used of the browser's XMLHttpRequest: this package is compiled without the DOM's types. */
type Xhr = {
  open(method: string, url: string): void;
  setRequestHeader(name: string, value: string): void;
  send(body: Blob): void;
  abort(): void;
  getResponseHeader(name: string): string | null;
  status: number;
  responseText: string;
  upload: { onprogress: ((event: { loaded: number }) => void) | null };
  onload: (() => void) | null;
  onerror: (() => void) | null;
  onabort: (() => void) | null;
};

/** Browsers set these themselves and refuse to be told. */
const forbiddenHeaders = new Set(['content-length', 'host']);

function putByXhr(xhr: Xhr, { url, headers, bytes, onSent, signal }: Put): Promise<string | null> {
  return new Promise<string | null>((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const onAbort = () => xhr.abort();
    signal.addEventListener('abort', onAbort, { once: true });
    const settle = (how: () => void) => () => {
      signal.removeEventListener('abort', onAbort);
      how();
    };
    xhr.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) {
      if (!forbiddenHeaders.has(name.toLowerCase())) xhr.setRequestHeader(name, value);
    }
    xhr.upload.onprogress = ({ loaded }) => onSent(Math.min(loaded, bytes.size));
    xhr.onload = settle(() => {
      if (xhr.status >= 200 && xhr.status < 300) resolve(xhr.getResponseHeader('etag'));
      else reject(refusal(xhr));
    });
    xhr.onerror = settle(() => reject(connectionProblem(undefined)));
    xhr.onabort = settle(() => reject(signal.reason));
    xhr.send(bytes);
  });
}

function refusal(xhr: Xhr): ProblemError {
  const { problem } = connectionProblem(undefined);
  if (xhr.getResponseHeader('content-type')?.startsWith('application/problem+json')) {
    return new ProblemError(JSON.parse(xhr.responseText));
  }
  return new ProblemError({ ...problem, status: xhr.status, title: `The storage answered with status ${xhr.status}.` });
}
