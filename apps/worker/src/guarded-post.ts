import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { isPublicAddress } from '@lathe/runtime';

type Message = { url: string; headers: Record<string, string>; body: string };
type Guard = {
  /** Lets http and private addresses pass: for development. */
  allowPrivate: boolean;
  signal: AbortSignal;
};
type Answer = { status: number; retryAfter: string | null };

/** A request that was not made, with a sentence for whoever chose the address. */
class Refused extends Error {}

const maxAnswerBytes = 64 * 1024;

/**
 * Posts to an address that a stranger has chosen. Its name is resolved once; every address it stands for must be public,
 * one of just these is dialled, and the connected socket is looked at again. Redirects are not followed, and no more of
 * the answer is taken than its limit.
 */
export async function post(message: Message, { allowPrivate, signal }: Guard): Promise<Answer> {
  const url = new URL(message.url);
  refuseForm(url, allowPrivate);
  const addresses = await unlessAborted(signal, lookup(url.hostname.replace(/^\[|\]$/g, ''), { all: true }));
  if (!allowPrivate) addresses.forEach(refusePrivate);
  const pinned: LookupFunction = (_name, options, callback) => {
    if (options.all) callback(null, addresses);
    else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
  };
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(
    url,
    {
      method: 'POST',
      headers: { ...message.headers, 'content-length': Buffer.byteLength(message.body) },
      agent: false,
      lookup: pinned,
      signal,
    },
    (response) => {
      const answer = { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] ?? null };
      drain(response).then(() => resolve(answer), reject);
    },
  );
  request.once('error', reject);
  if (!allowPrivate) request.once('socket', (socket) => checkWhenConnected(socket));
  request.end(message.body);
  return promise;
}

function refuseForm(url: URL, allowPrivate: boolean): void {
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:')) {
    throw new Refused('The address must begin with https://.');
  }
  if (url.username !== '' || url.password !== '') throw new Refused('The address must not contain a user or password.');
}

function refusePrivate({ address }: { address: string }): void {
  if (!isPublicAddress(address)) throw new Refused('The address leads into a private network, which is not allowed.');
}

function checkWhenConnected(socket: Socket): void {
  socket.once('connect', () => {
    try {
      refusePrivate({ address: socket.remoteAddress ?? '' });
    } catch (error) {
      socket.destroy(error as Error);
    }
  });
}

/** Takes the answer to its end or its limit, then hangs up. */
async function drain(response: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > maxAnswerBytes) return;
  }
}

function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', abort));
}

const sentences: Record<string, string> = {
  ENOTFOUND: 'The name of the server is not known.',
  EAI_AGAIN: 'The name of the server could not be looked up.',
  ECONNREFUSED: 'The server refused the connection.',
  ECONNRESET: 'The server broke the connection off.',
  EHOSTUNREACH: 'The server cannot be reached.',
  ENETUNREACH: 'The server cannot be reached.',
  ETIMEDOUT: 'The server cannot be reached.',
};

/** Why a post failed, for the log of attempts. */
export function sentenceOf(error: unknown): string {
  if (error instanceof Refused) return error.message;
  const code = String((error as NodeJS.ErrnoException | null)?.code ?? 'unknown');
  if (/CERT|TLS|SSL|SIGNATURE/.test(code)) return `The certificate of the server is not valid (${code}).`;
  return sentences[code] ?? `The connection failed (${code}).`;
}
